// The receipt of evidence and the preview that comes before anything is added.

import { type Addition, isWorthALook, type Rereading } from '../timeline/event.ts';
import { rereadingLine } from '../timeline/reread-view.ts';
import { spotOf } from '../timeline/spot.ts';
import { zoneClock } from '../timeline/stamp/zone.ts';
import type { Assumption, DerivedEvent, Indicator, Timeline } from '../timeline/types.ts';
import {
  actions,
  button,
  code,
  context,
  fields,
  list,
  notice,
  person,
  prose,
  strong,
  table,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Element, Form, Prose, View } from '../view/types.ts';
import { defang, defangText } from './defang.ts';
import { withoutSecrets } from './secrets.ts';
import { cardMessageSource } from './source.ts';
import type { Evidence } from './types.ts';

/** 138 MB, 2.1 KB, 17 bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['KB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toPrecision(3)} ${units[power - 1]}`;
}

const number = (n: number): string => n.toLocaleString('en-US');

const receivedFields = (item: Evidence): Element =>
  fields({
    Evidence: strong(item.key),
    Name: untrusted(item.name),
    Size: sizeText(item.sizeBytes),
    'SHA-256': code(item.sha256),
    ...(item.deliveredSha256 ? { 'As delivered': code(item.deliveredSha256) } : {}),
    From: prose(person(item.receivedBy), ` by ${cardMessageSource(item)}, `, time(item.receivedAt)),
  });

const ASSUMED_WORDS: Readonly<Record<Assumption, string>> = {
  year: 'the year was missing and was taken as the nearest past',
  zone: 'no zone was stated',
  dayMonthOrder: 'day and month could be read both ways',
  date: 'the date was missing',
};

/** What was assumed, as a sentence each. */
export const assumptionLines = (timeline: Timeline): readonly string[] =>
  (Object.keys(ASSUMED_WORDS) as Assumption[])
    .filter((what) => timeline.receipt.assumed[what] > 0)
    .map((what) => `${number(timeline.receipt.assumed[what])} entries: ${ASSUMED_WORDS[what]}`);

const CLOCK_SHOWN = 5;

/** A silence where an assumed zone sets its clocks may be no silence: the machine may run in another zone. */
function clockChange({ receipt }: Timeline, zone: string): readonly Element[] {
  const { offsetAt } = zoneClock(zone);
  const isChange = receipt.clock.some((c) => offsetAt(Date.parse(c.fromAt)) !== offsetAt(Date.parse(c.toAt)));
  return isChange && receipt.assumed.zone > 0
    ? [
        notice(
          'warning',
          `The clocks of ${zone} were changed during one of these. It may come from the assumed zone alone: look again with the zone of that machine, often UTC.`,
        ),
      ]
    : [];
}

/** Silences and jumps of the clock, the first few, and how many more there are. */
function clockElements(timeline: Timeline, zone: string): readonly Element[] {
  const { clock } = timeline.receipt;
  if (clock.length === 0) return [];
  const said = clock
    .slice(0, CLOCK_SHOWN)
    .map(
      (c): Prose =>
        prose(
          c.kind === 'gap' ? 'Silence' : c.kind === 'jump-back' ? 'Clock jumps back' : 'Clock jumps ahead',
          ' from ',
          time(c.fromAt, 'exact'),
          ' to ',
          time(c.toAt, 'exact'),
          ` (lines ${c.afterLine} to ${c.beforeLine})`,
        ),
    );
  return [
    list(said),
    ...(clock.length > CLOCK_SHOWN
      ? [context(`${number(clock.length - CLOCK_SHOWN)} more silences and clock jumps were found.`)]
      : []),
    ...clockChange(timeline, zone),
  ];
}

function readingView(item: Evidence, head: Element, bytes: number): View {
  const share = item.sizeBytes === 0 ? 0 : Math.min(99, Math.floor((100 * bytes) / item.sizeBytes));
  return view(`${item.key} received, reading (${share} %)`, [
    head,
    notice('info', `The bytes are kept. Reading ${sizeText(bytes)} of ${sizeText(item.sizeBytes)} (${share} %).`),
  ]);
}

