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
      if (state.additions.some((a) => a.evidence === command.evidence))
        return refuse(
          'already-added',
          `${command.evidence} is on the timeline already; nothing was added twice. To read it differently, use "timeline restamp ${command.evidence}".`,
        );
      if (command.lines?.length === 0)
        return refuse('nothing-chosen', 'No event was chosen, so nothing was added. The evidence is kept.');
      return [
        {
          type: 'timeline.added',
          body: { evidence: command.evidence, result: command.result, lines: command.lines },
          subject: command.evidence,
        },
      ];
    }
    case 'import': {
      const { evidence } = command.import;
      if (state.additions.some((a) => a.evidence === evidence))
        return refuse('already-added', `${evidence} is on the timeline already; nothing was added twice.`);
      return [{ type: 'timeline.imported', body: command.import, subject: evidence }];
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
      return [
        {
          type: 'timeline.restamped',
          body: { evidence, result, was: standing.result, options, moved, reason, ...(lines ? { lines } : {}) },
          subject: evidence,
        },
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
