// Decisions on the incident's timeline: revisions, never overwrites. Pure.

import type { Actor } from '../audit/record.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Import, TimelineRecord, TimelineState } from './event.ts';
import type { Precision, ReadOptions, ZoneBasis } from './types.ts';

export type TimelineCommand =
  | { readonly do: 'add'; readonly evidence: string; readonly result: string; readonly lines: readonly number[] | null }
  | { readonly do: 'import'; readonly import: Import }
  | {
      readonly do: 'restamp';
      readonly evidence: string;
      readonly result: string;
      readonly options: ReadOptions;
      readonly moved: number;
      /** The places of the chosen events, where they are others than before. */
      readonly lines?: readonly number[];
      readonly reason: string;
    }
  | {
      readonly do: 'add-manual';
      readonly text: string;
      readonly occurredAt: string;
      readonly precision: Precision;
      readonly zoneBasis: ZoneBasis;
      readonly reading: string;
    }
  | {
      readonly do: 'capture';
      readonly text: string;
      readonly occurredAt: string;
      readonly message: string;
      readonly author: Actor;
    }
  | { readonly do: 'release'; readonly message: string }
  | { readonly do: 'source-changed'; readonly message: string; readonly change: 'deleted' | 'edited' }
  | {
      readonly do: 'revise';
      readonly key: string;
      readonly text?: string;
      readonly occurredAt?: string;
      readonly reason: string;
    }
  | { readonly do: 'retract'; readonly key: string; readonly reason: string }
  | { readonly do: 'star'; readonly key: string; readonly isStarred: boolean }
  | { readonly do: 'tag'; readonly key: string; readonly tag: string; readonly isAdded: boolean }
  | { readonly do: 'comment'; readonly key: string; readonly text: string };

const isRetracted = (state: TimelineState, key: string): boolean =>
  (state.revisions[key] ?? []).some((r) => r.isRetracted);
const captured = (state: TimelineState, message: string) =>
  state.written.find((e) => e.message === message && !isRetracted(state, e.key));

/** A record holds so many bytes of a list: an entry of the log has 65,535. */
const MOST_LISTED = 40_000;

/** A list in parts that fit a record each; an empty list is one empty part. */
function inRecords<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [[]];
  let size = 0;
  for (const item of items) {
    const more = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (size + more > MOST_LISTED && size > 0) {
      parts.push([]);
      size = 0;
    }
    (parts.at(-1) as T[]).push(item);
    size += more;
  }
  return parts;
}

const LONGEST_COMMENT = 4000;
const MOST_TAGS = 40;

/** What hangs on a row, a comment at a time, so that no row is too large for a record; the evidence holds what is cut. */
const oneByOne = (marks: Import['marks']): Import['marks'] =>
  marks.flatMap(({ row, isStarred, tags, comments }) => {
    const rest = { row, isStarred, tags: tags.slice(0, MOST_TAGS).map((tag) => tag.slice(0, 100)) };
    if (comments.length === 0) return [{ ...rest, comments }];
    return comments.map(({ author, at, text }) => ({
      ...rest,
      comments: [{ author: author.slice(0, 200), at: at.slice(0, 40), text: text.slice(0, LONGEST_COMMENT) }],
    }));
  });

const added = (evidence: string, result: string, lines: readonly number[] | null): TimelineRecord[] =>
  (lines === null ? [null] : inRecords(lines)).map((part) => ({
    type: 'timeline.added',
    body: { evidence, result, lines: part },
    subject: evidence,
  }));