/** The receipt: at once, while reading, and when every line is accounted for. */
export function receiptView(
  item: Evidence,
  incident: string,
  timeline: Timeline | null,
  progressBytes: number | null,
  added: Pick<Addition, 'lines' | 'isImport'> | null,
  rereadings: readonly Rereading[] = [],
): View {
  const head = receivedFields(item);
  if (item.failure)
    return view(
      `${item.key} is kept but could not be read`,
      [
        head,
        notice('danger', `${item.key} could not be read: ${item.failure}.`),
        actions(button('Read again', 'log again', { incident, evidence: item.key })),
      ],
      'danger',
    );
  if (!timeline || !item.reading) return readingView(item, head, progressBytes ?? 0);
  const r = timeline.receipt;
  const assumed = assumptionLines(timeline);
  return view(
    `${item.key}: ${number(r.lines)} lines read, ${number(timeline.events.length)} events`,
    [
      head,
      fields({
        Lines: `${number(r.lines)} = ${number(r.entries)} entries + ${number(r.continuations)} continuations + ${number(r.unparsed)} unparsed${r.records ? `; ${number(r.records)} records on them` : ''}`,
        Span:
          r.firstAt && r.lastAt ? prose(time(r.firstAt, 'exact'), ' to ', time(r.lastAt, 'exact')) : 'no times found',
        Formats: r.formats.map((f) => `${f.format} ${number(f.entries)}`).join(', ') || 'none recognised',
        Events: `${number(timeline.events.length)} after collapsing ${number(r.duplicatesCollapsed)} repeats`,
        Undated: r.undated > 0 ? `${number(r.undated)} entries` : null,
        Engine: r.engine,
      }),
      ...(assumed.length > 0
        ? [
            notice(
              'warning',
              strong('Assumed. '),
              `${assumed.join('; ')}. Zone-less times were read as ${item.reading.options.zone}. ${added ? '"Read differently" below changes this.' : 'Change this in the preview.'}`,
            ),
          ]
        : []),
      ...(timeline.events.length === 0 && !added
        ? [
            notice(
              'warning',
              strong('Nothing for the timeline. '),
              `No line has a time that could be read. The bytes are kept and "log find" searches them. If ${item.key} is no text, upload what its program exports as text.`,
            ),
          ]
        : []),
      ...(r.manipulationLines.length > 0
        ? [
            notice(
              'danger',
              strong('Possible manipulation. '),
              `${r.manipulationLines.length === 1 ? 'Line' : 'Lines'} ${r.manipulationLines.slice(0, 10).join(', ')} ${r.manipulationLines.length === 1 ? 'tries' : 'try'} to give instructions or imitate our own cards: evidence and nothing else.`,
            ),
          ]
        : []),
      ...clockElements(timeline, item.reading.options.zone),
      ...(r.unparsed > 0
        ? [
            context(
              `Unparsed lines are kept and listed: ${r.unparsedLines.slice(0, 12).join(', ')}${r.unparsed > 12 ? ` and ${number(r.unparsed - 12)} more` : ''}.`,
            ),
          ]
        : []),
      actions(
        ...(added
          ? [
              button('Show timeline', 'timeline', { incident }),
              button(added.isImport ? 'Its clock was off' : 'Read differently', 'timeline restamp', {
                incident,
                evidence: item.key,
              }),
              ...(added.lines ? [button('Add more', 'log preview', { incident, evidence: item.key })] : []),
            ]
          : timeline.events.length === 0
            ? []
            : [button('Preview and add', 'log preview', { incident, evidence: item.key }, { style: 'primary' })]),
        button('Indicators', 'log indicators', { incident, evidence: item.key }),
      ),
      ...(added
        ? [
            context(
              added.lines
                ? `${number(added.lines.length)} of its ${number(timeline.events.length)} events are on the timeline.`
                : `${item.key} is on the timeline.`,
            ),
          ]
        : []),
      ...rereadings.filter((one) => one.evidence === item.key).map(rereadingLine),
    ],
    timeline.events.length === 0 ? 'warning' : 'good',
  );
}

export const byRank = (events: readonly DerivedEvent[]): readonly DerivedEvent[] =>
  [...events].sort((a, b) => b.score - a.score || b.severity - a.severity || spotOf(a) - spotOf(b));

