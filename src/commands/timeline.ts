// timeline: what happened, in order; every event cites where it comes from, and nothing is overwritten.
import { actorOf } from '../chat/actor.ts';
import { placeOf } from '../chat/tokens.ts';
import { defangText } from '../evidence/defang.ts';
import type { Dossier } from '../incident/dossier.ts';
import { readPast, readWhen } from '../incident/when.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { decideTimeline, type TimelineCommand } from '../timeline/decide.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { eventFinder } from '../timeline/reread.ts';
import { together } from '../timeline/together.ts';
import { type EarlierTime, eventView, nothingFits, timelineView } from '../timeline/view.ts';
import { actions, button, code, notice, table, untrusted, view } from '../view/build.ts';
import type { Element } from '../view/types.ts';
import { eventAt, eventsOf, partsOf } from './events.ts';
import { zoneOf } from './reading.ts';
import { incidentOf } from './status.ts';
import { exportCommand, matching } from './timeline-export.ts';
import { form, why } from './timeline-form.ts';
import { importCommand } from './timeline-import.ts';
import { pictureOf } from './timeline-picture.ts';
import { restamp } from './timeline-restamp.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

async function show(call: Call): Promise<Answer> {
  if (!call.dossier) return { kind: 'none' };
  const events = await eventsOf(call.services, call.dossier);
  const filter = one(call.args, 'filter').trim();
  const kept = matching(events, filter, call);
  if (isRefusal(kept)) return kept;
  if (filter !== '' && !kept.some((e) => !e.isRetracted))
    return { kind: 'private', view: nothingFits(incidentOf(call), filter, events.length) };
  const page = Number(one(call.args, 'page')) || 0;
  return {
    kind: 'private',
    view: timelineView(
      incidentOf(call),
      kept,
      page,
      filter,
      [
        ...goneWords(call.dossier),
        ...(page === 0 ? await pictureOf(call, kept) : []),
        ...(page === 0 && filter === '' ? await waysIn(call) : []),
      ],
      call.dossier.timeline.rereadings,
    ),
  };
}

/** What stood on the timeline and was disposed of: a gap that has a reason is said, never shown as silence. */
const goneWords = ({ evidence, timeline }: Dossier) =>
  evidence.items
    .filter((i) => i.isDisposed && timeline.additions.some((a) => a.evidence === i.key))
    .map((i) =>
      notice('warning', `${i.key} was disposed of, and its events went with it. "audit custody ${i.key}" says why.`),
    );

/** How they may have got in, over everything that was read: the three candidates with why each could be wrong. */
async function waysIn(call: Call): Promise<readonly Element[]> {
  const parts = call.dossier ? await partsOf(call.services, call.dossier) : [];
  if (parts.length === 0) return [];
  const [only] = parts;
  const candidates = together(parts).initialAccess.map((c) => [
    code(`${c.source ?? only?.source}:${c.line}`),
    untrusted(defangText(c.why)),
    untrusted(defangText(c.caveat)),
  ]);
  const title = 'How they may have got in: candidates, best first';
  return candidates.length === 0 ? [] : [table(title, ['from', 'why', 'why it could be wrong'], candidates)];
}

/** What was done to an event, in the words of what was asked for. */
function doneWords(done: TimelineCommand, key: string): string {
  switch (done.do) {
    case 'star':
      return done.isStarred ? `${key} is starred` : `${key} has no star any more`;
    case 'tag':
      return `${key} is tagged #${done.tag}`;
    case 'comment':
      return `Your comment on ${key} is on record`;
    default:
      return `${key} is on record`;
  }
}

/** Runs a decision on the timeline; every event key that stands on it is known, and every line of an event names it. */
async function decide(call: Call, given: TimelineCommand): Promise<Answer> {
  const isKeyed = 'key' in given;
  const event = isKeyed && call.dossier ? eventAt(await eventsOf(call.services, call.dossier), given.key) : undefined;
  const command = isKeyed && event ? { ...given, key: event.key } : given;
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const records = decideTimeline(command, dossier.timeline, (key) => key === event?.key);
    return isRefusal(records) ? records : { records };
  });
  if (isRefusal(done)) return done;
  const key = done.records[0]?.subject ?? (isKeyed ? given.key : '');
  if (!key) return { kind: 'none' };
  const reading =
    command.do === 'add-manual' ? ` at ${command.occurredAt.slice(0, 19).replace('T', ' ')}Z (${command.reading})` : '';
  const words = `${doneWords(given, key)}${reading}`;
  return {
    kind: 'private',
    view: view(
      words,
      [
        notice('good', `${words}.`),
        actions(
          button('Show it', 'timeline show', { incident: incidentOf(call), key }),
          button('Timeline', 'timeline', { incident: incidentOf(call) }),
        ),
      ],
      'good',
    ),
  };
}

