// audit metrics: how fast the response was, and how often the assistant was right; from records alone.
import { evolveAssists } from '../assist/evolve.ts';
import { precisionOf } from '../assist/precision.ts';
import { noAssists } from '../assist/types.ts';
import { type Measure, measuresOf, refusalsOf } from '../audit/measures.ts';
import type { LedgerRecord } from '../audit/record.ts';
import { evolveFindings } from '../finding/evolve.ts';
import { noFindings } from '../finding/types.ts';
import { refuse } from '../refusal.ts';
import { context, fields, table, untrusted, view } from '../view/build.ts';
import type { Answer, Call, Command } from './types.ts';

/** A length as people say it: `42 s`, `17 min`, `3 h 5 min`, `2 d 4 h`. */
export function lengthText(ms: number | null): string {
  if (ms === null) return 'none';
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const row = (m: Measure): readonly string[] => [
  m.name,
  lengthText(m.median),
  lengthText(m.p90),
  String(m.count),
  String(m.excluded),
  `${m.from} to ${m.to}`,
];

const share = (of: number, all: number): string => (all === 0 ? 'not judged' : `${Math.round((of / all) * 100)} %`);

function streamsOf(records: readonly LedgerRecord[]): readonly (readonly LedgerRecord[])[] {
  const streams = new Map<string, LedgerRecord[]>();
  for (const r of records) {
    const known = streams.get(r.stream);
    if (known) known.push(r);
    else streams.set(r.stream, [r]);
  }
  return [...streams.values()];
}

async function metrics(call: Call): Promise<Answer> {
  const incident = call.dossier?.incident.key;
  if (!incident && !call.person?.roles.includes('auditor'))
    return refuse(
      'not-permitted',
      'Outside an incident the figures are for auditors. Run this in an incident\u2019s channel to see its own.',
    );
  const stored = await call.services.store.find(incident ? { incident } : {});
  const records = stored.map((s) => s.record);
  const live = records.filter((r) => r.incident?.startsWith('INC-') ?? false);
  const streams = streamsOf(live);
  const answers = streams.flatMap((s) => s.reduce(evolveAssists, noAssists).answers);
  const findings = streams.flatMap((s) => s.reduce(evolveFindings, noFindings).findings);
  const lane = (origin: 'assistant' | 'person', state: string): number =>
    findings.filter((f) => f.origin === origin && f.state === state).length;
  const overturned = (origin: 'assistant' | 'person'): string =>
    `${lane(origin, 'verified')} verified, ${lane(origin, 'refuted')} refuted, ${lane(origin, 'unverified')} open; refuted of checked: ${share(lane(origin, 'refuted'), lane(origin, 'refuted') + lane(origin, 'verified'))}`;
  const status = call.services.auditLog.status();
  const refusals = refusalsOf(records);
  return {
    kind: 'private',
    view: view(incident ? `Figures of ${incident}` : 'Figures of all incidents', [
      table(
        'How fast: from records, exercises left out',
        ['measure', 'median', '90th percentile', 'n', 'left out', 'between'],
        measuresOf(live).map(row),
      ),
      table(
        'The assistant, by kind of claim',
        ['kind', 'shown', 'refused by the checks', 'right', 'wrong', 'precision'],
        precisionOf(answers).map((p) => [
          p.kind,
          String(p.shown),
          String(p.refused),
          String(p.right),
          String(p.wrong),
          share(p.right, p.right + p.wrong),
        ]),
      ),
      fields({
        'Findings the assistant proposed': overturned('assistant'),
        'Findings people proposed': overturned('person'),
        'Records not anchored yet': String(Math.max(0, status.size - status.anchoredSize)),
        Refusals: refusals.length === 0 ? 'none' : untrusted(refusals.map(([code, n]) => `${code} ${n}`).join(', ')),
      }),
      context(
        'Left out: the start or the end is not on record. One slow incident moves no median; look at the 90th percentile too.',
      ),
    ]),
  };
}

export const measuring: readonly Command[] = [
  {
    name: 'audit metrics',
    summary: 'How fast the response was, and how often the assistant was right',
    args: [],
    examples: ['audit metrics'],
    effect: 'read',
    who: 'participant',
    needsIncident: false,
    run: metrics,
  },
];
