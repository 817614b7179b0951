// What another reading of a source changed, as people see it.
import type { Actor } from '../audit/record.ts';
import { defangText } from '../evidence/defang.ts';
import { actions, button, code, context, notice, prose, table, text, time, untrusted, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Element, Prose, View } from '../view/types.ts';
import type { Rereading } from './event.ts';
import { type Comparison, readingWords } from './reread.ts';
import { spotText } from './spot.ts';

const MOVES_SHOWN = 10;
const MOVES_TOLD = 3;

export interface Shown extends Comparison {
  readonly evidence: string;
  readonly incident: string;
  /** So many of its events are on the timeline. */
  readonly of: number;
  /** What was set, in words. */
  readonly setTo: string;
  /** So many of the moved keep the time that a person gave them. */
  readonly byHand: number;
  /** A year was given: its first one when times reach over a New Year, `unseen` when they did before and no longer do. */
  readonly newYear: { readonly year: number } | 'unseen' | null;
  readonly reason: string;
  readonly by: Actor;
}

const counted = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`);

function moves({ evidence, moved }: Shown, most: number): Element[] {
  if (moved.length === 0) return [];
  const shown = moved.slice(0, most);
  const rows = shown.map(({ was, is }): Prose[] => [
    prose(code(`${evidence}:${spotText(is)}`)),
    prose(time(was.occurredAt, 'exact')),
    prose(time(is.occurredAt, 'exact')),
    prose(untrusted(clip(defangText(is.message), 120))),
  ]);
  return [
    table('What moved', ['event', 'was', 'is now', 'what'], rows),
    ...(moved.length > shown.length
      ? [
          context(
            `${moved.length - shown.length} more moved; "timeline show" of an event says what its time was before.`,
          ),
        ]
      : []),
  ];
}

/** The answer to who read it again, and what the channel is told. */
export function movesView(shown: Shown): { readonly view: View; readonly told: View } {
  const { evidence, incident, moved, gone, of, setTo, byHand, newYear, reason, by } = shown;
  const title =
    moved.length === 0
      ? `No event of ${evidence} moved`
      : `${counted(moved.length, 'event', 'events')} of ${evidence} moved`;
  const said =
    moved.length === 0
      ? `read with ${setTo}: ${counted(of, 'event stands', 'events stand')} at the same time as before; what is assumed was set anew.`
      : `read with ${setTo}: ${moved.length} of ${counted(of, 'event', 'events')} moved. The reading before stays on record.`;
  const warnings = [
    ...(newYear === null
      ? []
      : newYear === 'unseen'
        ? [
            'Its times reached over a New Year before: all of them are of the one year you set now, as its first line is not of the earlier year. If that is wrong, leave the year empty.',
          ]
        : [
            `Its times reach over a New Year: ${newYear.year} is the year of its first line, and earlier months were put into the years after. If its newest line comes first, or the log is longer than eleven months, leave the year empty.`,
          ]),
    ...(gone.length > 0
      ? [
          `${counted(gone.length, 'event has', 'events have')} no place in this reading and left the timeline: lines ${gone
            .slice(0, 10)
            .map(spotText)
            .join(', ')}. "log find" still finds them.`,
        ]
      : []),
    ...(byHand > 0 ? [`${counted(byHand, 'keeps', 'keep')} the time that a person gave by "timeline edit".`] : []),
  ].map((words) => notice('warning', words));
  const ways = actions(
    button('Show timeline', 'timeline', { incident }),
    button('Read differently', 'timeline restamp', { incident, evidence }),
  );
  return {
    view: view(title, [notice('info', `${evidence} was ${said}`), ...warnings, ...moves(shown, MOVES_SHOWN), ways]),
    told: view(title, [
      notice('info', `${evidence} was ${said} By ${by.label}.`),
      text('Why: ', untrusted(reason)),
      ...warnings,
      ...moves(shown, MOVES_TOLD),
      ways,
    ]),
  };
}

/** That evidence was read under other assumptions, for those who look at its receipt or its events. */
export const rereadingLine = ({ evidence, options, moved, reason, by, at }: Rereading): Element =>
  context(
    `${evidence} was read differently by ${by.label}, `,
    time(at),
    `: ${readingWords(options)}; ${counted(moved, 'event', 'events')} moved. Why: `,
    untrusted(clip(reason, 200)),
  );
