// After a disposal the data folder holds nothing of the evidence: every file and every table is searched byte for byte.
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebAdapter } from '../../adapters/web/index.ts';
import { openAiAssistant } from '../../src/assist/openai.ts';
import { exportDataFolder } from '../../src/audit/data-folder.ts';
import { finishErasures } from '../../src/audit/disposal.ts';
import { keyPath } from '../../src/audit/open.ts';
import { verifyExport } from '../../src/audit/verify.ts';
import type { Conversation } from '../../src/chat/types.ts';
import type { NewMessage } from '../../src/chat/workspace.ts';
import { Sqlite } from '../../src/store/driver.ts';
import { openWorkspaceStore } from '../../src/store/workspace.ts';
import { memoryChat } from '../doubles/memory-chat.ts';
import { type ModelServer, openAiServer } from '../doubles/openai-server.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const MARK = 'zanzibar-quokka';
const linesOf = (mark: string, day: string): string =>
  Array.from({ length: 40 }, (_, i) => {
    const at = `${day}T10:${String(i).padStart(2, '0')}`;
    return `${at}:01Z wk-7 sshd[9]: Failed password for ${mark} from 203.0.113.${i + 1} port 22\n${at}:31Z wk-7 sudo[9]: root : TTY=pts/0 ; COMMAND=/usr/bin/${mark} --step ${i}`;
  }).join('\n');

/** Places under a folder that hold a text: paths of files, and tables of databases. */
function holding(folder: string, marker: string): readonly string[] {
  const places: string[] = [];
  const has = (value: unknown): boolean =>
    (Buffer.isBuffer(value) ? value : Buffer.from(String(value))).includes(marker);
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    if (has(readFileSync(path))) places.push(name);
    if (!name.endsWith('.db')) continue;
    const db = new Sqlite(path, { readonly: true });
    const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    for (const { name: table } of tables) {
      const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${table}"`).all();
      if (rows.some((row) => Object.values(row).some(has))) places.push(`${name} ${table}`);
    }
    db.close();
  }
  return places;
}

describe('disposal of evidence', () => {
  let server: ModelServer;
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    server = await openAiServer();
    const chat = memoryChat();
    Object.assign(chat.capabilities, { hasPictures: 'png' });
    const model = openAiAssistant({
      key: 'sk-scripted-0123456789abcdefghijklmnop',
      url: server.url,
      model: 'scripted',
      timeoutMs: 20_000,
      retries: 0,
      now: () => 0,
    });
    h = await harness({ chat, model });
    place = (await h.open('mira')).in;
  });
  afterEach(async () => {
    await h.end();
    await server.close();
  });

  const type = async (text: string) => replyText(await h.type('mira', text, { in: place }));
  async function added(name: string, content: string): Promise<void> {
    await h.type('mira', 'log', { in: place, files: [{ name, bytes: new TextEncoder().encode(content) }] });
    await h.settled();
    await h.submit('mira', formOf(await h.press('mira', 'Preview and add')), { which: 'all' }, { in: place });
  }
  const asking = (key: string) => type(`audit dispose ${key} no longer needed`);
  const agreed = async (key: string) =>
    replyText(
      await h.submit('noor', formOf(await h.press('noor', `Dispose of ${key}`)), { words: 'counsel' }, { in: place }),
    );
  const drawn = () => h.services.store.drawn.of('INC-1');
  const areHere = (names: readonly string[]) => Promise.all(names.map((name) => h.services.blobs.has(name)));
  const named = async (type: string) =>
    (await h.services.store.find({ typePrefix: type })).map(({ record }) => record.body as Record<string, unknown>);

  it('takes along what was drawn, exported and read from it, and every proof stays', async () => {
    await added('auth.log', linesOf(MARK, '2026-11-20'));
    await type('timeline');
    await type('timeline export csv');
    const pictures = await drawn();
    expect(pictures).toHaveLength(2);
    expect(holding(h.folder, MARK).length).toBeGreaterThanOrEqual(4);
    expect(await areHere(pictures)).toEqual([true, true]);

    await asking('EV-1');
    const said = await agreed('EV-1');
    expect(said).toMatch(/EV-1 is disposed of[\s\S]* went with it[\s\S]*Not taken back: what stands in chat/);
    expect(holding(h.folder, MARK)).toEqual([]);
    expect(await areHere(pictures)).toEqual([false, false]);
    expect(await drawn()).toEqual([]);

    expect(await type('audit verify')).toContain('The record verifies');
    const out = mkdtempSync(join(tmpdir(), 'countersign-disposed-'));
    await exportDataFolder(h.folder, out);
    const report = verifyExport(out, readFileSync(`${keyPath(h.folder)}.vkey`, 'utf8'));
    expect(report.blobs.absent).toBe(0);
    expect(report.blobs.erased).toBe(3);
    expect(holding(out, MARK)).toEqual([]);
  });

  it('takes along what a model was sent and gave back; what the record says of the answer stays, and that is said', async () => {
    await added('auth.log', linesOf(MARK, '2026-11-20'));
    await type('finding summarise');
    const [asked] = await named('assistant.asked');
    const [answered] = await named('assistant.answered');
    const texts = [asked!['prompt'], answered!['output']].map((text) => (text as { sha256: string }).sha256);
    expect(await areHere(texts)).toEqual([true, true]);
    await asking('EV-1');
    expect(await agreed('EV-1')).toContain('words of it that people or the assistant put on record');
    expect(await areHere(texts)).toEqual([false, false]);
    expect(holding(join(h.folder, 'evidence'), MARK)).toEqual([]);
    expect(await type('audit assistant AR-1')).toContain('The text was erased.');
  });

  it('keeps what other evidence gave, and draws the pictures again from what is left', async () => {
    await added('other.log', linesOf('harmless', '2026-11-19'));
    await type('timeline');
    await type('timeline export csv');
    await type('finding summarise');
    const before = await drawn();
    const [asked] = await named('assistant.asked');
    const kept = [(asked!['prompt'] as { sha256: string }).sha256];
    const [early] = await named('timeline.exported');
    await added('auth.log', linesOf(MARK, '2026-11-20'));
    await type('timeline');
    await asking('EV-2');
    await agreed('EV-2');
    expect(holding(h.folder, MARK)).toEqual([]);
    // Exported before that evidence came: it cannot hold it.
    expect(await areHere([...kept, early!['sha256'] as string])).toEqual([true, true]);
    expect(await areHere(before)).toEqual([false, false]);

    await type('timeline');
    const again = await drawn();
    expect(again).toHaveLength(2);
    expect(await finishErasures(h.services)).toEqual([]);
    expect(await areHere(again)).toEqual([true, true]);
  });

  it('finishes at the next start what a crash left of the pictures', async () => {
    await added('auth.log', linesOf(MARK, '2026-11-20'));
    await type('timeline');
    const bytes = await Promise.all((await drawn()).map((name) => h.services.blobs.read(name)));
    await asking('EV-1');
    await agreed('EV-1');
    for (const picture of bytes) await h.services.blobs.keep(picture as Uint8Array);
    expect(holding(h.folder, MARK)).not.toEqual([]);
    await finishErasures(h.services);
    expect(holding(h.folder, MARK)).toEqual([]);
  });
});

