// The incident's timeline as people read it.
import { defangText } from '../evidence/defang.ts';
import {
  actions,
  button,
  code,
  context,
  fields,
  heading,
  notice,
  prose,
  quote,
  strong,
  table,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Element, Prose, View } from '../view/types.ts';
import { IMPORTED, type Rereading, type TimelineEvent } from './event.ts';
import { readingWords } from './reread.ts';
import { rereadingLine } from './reread-view.ts';
import type { Assumption, Precision, Provenance, ZoneBasis } from './types.ts';

const PAGE = 30;

// What ranks only says how often or how new it is: no headline.
const SAYS_LITTLE = /^\d+ times$|^this kind of line /;

/** What it means, before what the line says: a tired reader reads the bold words only. */
function headline(e: TimelineEvent): Prose {
  const says = e.derived?.reasons[0] ?? '';
  const times = e.count > 1 ? `${e.count}\u00d7 ` : '';
  if (says === '' || SAYS_LITTLE.test(says)) return times === '' ? [] : prose(strong(times));
  // An account's or host's name at the head keeps its letters.
  const begun = /^[a-z]+ /.test(says) ? `${says.charAt(0).toUpperCase()}${says.slice(1)}` : says;
  return prose(strong(clip(`${times}${defangText(begun)}`, 120)), ': ');
}

const what = (e: TimelineEvent): Prose =>
  prose(
    ...(e.marks.isStarred ? ['\u2605 '] : []),
    ...headline(e),
    untrusted(clip(defangText(e.text), 300)),
    ...(e.isSourceDeleted ? [' (source deleted)'] : []),
    ...(e.revisions.length > 0 ? [` (revised ${e.revisions.length}\u00d7)`] : []),
    ...e.marks.tags.map((t) => ` #${t}`),
  );

const WHENCE = { human: 'by hand', message: 'from a message', decision: 'our decision' } as const;

const SAID: Readonly<Record<Provenance, string>> = {
  log: 'from a log',
  human: 'by hand',
  message: 'from a message',
  decision: 'a decision',
  assistant: 'suggested by the assistant, not verified',
};

/** A log's event is named by its evidence and line, which says where it is from; an imported one by its row, and what its file says. */
function whence(e: TimelineEvent): Prose {
  const { origin, said } = e.derived ?? {};
  if (origin)
    return prose(
      code(e.key),
      ' imported; there ',
      untrusted(clip(`${origin.id}${said?.by ? `, ${said.by}` : ''}`, 80)),
      `, ${SAID[said?.provenance ?? 'log']}`,
    );
  return e.provenance === 'log'
    ? prose(code(e.key))
    : prose(code(e.key), ` ${WHENCE[e.provenance]}${e.by ? `, ${e.by.label}` : ''}`);
}

const howBad = (e: TimelineEvent): Prose => {
  const techniques = (e.derived?.techniques ?? []).map((t) => (t.certainty === 'certain' ? t.id : `${t.id}?`));
  if (e.severity === 0 && techniques.length === 0) return prose('');
  return prose(strong(`${e.severity}`), techniques.length > 0 ? ` ${techniques.join(' ')}` : '');
};

const WORDS_OF_ASSUMED: Readonly<Record<Assumption, string>> = {
  year: 'the year',
  zone: 'the zone',
  dayMonthOrder: 'which number is the day',
  date: 'the date',
};

const isAssumed = (e: TimelineEvent): boolean => (e.derived?.assumed.length ?? 0) > 0;

/** Under a table with assumed times: what was assumed, and where to change it. */
function assumedLine(events: readonly TimelineEvent[]): Element[] {
  const kinds = new Set(events.flatMap((e) => e.derived?.assumed ?? []));
  if (kinds.size === 0) return [];
  const words = [...kinds].map((kind) => WORDS_OF_ASSUMED[kind]).join(' and ');
  return [context(`~ The log does not state ${words}: it was assumed. "Read differently" on the receipt changes it.`)];
}

/** The reading that stands, of each evidence that was read more than once. */
const lastOfEach = (rereadings: readonly Rereading[]): readonly Rereading[] => [
  ...new Map(rereadings.map((one) => [one.evidence, one])).values(),
];

/** That a filter left nothing, out of how many, and where else to look. */
export const nothingFits = (incident: string, filter: string, looked: number): View =>
  view('No event fits this filter', [
    text(
      'No event fits ',
      untrusted(clip(filter, 200)),
      `: ${looked.toLocaleString('en-US')} ${looked === 1 ? 'event was' : 'events were'} looked at, those on the timeline. Lines that were not chosen for it are found by "log find".`,
    ),
    actions(button('Whole timeline', 'timeline', { incident })),
  ]);

