// The challenger before what cannot be undone: a word on the request itself, or on a finding the request rests on. Pure.
import { openChallenges } from '../finding/confidence.ts';
import type { Finding, Findings } from '../finding/types.ts';
import { humanKey } from '../organisation/people.ts';
import type { Setting } from './decide.ts';
import type { Containment } from './types.ts';

/** The findings a request names as its grounds. */
export const groundsOf = (findings: Findings, c: Pick<Containment, 'evidence'>): readonly Finding[] =>
  findings.findings.filter((f) => c.evidence.includes(f.key));

/**
 * What is missing before it can be approved, in words that follow the reason's own phrase; null when nothing is. A settled
 * challenge of a finding by the challenger counts; one that stands open, or a refuted finding, holds the request up.
 */
export function challengeLack(s: Pick<Setting, 'org' | 'incident' | 'finding'>, c: Containment): string | null {
  const isAsked =
    c.request.reversibility === 'irreversible' && (s.incident.severity === 'SEV1' || s.incident.severity === 'SEV2');
  if (!isAsked || c.challenge?.isWaived) return null;
  const grounds = groundsOf(s.finding, c);
  const refuted = grounds.find((f) => f.state === 'refuted');
  if (refuted) return `It rests on ${refuted.key}, which was refuted: propose it anew on other grounds.`;
  const open = grounds.find((f) => openChallenges(f).length > 0);
  if (open) return `${open.key}, on which it rests, is challenged and not settled: "finding settle ${open.key}".`;
  if (c.challenge) return null;
  const challengers = (s.incident.roles.challenger ?? []).map((p) => humanKey(s.org, p));
  const isChallenged = grounds.some((f) =>
    f.challenges.some(({ by }) => {
      const human = humanKey(s.org, by);
      return by.kind === 'human' && challengers.includes(human) && !c.excluded.includes(human);
    }),
  );
  return isChallenged ? null : '';
}
