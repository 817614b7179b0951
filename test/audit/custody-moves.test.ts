// Evidence as people move it, open it and let go of it, over the whole core.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/audit/canonical.ts';
import { exportDataFolder } from '../../src/audit/data-folder.ts';
import { finishErasures } from '../../src/audit/disposal.ts';
import { keyPath } from '../../src/audit/open.ts';
import { verifyExport } from '../../src/audit/verify.ts';
import type { Conversation } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LINE = 'Nov 20 10:00:01 wk-7 sshd[1]: Failed password for root from 203.0.113.9 port 22';
const SHA = sha256Hex(LINE);

describe('custody', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira')).in;
    await h.type('mira', `log ${LINE}`, { in: place });
  });
  afterEach(() => h.end());

  const type = async (who: string, text: string) => replyText(await h.type(who, text, { in: place }));
  const chain = () => type('mira', 'audit custody EV-1');
  async function fill(who: string, text: string, values: Record<string, string>) {
    return h.submit(who, formOf(await h.type(who, text, { in: place })), values, { in: place });
  }
  async function pressAndFill(who: string, label: string, values: Record<string, string>, at = place) {
    const reply = await h.press(who, label);
    return reply.kind === 'form' ? h.submit(who, reply.form, values, { in: at }) : reply;
  }
  const alone = (who: string): Conversation => ({ platform: 'web', tenant: 'local', id: `dm-${who}` });

  it('opening hands over the exact bytes and leaves a line with who and what for', async () => {
    const reply = await h.type('tomas', 'audit access EV-1 malware analysis', { in: place });
    expect(reply.kind === 'private' && Buffer.from(reply.file?.bytes ?? []).toString()).toBe(LINE);
    expect(await chain()).toContain('accessed by Tomas Sample for malware analysis');
  });

  it('a transfer is the receiver’s word with a hash of their own, and a hash that differs is shouted about', async () => {
    const hand = { who: 'ife', purpose: 'analysis', condition: 'a copy on a stick' };
    expect(replyText(await fill('tomas', 'audit transfer EV-1', hand))).toContain('Until they do, you hold it');
    expect(await chain()).toContain('not yet received by Ife Sample');
    const wrong = await pressAndFill('ife', 'I have it', { sha256: 'b'.repeat(64) }, alone('ife'));
    expect(replyText(wrong)).toContain('THE HASH DIFFERS');
    expect(await chain()).toMatch(/The hash differed 1 times[\s\S]*THE HASH DIFFERED/);
    expect(replyText(await fill('tomas', 'audit transfer EV-1', hand))).toContain('Ife Sample holds EV-1');
    await fill('ife', 'audit transfer EV-1', { ...hand, who: 'tomas' });
    expect(replyText(await pressAndFill('tomas', 'I have it', { sha256: SHA }, alone('tomas')))).toContain(
      'is the one on record',
    );
  });

  it('an original that is kept elsewhere has its chain here', async () => {
    const values = {
      itemType: 'disk-image',
      description: 'disk of wk-7',
      system: 'wk-7',
      location: '',
      collectedAt: '2026-11-20T12:00:00Z',
      method: 'snapshot',
      tool: 'qemu-img 8.2',
      authority: 'Mira',
      sha256: 'c'.repeat(64),
      sizeBytes: '500000000000',
      storageUri: 'safe 3',
      protection: 'sealed',
    };
    expect(replyText(await fill('tomas', 'audit collect', { ...values, sha256: 'abc' }))).toContain(
      '64 lower-case hex',
    );
    expect(replyText(await fill('tomas', 'audit collect', values))).toContain('OR-1 is in custody, held by you');
    expect(await type('mira', 'audit custody OR-1')).toMatch(/collected original[\s\S]*qemu-img|snapshot/);
    expect(await type('tomas', 'audit access OR-1 looking')).toContain('is not kept in this system');
  });

  it('disposal of an imported timeline takes its rows along, in every reading', async () => {
    const row = JSON.stringify({ message: 'somebody told it', datetime: '2026-11-19T08:00:00Z' });
    const file = { name: 'x.jsonl', bytes: new TextEncoder().encode(row) };
    await h.type('mira', 'timeline import', { in: place, files: [file] });
    await h.settled();
    await fill('mira', 'timeline restamp EV-2', { offset: '1h', reason: 'its clock was slow' });
    const { additions, rereadings } = (await h.services.incidents.load('INC-1')).state.timeline;
    const kept = [additions[0]?.result, rereadings[0]?.was].flatMap((name) => name ?? []);
    expect(new Set(kept).size).toBe(2);
    await type('mira', 'audit dispose EV-2 no longer needed');
    await pressAndFill('noor', 'Dispose of EV-2', { words: 'counsel, case 7' });
    expect(await Promise.all(kept.map((name) => h.services.blobs.has(name)))).toEqual([false, false]);
    const found = await type('mira', 'log find somebody');
    expect(found).toContain('EV-2 was disposed of and could not be searched');
  });

  it('disposal takes two people; then the bytes and what was read from them are gone and the record stays', async () => {
    await pressAndFill('mira', 'Preview and add', { which: 'all' });
    const { result } = (await h.services.incidents.load('INC-1')).state.evidence.items[0]!.reading!;
    expect(await type('mira', 'audit dispose EV-1 no longer needed')).toContain('Nothing is gone yet');
    expect(replyText(await h.press('mira', 'Dispose of EV-1'))).toContain('Somebody else has to agree');
    expect(await h.services.blobs.has(SHA)).toBe(true);
    expect(replyText(await h.press('tomas', 'Dispose of EV-1'))).toContain('legal');
    const gone = await pressAndFill('noor', 'Dispose of EV-1', { words: 'counsel, case 7' });
    expect(replyText(gone)).toContain('EV-1 is disposed of');
    expect([await h.services.blobs.has(SHA), await h.services.blobs.has(result)]).toEqual([false, false]);
    expect(await chain()).toMatch(/Disposed of[\s\S]*erased from this system: no longer needed \(counsel, case 7\)/);
    expect(await type('mira', 'timeline')).toContain('EV-1 was disposed of');
    expect(await type('mira', 'log again EV-1')).toContain('disposed of');
    expect(await type('mira', 'log find root')).toContain('EV-1 was disposed of: there is nothing left to search');
    expect(h.chat.messages.map((m) => (m.view ? viewText(m.view.view) : '')).join()).toContain('EV-1 is disposed of');

    // The same bytes may come again: a new piece of evidence, and no later start takes it away.
    await h.type('mira', `log ${LINE}`, { in: place });
    expect(await type('mira', 'log list')).toContain('EV-2');
    expect(await finishErasures(h.services)).toEqual([]);
    expect(await h.services.blobs.has(SHA)).toBe(true);
  });

  it('a legal hold stops disposal at the asking and at the agreeing', async () => {
    await type('mira', 'audit hold EV-1 litigation expected');
    expect(await type('mira', 'audit dispose EV-1 no longer needed')).toContain('legal hold');
    await type('mira', 'audit unhold EV-1 closed');
    await type('mira', 'audit dispose EV-1 no longer needed');
    await type('noor', 'audit hold EV-1 wait');
    expect(replyText(await h.press('noor', 'Dispose of EV-1'))).toContain('legal hold');
    expect(await h.services.blobs.has(SHA)).toBe(true);
  });

  it('bytes that another incident has too stay, whether it is held there or not', async () => {
    const other = await h.open('mira', { title: 'Another' });
    await h.type('mira', `log ${LINE}`, { in: other.in });
    await h.type('mira', 'audit hold EV-1 litigation expected', { in: other.in });
    await type('mira', 'audit dispose EV-1 no longer needed');
    await pressAndFill('noor', 'Dispose of EV-1', { words: 'counsel' });
    expect(await chain()).toContain('Disposed of');
    expect(await h.services.blobs.has(SHA)).toBe(true);
    expect(await finishErasures(h.services)).toEqual([]);
  });

  it('the one who keeps it ends the asking', async () => {
    await type('mira', 'audit dispose EV-1 no longer needed');
    expect(replyText(await pressAndFill('noor', 'Keep it', { words: 'we need it' }))).toContain('EV-1 is kept');
    expect(await chain()).toContain('Noor Sample keeps it: we need it');
  });

  it('an erasure that a crash broke off is finished at the next start', async () => {
    await type('mira', 'audit dispose EV-1 no longer needed');
    await pressAndFill('noor', 'Dispose of EV-1', { words: 'counsel' });
    await h.services.blobs.keep(new TextEncoder().encode(LINE));
    expect(await finishErasures(h.services)).toEqual([SHA]);
    expect(await h.services.blobs.has(SHA)).toBe(false);
  });

  it('words about people are in the record as a fingerprint, open on record, and go without breaking a proof', async () => {
    const secret = 'Sample Person was in hospital on Tuesday.';
    await fill('tomas', 'log private', { about: 'why an account was idle', words: secret });
    const all = (await h.services.store.find({})).map(({ bytes }) => Buffer.from(bytes).toString()).join('\n');
    expect(all).not.toContain('hospital');
    expect(await type('mira', 'audit access TX-1 to judge the gap')).toContain(secret);
    const { commitment } = (await h.services.store.find({ typePrefix: 'text.committed' }))[0]!.record.body as {
      commitment: string;
    };
    await type('mira', 'audit dispose TX-1 the person asked for it');
    await pressAndFill('noor', 'Dispose of TX-1', { words: 'privacy officer' });
    expect(await h.services.blobs.has(commitment)).toBe(false);
    expect(await type('mira', 'audit access TX-1 again')).toContain('disposed of');
    expect(await type('mira', 'audit verify')).toContain('The record verifies');
    const out = mkdtempSync(join(tmpdir(), 'countersign-private-'));
    await exportDataFolder(h.folder, out);
    const vkey = readFileSync(`${keyPath(h.folder)}.vkey`, 'utf8');
    expect(verifyExport(out, vkey).blobs).toMatchObject({ erased: 1, absent: 0 });
  });
});