async function addManual(call: Call): Promise<Answer> {
  const typed = one(call.args, 'text');
  const at = /\s+at\s+(\S+(?:\s+\d{1,2}:\d{2}\S*)?)\s*$/i.exec(typed);
  const whenText = one(call.args, 'when') || (at?.[1] ?? '');
  const what = one(call.args, 'when') ? typed : typed.slice(0, at?.index ?? typed.length);
  const zone = one(call.args, 'zone') || zoneOf(call);
  if (what.trim() === '') {
    return form(call, 'Write an event down', 'timeline add', [
      { kind: 'paragraph', name: 'text', label: 'What happened', isRequired: true, maxLength: 3000 },
      {
        kind: 'line',
        name: 'when',
        label: 'When',
        hint: `2026-11-20T08:15Z, 14:05 (${zone}) or -15m; empty for now`,
        isRequired: false,
      },
      { kind: 'line', name: 'zone', label: 'Zone of that time, when it states none', isRequired: false, value: zone },
    ]);
  }
  const when = readPast(whenText === '' ? 'now' : whenText, { nowAt: call.nowAt, zone });
  if (isRefusal(when)) return call.event.kind === 'submit' ? { kind: 'errors', errors: { when: when.message } } : when;
  return decide(call, {
    do: 'add-manual',
    text: what.trim(),
    occurredAt: when.at,
    precision: when.precision,
    zoneBasis: when.basis,
    reading: when.reading,
  });
}

async function namedEvent(call: Call): Promise<TimelineEvent | Refusal> {
  const key = one(call.args, 'key').toUpperCase();
  const event = call.dossier ? eventAt(await eventsOf(call.services, call.dossier), key) : undefined;
  return event ?? refuse('no-such-event', `There is no event ${key}. "timeline" lists them with their keys.`);
}

async function edit(call: Call): Promise<Answer> {
  const event = await namedEvent(call);
  if (isRefusal(event)) return event;
  const { key } = event;
  if (one(call.args, 'reason') === '') {
    return form(
      call,
      `Edit ${key}`,
      'timeline edit',
      [
        {
          kind: 'paragraph',
          name: 'text',
          label: 'What happened',
          isRequired: true,
          value: event.text,
          maxLength: 3000,
        },
        {
          kind: 'line',
          name: 'when',
          label: 'When (UTC unless it states a zone)',
          isRequired: true,
          value: event.occurredAt,
        },
        why,
      ],
      { key },
    );
  }
  const when = readWhen(one(call.args, 'when') || event.occurredAt, { nowAt: call.nowAt, zone: 'UTC' });
  if (isRefusal(when)) return { kind: 'errors', errors: { when: when.message } };
  const what = one(call.args, 'text').trim();
  return decide(call, {
    do: 'revise',
    key,
    reason: one(call.args, 'reason'),
    ...(what !== '' && what !== event.text ? { text: what } : {}),
    ...(when.at !== event.occurredAt ? { occurredAt: when.at } : {}),
  });
}

async function showOne(call: Call): Promise<Answer> {
  const event = await namedEvent(call);
  if (isRefusal(event)) return event;
  const item = call.dossier?.evidence.items.find((i) => i.key === event.evidence);
  const bytes = item ? await call.services.blobs.read(item.sha256) : null;
  const line = event.lines[0];
  const excerpt = bytes && line ? lineOf(bytes, line) : null;
  return { kind: 'private', view: eventView(incidentOf(call), event, excerpt, await earlierTimes(call, event)) };
}

/** The times an event had before its evidence was read differently, oldest first. */
async function earlierTimes(call: Call, { derived, evidence }: TimelineEvent): Promise<readonly EarlierTime[]> {
  const times: EarlierTime[] = [];
  if (!derived) return times;
  for (const since of call.dossier?.timeline.rereadings ?? []) {
    if (since.evidence !== evidence) continue;
    const [before, after] = [
      await call.services.intake.result(since.was),
      await call.services.intake.result(since.result),
    ];
    const was = before && eventFinder(before)(derived)?.occurredAt;
    if (was && after && eventFinder(after)(derived)?.occurredAt !== was) times.push({ was, since });
  }
  return times;
}

/** One line of the exact bytes, at most 2,000 characters. */
function lineOf(bytes: Uint8Array, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n += 1) {
    const lf = bytes.indexOf(10, start);
    if (lf === -1) return '';
    start = lf + 1;
  }
  const lf = bytes.indexOf(10, start);
  return new TextDecoder().decode(bytes.subarray(start, Math.min(lf === -1 ? bytes.length : lf, start + 2000)));
}

function messageOf(call: Call): string {
  const { event } = call;
  if (event.kind === 'shortcut' || event.kind === 'reaction')
    return `${placeOf(event.message.ref.conversation)}/${event.message.ref.id}`;
  if (event.kind === 'source-changed') return `${placeOf(event.ref.conversation)}/${event.ref.id}`;
  return '';
}

const keyArg = { name: 'key', summary: 'Key such as TE-3 or EV-1:118', isRequired: true } as const;
const filterArg = {
  name: 'filter',
  summary: 'host:web-01 severity>=7 after:2026-11-19T08:00',
  isRequired: false,
  isRest: true,
} as const;
const record = { effect: 'record', who: 'responder', needsIncident: true } as const;
const read = { effect: 'read', who: 'participant', needsIncident: true } as const;

