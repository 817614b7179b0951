import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashPasscode, isPasscode } from '../../src/chat/passcode.ts';
import type { NewMessage, WorkspaceStore } from '../../src/chat/workspace.ts';
import { Sqlite } from '../../src/store/driver.ts';
import { openWorkspaceStore } from '../../src/store/workspace.ts';

const AT = '2026-11-20T23:12:26.500Z';
let folder: string;
let file: string;
let store: WorkspaceStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-store-'));
  file = join(folder, 'workspace.db');
  store = openWorkspaceStore(file);
  store.ensureChannel(
    { id: 'general', kind: 'channel', name: 'general', isPrivate: false, owner: null, createdAt: AT },
    [],
  );
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

let next = 0;
const message = (more: Partial<NewMessage> = {}): NewMessage => {
  next += 1;
  return { id: `m${next}`, channel: 'general', author: 'mira', text: 'hello', sentAt: AT, ...more };
};
const seen = (person = 'tomas') => store.messages('general', person, { limit: 100 });

describe('the workspace store', () => {
  it('is durable when a call returns: a second program finds everything', () => {
    const view = { view: { summary: 's', tone: null, elements: [] }, tokens: ['t'] };
    store.add(
      message({
        id: 'kept',
        view,
        files: [{ name: 'a.log', mediaType: 'text/plain', bytes: new Uint8Array([0, 255]) }],
      }),
    );
    store.react('kept', 'tomas', 'pushpin', true);
    store.openSession({ hash: 'h', person: 'mira', secret: 's', expiresAtMs: 1000 });
    const second = openWorkspaceStore(file);
    expect(second.message('kept')).toEqual(store.message('kept'));
    expect(second.message('kept')).toMatchObject({ view, reactions: [{ emoji: 'pushpin', people: ['tomas'] }] });
    expect([...((second.file('kept-1')?.bytes ?? []) as Uint8Array)]).toEqual([0, 255]);
    expect(second.session('h', 999)?.person).toBe('mira');
    second.close();
  });

  it('adds once for a key in a channel', () => {
    const first = store.add(message({ key: 'k' }));
    const again = store.add(message({ key: 'k', text: 'other' }));
    expect(again).toEqual({ message: first.message, isNew: false });
    expect(seen()).toHaveLength(1);
  });

  it('shows a private reply to its person alone, counts it for nobody else, and forgets it when dismissed', () => {
    store.add(message({ id: 'private', author: null, onlyFor: 'mira' }));
    expect(seen('tomas')).toHaveLength(0);
    expect(seen('mira')).toHaveLength(1);
    expect(store.lines('tomas')[0]?.unread).toBe(0);
    expect(store.lines('mira')[0]?.unread).toBe(1);
    store.remove('private', AT);
    expect(store.message('private')).toBeNull();
  });

  it('leaves a gravestone for a deleted message and shows nothing of it', () => {
    store.add(message({ id: 'gone', files: [{ name: 'a', mediaType: 'text/plain', bytes: new Uint8Array(1) }] }));
    store.remove('gone', AT);
    expect(store.message('gone')).toMatchObject({ isDeleted: true, text: '', files: [], view: null });
  });

  it('keeps no byte of a message that was deleted, of its files or of a file held beside it', () => {
    const held = join(folder, 'held.log');
    writeFileSync(held, 'zanzibar in a file');
    const bytes = new TextEncoder().encode(`zanzibar ${'x'.repeat(20_000)}`);
    const files = [
      { name: 'a', mediaType: 'text/plain', bytes },
      { name: 'b', mediaType: 'text/plain', bytes: { path: held, sizeBytes: 18 } },
    ];
    const view = { view: { summary: 'zanzibar', tone: null, elements: [] }, tokens: [] };
    store.add(message({ id: 'gone', text: 'zanzibar', view, files }));
    store.add(message({ id: 'private', author: null, onlyFor: 'mira', text: 'zanzibar', view }));
    const holds = (name: string): boolean => readFileSync(join(folder, name)).includes('zanzibar');
    expect(readdirSync(folder).some(holds)).toBe(true);
    store.remove('gone', AT);
    store.remove('private', AT);
    expect(readdirSync(folder).filter(holds)).toEqual([]);
    expect(existsSync(held)).toBe(false);
  });

  it('counts what others said since the channel was read', () => {
    store.add(message());
    store.add(message());
    expect(store.lines('tomas')[0]?.unread).toBe(2);
    expect(store.lines('mira')[0]?.unread).toBe(0);
    store.markRead('general', 'tomas');
    store.add(message());
    expect(store.lines('tomas')[0]?.unread).toBe(1);
  });

  it('keeps private channels and private chats to their people', () => {
    store.ensureChannel(
      { id: 'secret', kind: 'channel', name: 'secret', isPrivate: true, owner: null, createdAt: AT },
      ['mira'],
    );
    store.ensureChannel({ id: 'dm.mira', kind: 'direct', name: 'bot', isPrivate: true, owner: 'mira', createdAt: AT }, [
      'mira',
    ]);
    expect(store.lines('mira').map((line) => line.channel.id)).toEqual(['general', 'secret', 'dm.mira']);
    expect(store.lines('tomas').map((line) => line.channel.id)).toEqual(['general']);
    expect(store.canSee('dm.mira', 'tomas')).toBe(false);
    expect(store.canSee('nowhere', 'mira')).toBe(false);
  });

  it('gives pages of messages in order, replies apart', () => {
    store.add(message({ id: 'root' }));
    for (let n = 0; n < 5; n += 1) store.add(message({ text: `n${n}` }));
    store.add(message({ thread: 'root', text: 'reply' }));
    const last = store.messages('general', 'mira', { limit: 2 });
    expect(last.map(({ text }) => text)).toEqual(['n3', 'n4']);
    expect(store.messages('general', 'mira', { limit: 2, before: last[0]!.seq }).map(({ text }) => text)).toEqual([
      'n1',
      'n2',
    ]);
    expect(store.thread('root', 'mira').map(({ text }) => text)).toEqual(['reply']);
    expect(store.message('root')?.replies).toBe(1);
  });

  it('ends sessions at their time', () => {
    store.openSession({ hash: 'h', person: 'mira', secret: 's', expiresAtMs: 1000 });
    expect(store.session('h', 1000)).toBeNull();
    expect(store.session('h', 0)).toBeNull();
  });

  it('grows its change number with everything that can be seen, and with nothing else', () => {
    const numbers = [store.changes()];
    const grownBy = (act: () => unknown): number => {
      act();
      numbers.push(store.changes());
      return numbers.at(-1)! - numbers.at(-2)!;
    };
    expect(grownBy(() => store.add(message({ id: 'c', key: 'c' })))).toBe(1);
    expect(grownBy(() => store.add(message({ key: 'c' })))).toBe(0);
    expect(grownBy(() => store.react('c', 'mira', 'pushpin', true))).toBe(1);
    expect(grownBy(() => store.react('c', 'mira', 'pushpin', true))).toBe(0);
    expect(
      grownBy(() => store.replaceView('c', { view: { summary: '', tone: null, elements: [] }, tokens: [] }, AT)),
    ).toBe(1);
    expect(
      grownBy(() => store.replaceView('unknown', { view: { summary: '', tone: null, elements: [] }, tokens: [] }, AT)),
    ).toBe(0);
    expect(grownBy(() => store.remove('c', AT))).toBe(1);
  });

  it('refuses a file that a newer program wrote', () => {
    store.close();
    const db = new Sqlite(file);
    const version = db.pragma('user_version', { simple: true });
    db.pragma('user_version = 99');
    db.close();
    expect(() => openWorkspaceStore(file)).toThrow(/newer/);
    const fixed = new Sqlite(file);
    fixed.pragma(`user_version = ${version}`);
    fixed.close();
    store = openWorkspaceStore(file);
  });
});

describe('passcodes', () => {
  it('match their own hash, however accents are typed, and no other', async () => {
    const hash = await hashPasscode('caf\u00e9-otter');
    expect(await isPasscode('cafe\u0301-otter', hash)).toBe(true);
    expect(await isPasscode('cafe-otter', hash)).toBe(false);
    expect(await isPasscode('', hash)).toBe(false);
  });

  it.each(['', 'plain', 'scrypt$short$short', `scrypt$${'A'.repeat(22)}$${'A'.repeat(42)}`])(
    'never match %j, which is no hash of ours',
    async (hash) => {
      expect(await isPasscode(hash, hash)).toBe(false);
    },
  );
});
