import type { LedgerRecord } from '../audit/record.ts';
import { decisionText } from './decisions.ts';
import {
  type Addition,
  IMPORTED,
  type Marks,
  noMarks,
  type Revision,
  type TimelineRecord,
  type TimelineState,
  type WrittenEvent,
} from './event.ts';

const written = (state: TimelineState, event: WrittenEvent): TimelineState => ({
  ...state,
  written: [...state.written, event],
});

const revised = (state: TimelineState, key: string, revision: Revision): TimelineState => ({
  ...state,
  revisions: { ...state.revisions, [key]: [...(state.revisions[key] ?? []), revision] },
});

const marked = (state: TimelineState, key: string, by: (marks: Marks) => Marks): TimelineState => ({
  ...state,
  marks: { ...state.marks, [key]: by(state.marks[key] ?? noMarks) },
});

/** More of the same evidence widens what stands of it: long choices come in several records. */
function withAddition(additions: readonly Addition[], more: Addition): readonly Addition[] {
  const standing = additions.find((a) => a.evidence === more.evidence);
  if (!standing) return [...additions, more];
  const lines =
    standing.lines === null || more.lines === null ? null : [...new Set([...standing.lines, ...more.lines])];
  return additions.map((a) => (a === standing ? { ...a, lines } : a));
}

/** Folds one record of the stream. Our own decisions become events by themselves. */
export function evolveTimeline(state: TimelineState, stored: LedgerRecord): TimelineState {
  // The stream also holds other nouns' records, which the type of ours does not name.
  const record = stored as unknown as TimelineRecord | { readonly type: 'other' };
  const { ts, actor } = stored;
  switch (record.type) {
    case 'timeline.added':
      return { ...state, additions: withAddition(state.additions, record.body) };
    case 'timeline.imported': {
      const { evidence, result, marks } = record.body;
      const imported = (author: string) =>
        ({ kind: 'human', platform: IMPORTED, tenant: IMPORTED, id: author, label: author }) as const;
      const hung: Record<string, Marks> = {};
      for (const { row, isStarred, tags, comments } of marks) {
        const key = `${evidence}:${row}`;
        const known = hung[key] ?? state.marks[key];
        const said = comments.map(({ author, at, text }) => ({ text, at, by: imported(author) }));
        hung[key] = { isStarred, tags, comments: [...(known?.comments ?? []), ...said] };
      }
      return {
        ...state,
        additions: withAddition(state.additions, { evidence, result, lines: null, isImport: true }),
        marks: { ...state.marks, ...hung },
      };
    }
    case 'timeline.restamped': {
      const { lines, ...rereading } = record.body;
      const { evidence, result } = rereading;
      return {
        ...state,
        additions: state.additions.map((a) =>
          a.evidence === evidence ? { ...a, result, ...(lines ? { lines } : {}) } : a,
        ),
        rereadings: [...state.rereadings, { ...rereading, by: actor, at: ts }],
      };
    }
    case 'timeline.event-added': {
      const { key, occurredAt, precision, zoneBasis, text } = record.body;
      return {
        ...written(state, {
          key,
          occurredAt,
          precision,
          zoneBasis,
          text,
          provenance: 'human',
          by: actor,
          recordedAt: ts,
          message: null,
          isSourceDeleted: false,
        }),
        nextNumber: state.nextNumber + 1,
      };
    }
    case 'timeline.message-captured': {
      const { key, occurredAt, text, message, author } = record.body;
      return {
        ...written(state, {
          key,
          occurredAt,
          precision: 's',
          zoneBasis: 'stated',
          text,
          provenance: 'message',
          by: author,
          recordedAt: ts,
          message,
          isSourceDeleted: false,
        }),
        nextNumber: state.nextNumber + 1,
      };
    }
    case 'timeline.message-released':
      return revised(state, record.body.key, {
        isRetracted: true,
        reason: 'the mark was taken off the message',
        by: actor,
        at: ts,
      });
    case 'timeline.source-changed':
      return {
        ...state,
        written: state.written.map((e) =>
          e.key === record.body.key && record.body.change === 'deleted' ? { ...e, isSourceDeleted: true } : e,
        ),
      };
    case 'timeline.event-revised': {
      const { key, ...change } = record.body;
      return revised(state, key, { ...change, by: actor, at: ts });
    }
    case 'timeline.event-retracted':
      return revised(state, record.body.key, { isRetracted: true, reason: record.body.reason, by: actor, at: ts });
    case 'timeline.event-starred':
      return marked(state, record.body.key, (m) => ({ ...m, isStarred: record.body.isStarred }));
    case 'timeline.event-tagged':
      return marked(state, record.body.key, (m) => ({
        ...m,
        tags: record.body.isAdded
          ? [...new Set([...m.tags, record.body.tag])]
          : m.tags.filter((t) => t !== record.body.tag),
      }));
    case 'timeline.event-commented':
      return marked(state, record.body.key, (m) => ({
        ...m,
        comments: [...m.comments, { text: record.body.text, by: actor, at: ts }],
      }));
  }
  const text = decisionText(stored);
  return text === null
    ? state
    : written(state, {
        key: `D-${stored.version}`,
        occurredAt: ts,
        precision: 'ms',
        zoneBasis: 'stated',
        text,
        provenance: 'decision',
        by: actor,
        recordedAt: ts,
        message: null,
        isSourceDeleted: false,
      });
}
