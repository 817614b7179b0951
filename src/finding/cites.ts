// Whether what a claim cites exists in the incident.
import type { Dossier } from '../incident/dossier.ts';
import type { Finding } from './types.ts';

/** What of an incident can be cited. */
export type Citable = Pick<Dossier, 'evidence' | 'timeline' | 'finding' | 'containment'>;

function exists(cite: string, dossier: Citable): boolean {
  const [key = '', lines] = cite.split(':');
  if (key.startsWith('EV-')) {
    const evidence = dossier.evidence.items.find((e) => e.key === key);
    if (!evidence || lines === undefined) return evidence !== undefined;
    const [from, to = from] = lines.split('-').map(Number) as [number, number?];
    return from >= 1 && to >= from && (evidence.reading === null || to <= evidence.reading.lines);
  }
  if (key.startsWith('TE-')) return dossier.timeline.written.some((e) => e.key === key) && !isRetracted(key, dossier);
  if (key.startsWith('FI-')) return dossier.finding.findings.some((f) => f.key === key);
  if (key.startsWith('QU-')) return dossier.finding.questions.some((q) => q.key === key);
  return dossier.containment.all.some((c) => c.key === key);
}

const isRetracted = (key: string, dossier: Citable): boolean =>
  (dossier.timeline.revisions[key] ?? []).some((r) => r.isRetracted);

/** The citations that name nothing in the incident: an event that was retracted, a line past the end, an unknown key. */
export const danglingCites = (cites: readonly string[], dossier: Citable): readonly string[] =>
  cites.filter((c) => !exists(c, dossier));

/** A finding whose grounds have gone since it was written. */
export const lostGrounds = (finding: Finding, dossier: Citable): readonly string[] =>
  danglingCites([...new Set([...finding.cites, ...(finding.verification?.cites ?? [])])], dossier);
