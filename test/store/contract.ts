// What every store must do. Each database runs this suite on a real one.
import { describe, expect, it } from 'vitest';
import { canonicalBytes, leafHash } from '../../src/audit/canonical.ts';
import type { Actor } from '../../src/audit/record.ts';
import { type Append, type OutboxEntry, type Store, VersionConflict } from '../../src/store/types.ts';

export const ACTOR: Actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample' };

export const append = (stream: string, expectedVersion: number, ...types: readonly string[]): Append => ({
  stream,
  expectedVersion,
  incident: stream,
  actor: ACTOR,
  records: types.map((type) => ({ type, body: { text: type } })),
});

const post = (key: string, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  key,
  lane: 'traffic',
  payload: key,
  ...more,
});

/** Runs the contract on stores that `open` makes: each call gives another view of the same fresh database. */
export function storeContract(
  name: string,
  fresh: () => Promise<{ open: () => Promise<Store>; end: () => Promise<void> }>,
): void {
  const test = (title: string, body: (open: () => Promise<Store>) => Promise<void>): void => {
    it(title, async () => {
      const database = await fresh();
      try {
        await body(database.open);
      } finally {
        await database.end();
      }
    });
  };

  describe(`the store contract on ${name}`, () => {
    test('numbers records without gaps over all streams, and within each', async (open) => {
      const store = await open();
      await store.append([append('INC-1', 0, 'a.done', 'b.done')]);
      await store.append([append('INC-2', 0, 'c.done')]);
      const last = await store.append([append('INC-1', 2, 'd.done')]);
      expect(last.map((s) => [s.record.seq, s.record.version])).toEqual([[3, 3]]);
      expect((await store.readStream('INC-1', 1)).map((s) => s.record.type)).toEqual(['b.done', 'd.done']);
      expect([...(await store.streams())].sort()).toEqual(['INC-1', 'INC-2']);
    });

    test('keeps the canonical bytes that the leaf hash covers', async (open) => {
      const store = await open();
      const [written] = await store.append([append('INC-1', 0, 'a.done')]);
      const [read] = await store.find({});
      expect(Buffer.from(read!.bytes).equals(Buffer.from(written!.bytes))).toBe(true);
      expect(Buffer.from(leafHash(canonicalBytes(read!.record))).equals(Buffer.from(read!.leafHash))).toBe(true);
    });

    test('refuses a writer who has not seen the newest version, and writes nothing of theirs', async (open) => {
      const [one, other] = [await open(), await open()];
      await one.append([append('INC-1', 0, 'a.done')]);
      await expect(other.append([append('INC-1', 0, 'b.done')], [post('lost')])).rejects.toBeInstanceOf(
        VersionConflict,
      );
      expect(await other.size()).toBe(1);
      expect(await other.dueOutbox(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    });

    test('lets exactly one of two writers at the same version win', async (open) => {
      const stores = [await open(), await open(), await open()];
      const tries = await Promise.allSettled(stores.map((s, i) => s.append([append('INC-1', 0, `w${i}.done`)])));
      expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
      expect(await stores[0]!.size()).toBe(1);
    });

    test('commits all appends and messages of a call, or none', async (open) => {
      const store = await open();
      await store.append([append('INC-2', 0, 'x.done')]);
      await expect(
        store.append([append('INC-1', 0, 'a.done'), append('INC-2', 0, 'b.done')], [post('m')]),
      ).rejects.toBeInstanceOf(VersionConflict);
      expect(await store.size()).toBe(1);
      expect(await store.readStream('INC-1', 0)).toEqual([]);
    });

    test('accepts hostile text: lone surrogates become visible replacements and records keep flowing', async (open) => {
      const store = await open();
      const [written] = await store.append([
        { ...append('INC-1', 0), records: [{ type: 'a.done', body: { text: 'x\ud800y' } }] },
      ]);
      expect((written!.record.body as { text: string }).text).toBe('x\ufffdy');
    });

    test('delivers decisions before traffic, each in order', async (open) => {
      const store = await open();
      await store.enqueue([post('t1'), post('d1', { lane: 'decision' }), post('t2'), post('d2', { lane: 'decision' })]);
      expect((await store.dueOutbox(0, 10)).map((e) => e.key)).toEqual(['d1', 'd2', 't1', 't2']);
    });

    test('takes a message with a known key once, also after it was sent', async (open) => {
      const store = await open();
      await store.enqueue([post('m')]);
      const [entry] = await store.dueOutbox(0, 10);
      await store.markSent(entry!.id);
      await store.enqueue([post('m')]);
      expect(await store.dueOutbox(0, 10)).toEqual([]);
    });

    test('folds waiting edits of one card into the last', async (open) => {
      const store = await open();
      await store.enqueue([post('card/1', { fold: 'card' }), post('card/2', { fold: 'card' }), post('other')]);
      expect((await store.dueOutbox(0, 10)).map((e) => e.key)).toEqual(['card/2', 'other']);
    });

    test('holds a message back until it is due again', async (open) => {
      const store = await open();
      await store.enqueue([post('m')]);
      const [entry] = await store.dueOutbox(0, 1);
      await store.retryLater(entry!.id, 5000, 'the platform is in trouble');
      expect(await store.dueOutbox(4999, 10)).toEqual([]);
      expect((await store.dueOutbox(5000, 10))[0]).toMatchObject({ key: 'm', attempts: 1 });
      // Asked to wait is not failed.
      await store.retryLater(entry!.id, 6000, 'the platform asks to wait', 0);
      expect(await store.dueOutbox(5999, 10)).toEqual([]);
      expect((await store.dueOutbox(6000, 10))[0]).toMatchObject({ key: 'm', attempts: 1 });
    });

    test('claims an event once', async (open) => {
      const [one, other] = [await open(), await open()];
      expect([await one.claimEvent('e', 1), await other.claimEvent('e', 2)]).toEqual([true, false]);
    });

    test('notes what a claimed event wrote, in the transaction that writes it', async (open) => {
      const [one, other] = [await open(), await open()];
      expect(await one.workOf('e')).toBeNull();
      await one.claimEvent('e', 1);
      expect(await other.workOf('e')).toEqual([]);
      await one.append([append('INC-1', 0, 'a.done', 'b.done')], [], 'e');
      await other.append([append('INC-2', 0, 'x.done')]);
      await expect(other.append([append('INC-1', 0, 'late.done')], [], 'e')).rejects.toBeInstanceOf(VersionConflict);
      await other.append([append('INC-1', 2, 'c.done')], [], 'e');
      expect((await one.workOf('e'))?.map((w) => w.record.type)).toEqual(['a.done', 'b.done', 'c.done']);
    });

    test('sets the notes of an append with it, or neither', async (open) => {
      const [one, other] = [await open(), await open()];
      await one.append([{ ...append('INC-1', 0, 'a.done'), notes: { here: 'INC-1' } }]);
      expect(await other.note('here')).toBe('INC-1');
      await expect(other.append([{ ...append('INC-1', 0, 'b.done'), notes: { here: 'INC-2' } }])).rejects.toThrow();
      expect(await one.note('here')).toBe('INC-1');
    });

    test('keeps what arrived until it is handled, once, and tells a repeat even afterwards', async (open) => {
      const [one, other] = [await open(), await open()];
      expect(await one.arrivals.keep('slack:1', 'first')).toBe(true);
      expect(await other.arrivals.keep('slack:1', 'again')).toBe(false);
      await one.arrivals.keep('slack:2', 'second');
      await one.arrivals.keep('teams:1', 'elsewhere');
      expect(await other.arrivals.unhandled('slack:')).toMatchObject([
        { id: 'slack:1', body: 'first', tries: 1 },
        { id: 'slack:2', body: 'second', tries: 1 },
      ]);
      await one.arrivals.handled('slack:1');
      expect((await other.arrivals.unhandled('slack:')).map((a) => a.id)).toEqual(['slack:2']);
      expect(await one.arrivals.keep('slack:1', 'late')).toBe(false);
    });

    test('counts the tries of an arrival, and keeps what is given up apart, with what it failed of', async (open) => {
      const [one, other] = [await open(), await open()];
      await one.arrivals.keep('slack:1', 'stuck');
      await one.arrivals.keep('slack:2', 'fine');
      await one.arrivals.tries('slack:1');
      await one.arrivals.failed('slack:1', 'channel_not_found');
      expect(await other.arrivals.unhandled('slack:')).toMatchObject([{ tries: 2 }, { tries: 1 }]);
      await one.arrivals.giveUp('slack:1');
      expect((await other.arrivals.unhandled('slack:')).map((a) => a.id)).toEqual(['slack:2']);
      expect(await other.arrivals.state()).toMatchObject({
        waiting: 1,
        givenUp: [{ id: 'slack:1', tries: 2, lastError: 'channel_not_found' }],
      });
      expect(await other.arrivals.keep('slack:1', 'again')).toBe(false);
    });

    test('gives one lane of the outbox when it is named', async (open) => {
      const store = await open();
      await store.enqueue([post('t'), post('d', { lane: 'decision' })]);
      expect((await store.dueOutbox(0, 10)).map((e) => e.key)).toEqual(['d', 't']);
      expect((await store.dueOutbox(0, 10, 'traffic')).map((e) => e.key)).toEqual(['t']);
      expect((await store.dueOutbox(0, 10, 'decision')).map((e) => e.key)).toEqual(['d']);
    });

    test('knows the tokens of a card that was drawn anew as revoked', async (open) => {
      const store = await open();
      const grant = { tokenHash: 'h', intent: '{}', place: 'p', holder: null, card: 'card/INC-1' };
      await store.grant([grant]);
      expect(await store.token('h')).toMatchObject({ ...grant, isRevoked: false });
      await store.revokeCard('card/INC-1');
      expect(await store.token('h')).toMatchObject({ ...grant, isRevoked: true });
      expect(await store.token('unknown')).toBeNull();
    });

    test('finds by incident, by start of type, newest first and up to a limit', async (open) => {
      const store = await open();
      await store.append([append('INC-1', 0, 'a.one', 'a.two', 'b.one')]);
      await store.append([append('INC-2', 0, 'a.three')]);
      expect((await store.find({ incident: 'INC-1', typePrefix: 'a.' })).map((s) => s.record.type)).toEqual([
        'a.one',
        'a.two',
      ]);
      expect((await store.find({ newestFirst: true, limit: 2 })).map((s) => s.record.type)).toEqual([
        'a.three',
        'b.one',
      ]);
    });
  });
}