/** What a command on the timeline records, or why not. `isKnown` says whether an event of that key stands on it. */
export function decideTimeline(
  command: TimelineCommand,
  state: TimelineState,
  isKnown: (key: string) => boolean,
): readonly TimelineRecord[] | Refusal {
  const unknown = (key: string): Refusal | null =>
    isKnown(key)
      ? null
      : refuse('no-such-event', `There is no event ${key} on this timeline. "timeline" lists them with their keys.`);
  switch (command.do) {
    case 'add': {
      const { evidence, result, lines } = command;
      const standing = state.additions.find((a) => a.evidence === evidence);
      if (lines?.length === 0)
        return refuse('nothing-chosen', 'No event was chosen, so nothing was added. The evidence is kept.');
      const known = new Set(standing?.lines ?? []);
      const fresh = lines?.filter((line) => !known.has(line)) ?? null;
      if (standing && (standing.lines === null || fresh?.length === 0))
        return refuse(
          'already-added',
          `${standing.lines === null ? evidence : `What you chose of ${evidence}`} is on the timeline already; nothing was added twice. To read it differently, use "timeline restamp ${evidence}".`,
        );
      if (standing && standing.result !== result)
        return refuse('stale', `${evidence} was read differently since you looked. Open the preview again.`);
      return added(evidence, result, fresh);
    }
    case 'import': {
      const { evidence, result, marks } = command.import;
      if (state.additions.some((a) => a.evidence === evidence))
        return refuse('already-added', `${evidence} is on the timeline already; nothing was added twice.`);
      return inRecords(oneByOne(marks)).map((part) => ({
        type: 'timeline.imported',
        body: { evidence, result, marks: part },
        subject: evidence,
      }));
    }
    case 'restamp': {
      const standing = state.additions.find((a) => a.evidence === command.evidence);
      if (!standing) return refuse('not-added', `${command.evidence} is not on the timeline yet.`);
      const { evidence, result, options, moved, lines, reason } = command;
      const { year, dayMonthOrder } = options.overrides ?? {};
      if (standing.isImport && (year !== undefined || dayMonthOrder !== undefined))
        return refuse(
          'is-import',
          `${evidence} was imported: its times are stated in UTC, so only its clock can be shifted. Year, zone and order of the day are changed where it was exported.`,
        );
      if (result === standing.result)
        return refuse(
          'no-change',
          `Nothing changed: no time of ${evidence} leaves open what you changed, so it was not recorded.`,
        );
      if (reason.trim() === '') return refuse('reason-missing', 'Say why: the reading before stays on record.');
      const [first, ...more] = lines ? inRecords(lines) : [];
      return [
        {
          type: 'timeline.restamped',
          body: { evidence, result, was: standing.result, options, moved, reason, ...(first ? { lines: first } : {}) },
          subject: evidence,
        },
        ...more.flatMap((part) => added(evidence, result, part)),
      ];
    }
    case 'add-manual': {
      const { text, occurredAt, precision, zoneBasis, reading } = command;
      if (text.trim() === '') return refuse('empty', 'Say what happened: timeline add <text> [at <time>]');
      const key = `TE-${state.nextNumber}`;
      return [
        {
          type: 'timeline.event-added',
          body: { key, occurredAt, precision, zoneBasis, text: text.slice(0, 4000), reading },
          subject: key,
        },
      ];
    }
    case 'capture': {
      // However often the mark is set, a message is one event.
      if (captured(state, command.message)) return [];
      const key = `TE-${state.nextNumber}`;
      const { occurredAt, message, author } = command;
      return [
        {
          type: 'timeline.message-captured',
          body: { key, occurredAt, text: command.text.slice(0, 4000), message, author },
          subject: key,
        },
      ];
    }
    case 'release': {
      const event = captured(state, command.message);
      return event
        ? [
            {
              type: 'timeline.message-released',
              body: { key: event.key, message: command.message },
              subject: event.key,
            },
          ]
        : [];
    }
    case 'source-changed': {
      const event = captured(state, command.message);
      return event
        ? [{ type: 'timeline.source-changed', body: { key: event.key, change: command.change }, subject: event.key }]
        : [];
    }
    case 'revise': {
      const no = unknown(command.key);
      if (no) return no;
      if (command.reason.trim() === '')
        return refuse(
          'reason-missing',
          'Say why: an edit is a new revision with a reason, and the old one stays readable.',
        );
      if (command.text === undefined && command.occurredAt === undefined)
        return refuse('no-change', 'Nothing was changed.');
      const { do: _do, ...body } = command;
      return [{ type: 'timeline.event-revised', body, subject: command.key }];
    }
    case 'retract': {
      const no = unknown(command.key);
      if (no) return no;
      if (isRetracted(state, command.key)) return refuse('no-change', `${command.key} is retracted already.`);
      if (command.reason.trim() === '')
        return refuse('reason-missing', 'Say why: a retraction stays on record with its reason.');
      return [
        { type: 'timeline.event-retracted', body: { key: command.key, reason: command.reason }, subject: command.key },
      ];
    }
    case 'star':
      return (
        unknown(command.key) ?? [
          {
            type: 'timeline.event-starred',
            body: { key: command.key, isStarred: command.isStarred },
            subject: command.key,
          },
        ]
      );
    case 'tag': {
      if (!/^[a-z0-9][a-z0-9_.:-]{0,39}$/i.test(command.tag))
        return refuse('bad-argument', 'A tag is one word of up to 40 letters, digits, dots, colons or dashes.');
      return (
        unknown(command.key) ?? [
          {
            type: 'timeline.event-tagged',
            body: { key: command.key, tag: command.tag, isAdded: command.isAdded },
            subject: command.key,
          },
        ]
      );
    }
    case 'comment':
      if (command.text.trim() === '') return refuse('empty', 'Write the comment after the key.');
      return (
        unknown(command.key) ?? [
          {
            type: 'timeline.event-commented',
            body: { key: command.key, text: command.text.slice(0, 4000) },
            subject: command.key,
          },
        ]
      );
  }
}
