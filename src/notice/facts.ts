// What the ledger itself says of an incident, in sentences anybody understands. Nothing here is a judgement.
import { shortName } from '../containment/view-body.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Incident, Phase } from '../incident/types.ts';
import type { Organisation } from '../organisation/schema.ts';
import { progressOf } from '../playbook/steps.ts';
import { zoneClock } from '../timeline/stamp/zone.ts';
import { withCites } from './lines.ts';

/** `2026-11-21 03:04 UTC (04:04 Europe/Berlin)`, with the local date where it differs. */
export function utcAndLocal(at: string, zone: string): string {
  const utc = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  if (zone === 'UTC' || zone === 'Etc/UTC') return utc;
  const ms = Date.parse(at);
  const local = new Date(ms + zoneClock(zone).offsetAt(ms) * 60_000).toISOString();
  const day = local.slice(0, 10) === at.slice(0, 10) ? '' : `${local.slice(0, 10)} `;
  return `${utc} (${day}${local.slice(11, 16)} ${zone})`;
}

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  triage: 'We are finding out what happened and how far it goes',
  containment: 'We are stopping it from spreading',
  eradication: 'It is held; we are removing what caused it',
  recovery: 'We are bringing services back to normal',
  review: 'Work on it has ended; we are looking at what to learn',
  closed: 'It is over',
};

const SEVERITY_WORDS = { SEV1: 'Critical', SEV2: 'Serious', SEV3: 'Limited', SEV4: 'Minor' } as const;
const STATE_WORDS: Readonly<Record<Phase, string>> = {
  triage: 'being looked into',
  containment: 'ongoing',
  eradication: 'held, cause being removed',
  recovery: 'services coming back',
  review: 'over',
  closed: 'closed',
};

/** One line on where we stand, for anybody. */
export const statusLine = (incident: Incident, org: Organisation): string => {
  const exercise = incident.kind === 'exercise' ? 'EXERCISE, nothing here is real. ' : '';
  const what = `${exercise}${SEVERITY_WORDS[incident.severity]} incident (${incident.severity}), ${STATE_WORDS[incident.phase]}`;
  const isOver = incident.phase === 'review' || incident.phase === 'closed';
  return isOver ? `${what}.` : `${what}: ${lowerFirst(org.severities[incident.severity].meaning)}.`;
};

const PUBLIC_WORDS: Readonly<Record<Phase, string>> = {
  triage: 'We are looking into an incident.',
  containment: 'We are dealing with an incident.',
  eradication: 'We are dealing with an incident.',
  recovery: 'We are bringing services back after an incident.',
  review: 'The incident is over.',
  closed: 'The incident is over.',
};

/** The same for readers who are not in the response: no severity, and nothing about what it could have reached. */
export const publicStatusLine = (incident: Incident): string =>
  `${incident.kind === 'exercise' ? 'EXERCISE, nothing here is real. ' : ''}${PUBLIC_WORDS[incident.phase]}`;

const lowerFirst = (words: string): string =>
  words.slice(0, 2) === words.slice(0, 2).toUpperCase() ? words : words.charAt(0).toLowerCase() + words.slice(1);

/** What the incident's own records say has happened. Each line cites the incident. */
export function incidentFacts(dossier: Dossier, org: Organisation): readonly string[] {
  const { incident } = dossier;
  const zone = incident.zone ?? org.zone;
  const line = (words: string, at: string | undefined | null): string[] =>
    at ? [withCites(`${words} ${utcAndLocal(at, zone)}.`, [incident.key])] : [];
  return [
    ...line('It began at', incident.times.startedAt),
    ...line('We noticed it at', incident.times.detectedAt),
    ...line('A response team has been working on it since', incident.declaredAt || null),
    ...line('The commander recorded it as contained at', incident.times.containedAt),
    ...line('The commander recorded services as recovered at', incident.times.recoveredAt),
  ];
}

/** What is being done, from the phase and, for our own people, from the playbooks that run and the containment that was carried out. */
export function workFacts(dossier: Dossier, org: Organisation, isInside: boolean): readonly string[] {
  const runs = dossier.playbook.runs.filter((r) => r.status === 'open');
  return [
    withCites(`${PHASE_WORDS[dossier.incident.phase]}.`, [dossier.incident.key]),
    ...(isInside
      ? runs.map((run) => {
          const { settled, all } = progressOf(run);
          // Not by its name: "Ransomware" or "Insider" would state as a fact what the plan was only started to find out.
          const which = runs.length > 1 ? ` (${run.key})` : '';
          return withCites(`We are working through a prepared plan${which}: ${settled} of ${all} steps are settled.`, [
            dossier.incident.key,
          ]);
        })
      : []),
    ...(isInside
      ? dossier.containment.all
          .filter((c) => c.state === 'executed')
          .map((c) => withCites(`Done: ${shortName(org, c)}.`, [c.key]))
      : []),
  ];
}

/** Every line that code would write from the ledger now: a line that is not among them needs a finding. */
export const recordedLines = (dossier: Dossier, org: Organisation): ReadonlySet<string> =>
  new Set([
    statusLine(dossier.incident, org),
    publicStatusLine(dossier.incident),
    ...incidentFacts(dossier, org),
    ...workFacts(dossier, org, true),
  ]);
