// The words people read of an answer: written by code from the record, whatever the assistant wrote.
import { defangText } from '../evidence/defang.ts';
import { maskSecrets } from '../evidence/secrets.ts';
import { clip } from '../view/escape.ts';
import { utcText } from '../view/text.ts';
import type { Absence } from './causes.ts';
import { ABSENCES, ASSUMPTIONS, CAUSES } from './causes.ts';
import type { CauseClaim, Line, Material } from './types.ts';

const LONGEST_EXTRACT = 200;

const safe = (text: string): string => defangText(maskSecrets(text));

/** An event with its own time and words. */
export const eventText = (line: Line): string =>
  `${utcText(line.event.occurredAt)} ${safe(clip(line.text, LONGEST_EXTRACT))}${line.event.count > 1 ? ` (${line.event.count} times)` : ''}`;

const PLAIN: readonly (readonly [RegExp, string, string])[] = [
  [/login|remote desktop|^su$/, 'Somebody logged in', 'Somebody tried to log in and was turned away'],
  [/^sudo$|grant/, 'Somebody used or was given more rights', 'Somebody tried to get more rights and was refused'],
  [/create account/, 'A new account was made', 'Somebody tried to make an account'],
  [/create key/, 'A new access key was made', 'Somebody tried to make an access key'],
  [/delete account|change account|change password/, 'An account was changed', 'Somebody tried to change an account'],
  [
    /schedule|install service/,
    'Something was set up to run by itself',
    'Somebody tried to set something up to run by itself',
  ],
  [/clear log|disable logging/, 'Records were removed or switched off', 'Somebody tried to remove records'],
  [/forward mail/, 'Mail was set to be sent on to somebody else', 'Somebody tried to have mail sent on'],
  [/connect|traffic/, 'One machine talked to another', 'A connection was stopped'],
  [/process/, 'A program was run', 'A program was stopped from running'],
];

/** An event for readers who are not technical: no names, no addresses, no log line. */
export function plainText(line: Line): string {
  const { action, outcome } = line.slots;
  const isPlanted = line.event.derived?.flags.includes('possible-manipulation') ?? false;
  const known = action === null ? undefined : PLAIN.find(([match]) => match.test(action));
  const times = line.event.count > 1 ? `, ${line.event.count} times` : '';
  const what = isPlanted
    ? 'Somebody wrote words into a log that try to mislead its reader'
    : known
      ? known[outcome === 'failure' ? 2 : 1]
      : line.event.severity >= 7
        ? 'Something serious was recorded that needs a technical reader'
        : 'Something was recorded that needs a technical reader';
  return `${utcText(line.event.occurredAt)} ${what}${times}.`;
}

/** A number that code counted, and of what. */
export function countText(lines: readonly Line[], count: number): string {
  const [first] = lines;
  const { action, outcome, source } = first?.slots ?? { action: null, outcome: null, source: null };
  const isOneSource = lines.every((l) => l.slots.source === source);
  return `${count} times: ${safe(action ?? 'the same')}${outcome ? `, ${outcome}` : ''}${isOneSource && source ? `, from ${safe(source)}` : ''}.`;
}

/** An explanation, always as what may be. */
export function causeText(claim: CauseClaim, line: Line): string {
  return `${CAUSES[claim.cause].says}: ${eventText(line)}`;
}

/** The rest of an explanation: assumptions, alternatives, and what would change anybody's mind. */
export const causeGrounds = (claim: CauseClaim) => ({
  assumptions: claim.assumptions.map((a) => ASSUMPTIONS[a]),
  alternatives: claim.alternatives.map((a) => CAUSES[a].says),
  wouldChange: CAUSES[claim.cause].wouldChange,
  plain: `It is not certain, but ${CAUSES[claim.cause].plain}.`,
});

/** What was not found, where was looked, and what was never collected. */
export const absenceText = (absence: Absence, material: Material): string =>
  `Not found in ${material.collected.length} ${material.collected.length === 1 ? 'event' : 'events'} read from ${material.evidence.join(', ') || 'no evidence'}, on the timeline or not: ${ABSENCES[absence].says}. That is not the same as not happened: ${ABSENCES[absence].wanted} would show it, if they were collected.`;