export const timeline: readonly Command[] = [
  {
    ...read,
    name: 'timeline',
    summary: 'What happened, in order',
    args: [filterArg],
    examples: ['timeline', 'timeline user:root severity>=5'],
    run: show,
  },
  { ...read, name: 'timeline page', summary: 'A page of it', args: [], examples: [], isHidden: true, run: show },
  {
    ...read,
    name: 'timeline show',
    summary: 'One event whole, with its line',
    args: [keyArg],
    examples: ['timeline show TE-3'],
    run: showOne,
  },
  {
    ...record,
    who: 'participant',
    name: 'timeline add',
    summary: 'Write an event down, with its own time',
    args: [{ name: 'text', summary: 'What happened [at <time>]', isRequired: false, isRest: true }],
    examples: ['timeline add VPN gateway rebooted at 14:05'],
    run: addManual,
  },
  {
    ...record,
    name: 'timeline edit',
    summary: 'Change an event: a new revision',
    args: [keyArg],
    examples: ['timeline edit TE-3'],
    run: edit,
  },
  {
    ...record,
    name: 'timeline retract',
    summary: 'Take an event off, with a reason',
    args: [keyArg, { name: 'reason', summary: 'Why', isRequired: true, isRest: true }],
    examples: ['timeline retract TE-3 it was the backup job'],
    run: async (call) =>
      one(call.args, 'reason') === ''
        ? form(call, 'Retract an event', 'timeline retract', [why], { key: one(call.args, 'key') })
        : decide(call, { do: 'retract', key: one(call.args, 'key').toUpperCase(), reason: one(call.args, 'reason') }),
  },
  {
    ...record,
    name: 'timeline star',
    summary: 'Star an event, or take the star off',
    args: [keyArg],
    examples: ['timeline star EV-1:118'],
    async run(call) {
      const key = one(call.args, 'key').toUpperCase();
      return decide(call, { do: 'star', key, isStarred: !(call.dossier?.timeline.marks[key]?.isStarred ?? false) });
    },
  },
  {
    ...record,
    name: 'timeline tag',
    summary: 'Tag an event',
    args: [keyArg, { name: 'tag', summary: 'One word', isRequired: true }],
    examples: ['timeline tag EV-1:118 lateral-movement'],
    run: async (call) =>
      one(call.args, 'tag') === ''
        ? form(
            call,
            'Tag an event',
            'timeline tag',
            [{ kind: 'line', name: 'tag', label: 'Tag', isRequired: true, maxLength: 40 }],
            { key: one(call.args, 'key') },
          )
        : decide(call, {
            do: 'tag',
            key: one(call.args, 'key').toUpperCase(),
            tag: one(call.args, 'tag'),
            isAdded: true,
          }),
  },
  {
    ...record,
    name: 'timeline comment',
    summary: 'Comment on an event',
    args: [keyArg, { name: 'text', summary: 'The comment', isRequired: true, isRest: true }],
    examples: ['timeline comment EV-1:118 this is our scanner'],
    run: async (call) =>
      one(call.args, 'text') === ''
        ? form(
            call,
            'Comment',
            'timeline comment',
            [{ kind: 'paragraph', name: 'text', label: 'Comment', isRequired: true, maxLength: 3000 }],
            { key: one(call.args, 'key') },
          )
        : decide(call, { do: 'comment', key: one(call.args, 'key').toUpperCase(), text: one(call.args, 'text') }),
  },
  {
    ...record,
    name: 'timeline restamp',
    summary: 'Read evidence under another assumption',
    args: [{ name: 'evidence', summary: 'Key such as EV-1', isRequired: true }],
    examples: ['timeline restamp EV-1'],
    run: restamp,
  },
  exportCommand,
  importCommand,
  {
    ...record,
    name: 'timeline capture',
    summary: 'Put a message on the timeline',
    args: [],
    examples: [],
    isHidden: true,
    async run(call) {
      const { event } = call;
      if (event.kind !== 'shortcut' && event.kind !== 'reaction') return { kind: 'none' };
      return decide(call, {
        do: 'capture',
        text: event.message.text,
        occurredAt: event.message.sentAt,
        message: messageOf(call),
        author: actorOf(event.message.author),
      });
    },
  },
  {
    ...record,
    name: 'timeline release',
    summary: 'Take a message off the timeline',
    args: [],
    examples: [],
    isHidden: true,
    run: (call) => decide(call, { do: 'release', message: messageOf(call) }),
  },
  {
    ...record,
    who: 'participant',
    name: 'timeline source-changed',
    summary: 'A captured message was deleted or edited',
    args: [],
    examples: [],
    isHidden: true,
    run: async (call) =>
      call.event.kind === 'source-changed'
        ? decide(call, { do: 'source-changed', message: messageOf(call), change: call.event.change })
        : { kind: 'none' },
  },
];