it('deletes the messages of the workspace that hold it, and no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-forget-'));
  const store = openWorkspaceStore(join(folder, 'workspace.db'));
  let next = 0;
  const people = ['mira', 'noor'].map((id) => ({ id, label: id, title: '', passcodeHash: '' }));
  const adapter = createWebAdapter({
    store,
    people,
    now: Date.now,
    newId: () => `m${++next}`,
    workspaceName: 'w',
    signInHint: '',
  });
  const { createConversation, forget } = adapter.port;
  if (!forget) throw new Error('the workspace keeps its messages here');
  const chat = Object.assign(memoryChat(), { createConversation, forget });
  const h = await harness({ folder, chat });
  const { in: place } = await h.open('mira');
  const line = `2026-11-20T10:00:01Z wk-7 sshd[9]: Failed password for ${MARK} from 203.0.113.9 port 22`;
  const bytes = new TextEncoder().encode(linesOf(MARK, '2026-11-20'));
  const sentAt = '2026-11-20T12:00:00.000Z';
  const keep = (more: Partial<NewMessage>) =>
    store.add({ id: `m${++next}`, channel: place.id, author: 'mira', text: '', sentAt, ...more }).message.id;
  const said = async (text: string, files: { name: string; bytes: Uint8Array }[] = []) => {
    const reply = await h.type('mira', text, { in: place, files });
    if (reply.kind === 'private') keep({ author: null, onlyFor: 'mira', text, view: reply.view });
    await h.settled();
  };
  const other = keep({ text: 'Who is on call for EV-1? It is about a login.' });
  const upload = keep({ files: [{ name: 'auth.log', mediaType: 'text/plain', bytes }] });
  await said('log', [{ name: 'auth.log', bytes }]);
  await said(`log ${line}`);
  await said(`log find ${MARK}`);
  await said('timeline');
  expect(holding(folder, MARK)).toContain('workspace.db messages');
  expect(holding(folder, MARK)).toContain('workspace.db files');
  let answer = '';
  for (const key of ['EV-1', 'EV-2']) {
    await h.type('mira', `audit dispose ${key} no longer needed`, { in: place });
    const form = formOf(await h.press('noor', `Dispose of ${key}`));
    answer = replyText(await h.submit('noor', form, { words: 'counsel' }, { in: place }));
  }
  expect(answer).toContain('messages of the workspace that held it, its files or its pictures were deleted');
  expect(holding(folder, MARK)).toEqual([]);
  expect(store.message(upload)).toMatchObject({ isDeleted: true, files: [] });
  expect(store.message(other)).toMatchObject({
    isDeleted: false,
    text: 'Who is on call for EV-1? It is about a login.',
  });
  await h.end();
  adapter.close();
  store.close();
});