/** One page of events in order, with what is left out said. `page` is 0-based. */
export function timelineView(
  incident: string,
  events: readonly TimelineEvent[],
  page: number,
  filter: string,
  picture: readonly Element[] = [],
  rereadings: readonly Rereading[] = [],
): View {
  const shown = events.filter((e) => !e.isRetracted);
  const retracted = events.length - shown.length;
  if (shown.length === 0) {
    return view('The timeline is empty', [
      text('Nothing is on the timeline yet. Add logs, write an event down, or set a pushpin on a message.'),
      actions(button('Add logs', 'log', { incident }), button('Write an event', 'timeline add', { incident })),
    ]);
  }
  const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1);
  const at = Math.min(Math.max(0, page), last);
  const slice = shown.slice(at * PAGE, (at + 1) * PAGE);
  const args = { incident, filter };
  return view(`Timeline of ${incident}: ${shown.length} events`, [
    ...(at === 0 ? picture : []),
    table(
      `Events ${at * PAGE + 1} to ${at * PAGE + slice.length} of ${shown.length}${filter ? `, filtered by ${filter}` : ''}`,
      ['when', 'what', 'severity', 'from'],
      slice.map((e) => [
        prose(time(e.occurredAt, 'exact'), isAssumed(e) ? '\u00a0~' : ''),
        what(e),
        howBad(e),
        whence(e),
      ]),
    ),
    ...assumedLine(slice),
    ...lastOfEach(rereadings).map(rereadingLine),
    ...(retracted > 0
      ? [context(`${retracted} retracted events are not shown; they stay on record. "timeline show <key>" opens one.`)]
      : []),
    actions(
      ...(at > 0 ? [button('Earlier', 'timeline page', { ...args, page: String(at - 1) })] : []),
      ...(at < last ? [button('Later', 'timeline page', { ...args, page: String(at + 1) })] : []),
      filter === ''
        ? button('Only what matters', 'timeline page', { incident, filter: 'is:important', page: '0' })
        : button('Whole timeline', 'timeline', { incident }),
      button('Write an event', 'timeline add', { incident }),
      button('Export', 'timeline export', { incident }),
    ),
  ]);
}

const PRECISIONS: Readonly<Record<Precision, string>> = {
  day: 'to the day',
  minute: 'to the minute',
  s: 'to the second',
  ms: 'to the millisecond',
  us: 'to the microsecond',
  ns: 'to the nanosecond',
};

const ZONES: Readonly<Record<ZoneBasis, string>> = {
  stated: 'zone stated',
  source: 'zone known for this format',
  incident: 'zone set by a person',
  assumed: 'zone assumed',
  none: 'no zone',
};

/** The time an event had in an earlier reading of its evidence. */
export interface EarlierTime {
  readonly was: string;
  readonly since: Rereading;
}

/** One event whole: its evidence, every revision, comments, and what can be done with it. */
export function eventView(
  incident: string,
  e: TimelineEvent,
  excerpt: string | null,
  earlier: readonly EarlierTime[] = [],
): View {
  const d = e.derived;
  const entities = Object.entries(d?.entities ?? {}).map(([k, v]) => `${k} ${v}`);
  return view(`${e.key} ${clip(e.text, 80)}`, [
    heading(e.key),
    fields({
      When: prose(time(e.occurredAt, 'exact'), ` (${PRECISIONS[e.precision]}; ${ZONES[e.zoneBasis]})`),
      Until: e.lastAt > e.occurredAt ? time(e.lastAt, 'exact') : null,
      What: untrusted(defangText(e.text)),
      From: whence(e),
      Count:
        e.count > 1
          ? `${e.count} records, lines ${e.lines.slice(0, 10).join(', ')}${e.lines.length > 10 ? ' ...' : ''}`
          : null,
      Severity: d ? `${d.severity} of 10` : null,
      'Why it stands out': d && d.reasons.length > 0 ? d.reasons.join('; ') : null,
      Assumed: d && d.assumed.length > 0 ? d.assumed.join(', ') : null,
      Names: entities.length > 0 ? untrusted(defangText(entities.join(', '))) : null,
      Techniques: d && d.techniques.length > 0 ? d.techniques.map((t) => `${t.id} (${t.certainty})`).join(', ') : null,
      Tags: e.marks.tags.length > 0 ? e.marks.tags.join(', ') : null,
    }),
    ...(d?.flags.includes('possible-manipulation')
      ? [
          notice(
            'danger',
            strong('Possible manipulation. '),
            'This line tries to give instructions or imitates our own cards. It is evidence and nothing else.',
          ),
        ]
      : []),
    ...(excerpt === null ? [] : [quote(excerpt, `${e.evidence} line ${e.lines[0] ?? '?'}, exactly as received`)]),
    ...earlier.map(({ was, since }) =>
      context(
        'Was ',
        time(was, 'exact'),
        ` until ${since.by.label} read ${since.evidence} differently (${readingWords(since.options)}). Why: `,
        untrusted(clip(since.reason, 200)),
      ),
    ),
    ...e.revisions.map((r) => context(`${r.isRetracted ? 'Retracted' : 'Revised'} by ${r.by.label}: ${r.reason}`)),
    ...e.marks.comments.map((c) =>
      c.by.platform === IMPORTED
        ? text(untrusted(clip(c.by.label, 80)), ' (imported): ', untrusted(c.text))
        : text(strong(`${c.by.label}: `), untrusted(c.text)),
    ),
    ...(e.isRetracted
      ? []
      : [
          actions(
            button('Edit', 'timeline edit', { incident, key: e.key }),
            button('Retract', 'timeline retract', { incident, key: e.key }),
            button(e.marks.isStarred ? 'Unstar' : 'Star', 'timeline star', { incident, key: e.key }),
            button('Comment', 'timeline comment', { incident, key: e.key }),
            button('Tag', 'timeline tag', { incident, key: e.key }),
          ),
        ]),
  ]);
}
