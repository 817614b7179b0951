import type { LedgerRecord } from '../audit/record.ts';
import type { Containment, ContainmentRecord, Containments, Outcome, Result } from './types.ts';

const change = (slice: Containments, key: string, with_: (c: Containment) => Partial<Containment>): Containments => ({
  ...slice,
  all: slice.all.map((c) => (c.key === key ? { ...c, ...with_(c) } : c)),
});

/** Folds one record of an incident's stream; other nouns' records only move the latest time. */
export function evolveContainments(before: Containments, stored: LedgerRecord): Containments {
  const slice = stored.ts > before.latestAt ? { ...before, latestAt: stored.ts } : before;
  const record = stored as unknown as ContainmentRecord;
  const at = stored.ts;
  switch (record.type) {
    case 'containment.proposed': {
      const { body } = record;
      const fresh: Containment = {
        ...body,
        key: body.request.request,
        proposedAt: at,
        state: 'pending',
        votes: [],
        viewers: [],
        challenge: null,
        changesAsked: [],
        grant: null,
        review: null,
        run: null,
        outcome: null,
        ending: null,
        contested: null,
        isReminded: false,
      };
      return { ...slice, all: [...slice.all, fresh] };
    }
    case 'containment.viewed':
      return change(slice, record.body.request, (c) => ({ viewers: [...new Set([...c.viewers, record.body.human])] }));
    case 'approval.voted':
      return change(slice, record.body.request, (c) => ({ votes: [...c.votes, { ...record.body.vote, at }] }));
    case 'approval.voided':
      return change(slice, record.body.request, (c) => ({
        votes: c.votes.filter((v) => v.human !== record.body.human),
      }));
    case 'approval.granted':
      return change(slice, record.body.request, () => ({
        state: 'granted',
        grant: { seq: stored.seq, at, startBy: record.body.startBy, brokenGlass: record.body.brokenGlass },
      }));
    case 'approval.denied':
      return change(slice, record.body.request, () => ({
        state: 'denied',
        ending: { by: record.body.by, at, reason: record.body.reason },
      }));
    case 'containment.changes-asked':
      return change(slice, record.body.request, (c) => ({
        changesAsked: [...c.changesAsked, { by: record.body.by, text: record.body.text }],
      }));
    case 'containment.challenged': {
      const { by, isWaived, text } = record.body;
      return change(slice, record.body.request, () => ({ challenge: { by, at, isWaived, text } }));
    }
    case 'containment.withdrawn':
      return change(slice, record.body.request, () => ({
        state: 'withdrawn',
        ending: { by: record.body.by, at, reason: record.body.reason },
      }));
    case 'containment.superseded':
      return change(slice, record.body.request, () => ({
        state: 'superseded',
        ending: { by: null, at, reason: record.body.reason },
      }));
    case 'containment.expired':
      return change(slice, record.body.request, () => ({ state: 'expired', ending: { by: null, at, reason: '' } }));
    case 'containment.lapsed':
      return change(slice, record.body.request, () => ({ state: 'lapsed', ending: { by: null, at, reason: '' } }));
    case 'containment.reminded':
      return change(slice, record.body.request, () => ({ isReminded: true }));
    case 'containment.disputed': {
      const { by, reason } = record.body;
      return change(slice, record.body.request, (c) =>
        c.state === 'pending' || c.state === 'granted'
          ? { state: 'disputed', ending: { by, at, reason } }
          : { contested: { by, at, reason } },
      );
    }
    case 'containment.reviewed':
      return change(slice, record.body.request, () => ({
        review: { by: record.body.by, at, reason: record.body.reason },
      }));
    case 'execution.started':
      return change(slice, record.body.request, () => ({
        state: 'executing',
        run: { at, by: record.body.by, deadlineAt: record.body.deadlineAt },
      }));
    case 'execution.succeeded':
      return change(slice, record.body.request, ended('executed', record.body, at));
    case 'execution.failed':
      return change(slice, record.body.request, ended('failed', record.body, at));
    case 'execution.unknown':
      return change(slice, record.body.request, ended('unknown', record.body, at));
    case 'containment.stopped':
      return { ...slice, stopped: { ...record.body, at } };
    case 'containment.resumed':
      return { ...slice, stopped: null };
    case 'containment.shown':
    case 'approval.refused':
      return slice;
  }
  return slice;
}

const ended =
  (result: Result, { by, summary, evidence }: Omit<Outcome, 'result' | 'at'>, at: string) =>
  (): Partial<Containment> => ({ state: result, outcome: { result, by, summary, evidence, at } });
