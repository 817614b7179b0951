// What speaks against an explanation, found by code: no assistant has to be honest for it to be shown.
import type { TimelineEvent } from '../timeline/event.ts';
import type { Cause } from './causes.ts';
import type { Line, Material } from './types.ts';

const NEAR_MS = 6 * 3600_000;
const isSuccess = (e: TimelineEvent): boolean => e.derived?.entities.outcome === 'success';
const isFailure = (e: TimelineEvent): boolean => e.derived?.entities.outcome === 'failure';
const of = (e: TimelineEvent, key: 'user' | 'srcIp' | 'host' | 'action'): string | undefined =>
  e.derived?.entities[key];
const isSame = (a: TimelineEvent, b: TimelineEvent, key: 'user' | 'srcIp' | 'host' | 'action'): boolean =>
  of(a, key) !== undefined && of(a, key) === of(b, key);
const isNear = (a: TimelineEvent, b: TimelineEvent): boolean =>
  Math.abs(Date.parse(a.occurredAt) - Date.parse(b.occurredAt)) <= NEAR_MS;

function speaksAgainst(cause: Cause, e: TimelineEvent, at: TimelineEvent): boolean {
  switch (cause) {
    case 'guessed-password':
    case 'stolen-credential':
      // The same account came in from the same place before, long ago enough to be its owner's habit.
      return (
        e.occurredAt < at.occurredAt &&
        isSuccess(e) &&
        isSame(e, at, 'user') &&
        isSame(e, at, 'srcIp') &&
        !isNear(e, at)
      );
    case 'web-exploit':
    case 'web-shell':
    case 'administration':
    case 'insider':
      return isSame(e, at, 'srcIp') && isFailure(e) && isNear(e, at);
    case 'phished-user':
    case 'persistence':
    case 'data-theft':
    case 'log-tampering':
      return isFailure(e) && isSame(e, at, 'action') && (isSame(e, at, 'user') || isSame(e, at, 'srcIp'));
  }
}

/** Lines that an explanation of this line has to answer, at most six. */
export function againstCause(cause: Cause, line: Line, material: Material): readonly string[] {
  const at = line.event;
  const others = material.lines.filter((l) => l.event !== at);
  const found = others.filter(({ event: e }) => speaksAgainst(cause, e, at));
  return found.slice(0, 6).map((l) => l.id);
}

/** Lines that do not go with what is claimed of these lines: the other outcome, another place, somebody else. At most twelve. */
export function contradicting(material: Material): readonly string[] {
  const subject = material.lines.filter((l) => material.subjectLines.includes(l.id));
  return material.lines
    .filter((l) => !subject.includes(l))
    .filter(({ event: e }) =>
      subject.some(({ event: s }) => {
        if (!isNear(e, s)) return false;
        const isOtherOutcome = isSame(e, s, 'action') && (isSuccess(e) ? isFailure(s) : isFailure(e) && isSuccess(s));
        const isOtherPlace =
          isSame(e, s, 'user') &&
          of(e, 'srcIp') !== undefined &&
          of(s, 'srcIp') !== undefined &&
          !isSame(e, s, 'srcIp');
        const isOtherPerson =
          isSame(e, s, 'srcIp') && of(e, 'user') !== undefined && of(s, 'user') !== undefined && !isSame(e, s, 'user');
        return (isOtherOutcome && (isSame(e, s, 'user') || isSame(e, s, 'srcIp'))) || isOtherPlace || isOtherPerson;
      }),
    )
    .slice(0, 12)
    .map((l) => l.id);
}