const eventLabel = (e: DerivedEvent): string =>
  clip(
    `${e.occurredAt.slice(0, 19).replace('T', ' ')}Z ${e.count > 1 ? `${e.count}x ` : ''}${defangText(e.message)}`,
    150,
  );

const PREVIEW_EVENTS = 60;

/** The form that shows proposed events as they will appear: all, some or none; the zone first; indicators beside them. */
export function previewForm(
  item: Evidence,
  incident: string,
  timeline: Timeline,
  zone: string,
  added: Pick<Addition, 'lines'> | null = null,
): Form {
  const standing = new Set(added?.lines ?? []);
  const ranked = byRank(timeline.events).filter((e) => !standing.has(spotOf(e)));
  const worth = ranked.filter(isWorthALook);
  const offered = ranked.slice(0, PREVIEW_EVENTS);
  const theirs: readonly Indicator[] = withoutSecrets(timeline)
    .filter((i) => !i.isOurs)
    .slice(0, 60);
  const assumed = assumptionLines(timeline);
  return {
    title: added ? `Add more of ${item.key} to the timeline` : `Add ${item.key} to the timeline`,
    submitLabel: 'Add',
    intent: {
      verb: 'log add',
      args: { incident, evidence: item.key, result: item.reading?.result ?? '', previewedZone: zone },
    },
    intro: [
      text(
        `${added ? `${number(standing.size)} of ` : ''}${number(timeline.events.length)} events${added ? ' are on the timeline,' : ''} from ${number(timeline.receipt.lines)} lines. `,
        untrusted(item.name),
      ),
      ...(assumed.length > 0
        ? [
            notice(
              'warning',
              `${assumed.join('; ')}. Times without a zone are shown as ${zone}: if that is wrong, ${added ? '"Read differently" on the receipt changes it.' : 'set the zone below and look again before you add.'}`,
            ),
          ]
        : []),
      ...(timeline.initialAccess.length > 0
        ? [
            table(
              'How they may have got in: candidates, best first',
              ['line', 'why', 'why it could be wrong'],
              timeline.initialAccess.map((c) => [String(c.line), defangText(c.why), defangText(c.caveat)]),
            ),
          ]
        : []),
    ],
    fields: [
      // What stands on the timeline is read differently by restamping alone, so that what moves is shown.
      ...(added
        ? []
        : [
            {
              kind: 'line' as const,
              name: 'zone',
              label: 'Zone of times that state none',
              hint: 'An IANA name such as Europe/Berlin. Another zone shows the preview again.',
              isRequired: true,
              value: zone,
            },
          ]),
      {
        kind: 'choice',
        name: 'which',
        label: 'What to add',
        isRequired: true,
        value: worth.length > 0 ? 'worth' : added ? 'chosen' : 'all',
        choices: [
          { value: 'worth', label: `The ${number(worth.length)}${added ? ' more' : ''} worth a look` },
          { value: 'all', label: `All ${number(ranked.length)}${added ? ' that are left' : ''}` },
          { value: 'chosen', label: 'Only those ticked below' },
          { value: 'none', label: 'None: keep the evidence, add nothing' },
        ],
      },
      {
        kind: 'choices',
        name: 'events',
        label: `Events, most telling first${ranked.length > offered.length ? ` (${number(ranked.length - offered.length)} more are not listed here: "Add more" on the receipt goes on)` : ''}`,
        isRequired: false,
        choices: offered.map((e) => ({ value: String(spotOf(e)), label: eventLabel(e) })),
        values: offered.filter(isWorthALook).map((e) => String(spotOf(e))),
      },
      ...(theirs.length > 0
        ? [
            {
              kind: 'choices' as const,
              name: 'indicators',
              label: 'Indicators to keep for the incident',
              isRequired: false,
              choices: theirs.map((i) => ({
                value: `${i.type}:${i.value}`,
                label: clip(`${i.type} ${defang(i.value)} (${i.count}x)`, 150),
              })),
              values: timeline.attackers
                .slice(0, 5)
                .flatMap((a) => theirs.filter((i) => i.value === a.ip).map((i) => `${i.type}:${i.value}`)),
            },
          ]
        : []),
    ],
  };
}
