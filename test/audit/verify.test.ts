import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, leafHash, sha256Hex } from '../../src/audit/canonical.ts';
import { type SignedCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { eraseTexts } from '../../src/audit/erasure.ts';
import { AuditError } from '../../src/audit/errors.ts';
import { exportAudit } from '../../src/audit/export.ts';
import { beginRotation, openKeyFile } from '../../src/audit/keys.ts';
import { AuditLog } from '../../src/audit/log.ts';
import { formatVerifierKey } from '../../src/audit/note.ts';
import { decodeBundle, encodeBundle, tilePath, tilesOf } from '../../src/audit/tiles.ts';
import { verifyExport } from '../../src/audit/verify.ts';
import { type MemoryLedger, memoryLedger, record } from './memory-ledger.ts';
import { copyOf, KEY, list, newFolder, sampleExport, TAMPERS } from './sample-export.ts';

const VKEY = formatVerifierKey(KEY.verifier);

function failure(work: () => unknown): AuditError {
  try {
    work();
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('accepted');
}

/** Exports whatever bytes a ledger holds under a head that the key signs: what a dishonest server could do. */
async function signedExport(
  ledger: MemoryLedger,
  more: { readonly rotations?: string[]; readonly head?: SignedCheckpoint } = {},
) {
  const head = more.head ?? (await (await AuditLog.open({ store: ledger, key: KEY, now: () => 0 })).log.sign())!;
  const folder = newFolder();
  const known = [head.signedBy, KEY.verifier];
  const readBlob = async () => null;
  await exportAudit(folder, { store: ledger, head, known, rotations: more.rotations ?? [], anchors: [], readBlob });
  return folder;
}

describe('an untouched export', () => {
  it.each([1, 255, 256, 257, 300, 1000])(
    'of %i records is accepted, anchored and unanchored records apart',
    async (size) => {
      const { folder, vkey, held, heldSize } = await sampleExport(size);
      expect(verifyExport(folder, vkey, [held])).toMatchObject({
        origin: 'log.example/audit',
        size,
        rotations: 0,
        anchored: { from: 0, to: heldSize },
        unanchored: { from: heldSize, to: size },
        claimedAnchors: [{ name: 'file /anchor', size: heldSize }],
        clockJumps: [],
        blobs: { present: size > 1 ? 1 : 0, erased: 0, absent: size > 2 ? 1 : 0 },
      });
      expect(verifyExport(folder, vkey)).toMatchObject({
        anchored: { from: 0, to: 0 },
        unanchored: { from: 0, to: size },
      });
    },
  );

  it('has the tlog-tiles layout, and lines that are the entries', async () => {
    const { folder, ledger } = await sampleExport(300);
    expect(list(folder)).toEqual([
      'README.md',
      'anchors.json',
      'blobs',
      'checkpoint',
      'checkpoints',
      'entries.jsonl',
      'tile',
      'vkey',
    ]);
    expect(list(join(folder, 'tile/0'))).toEqual(['000', '001.p']);
    expect(list(join(folder, 'tile/entries/001.p'))).toEqual(['44']);
    expect(statSync(join(folder, 'tile/0/000')).size).toBe(8192);
    expect(statSync(join(folder, 'tile/1/000.p/1')).size).toBe(32);
    const lines = readFileSync(join(folder, 'entries.jsonl'), 'utf8').split('\n');
    expect(lines).toHaveLength(301);
    expect(lines[7]).toBe(Buffer.from(ledger.rows[7]!.bytes).toString('utf8'));
  });

  it.each([1, 300])('of %i: the commands of its README give the leaf hash that its tile holds', async (size) => {
    const { folder } = await sampleExport(size);
    const commands = readFileSync(join(folder, 'README.md'), 'utf8').match(/^ {7}(?:\{ printf|od ).*$/gm)!;
    const said = commands.map((command) => execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' }));
    expect(said).toHaveLength(2);
    expect(said[0]!.slice(0, 64)).toBe(said[1]!.trim());
  });

  it('is never written over something', async () => {
    const { folder, ledger } = await sampleExport(2);
    const head = signCheckpoint(2, new Uint8Array(32), KEY);
    const parts = { store: ledger, head, known: [], rotations: [], anchors: [], readBlob: async () => null };
    await expect(exportAudit(folder, parts)).rejects.toMatchObject({ code: 'wrong-call' });
    await expect(exportAudit(newFolder(), parts)).rejects.toMatchObject({ code: 'inconsistent' });
  });
});

describe('a spoilt export is refused, with the first bad record named', () => {
  it.each(TAMPERS)('abuse G2, abuse G3, abuse G4: $name', async ({ apply, code, seq }) => {
    const sample = await sampleExport(300);
    const copy = copyOf(sample);
    const other = await apply(copy, sample);
    expect(failure(() => verifyExport(copy, other?.vkey ?? sample.vkey, [other?.held ?? sample.held]))).toMatchObject({
      code,
      seq,
    });
  });

  it.each<[string, (copy: string) => void, string, number | null]>([
    [
      'a changed line in entries.jsonl',
      (copy) => change(join(copy, 'entries.jsonl'), (t) => t.replace('wk-200', 'wk-201')),
      'record-changed',
      200,
    ],
    [
      'a line removed',
      (copy) => change(join(copy, 'entries.jsonl'), (t) => t.split('\n').toSpliced(9, 1).join('\n')),
      'record-changed',
      9,
    ],
    [
      'a line added at the end',
      (copy) => appendFileSync(join(copy, 'entries.jsonl'), '{"seq":300}\n'),
      'bad-export',
      300,
    ],
    ['entries.jsonl gone', (copy) => rmSync(join(copy, 'entries.jsonl')), 'bad-export', null],
    [
      'the last lines gone',
      (copy) => change(join(copy, 'entries.jsonl'), (t) => t.split('\n').slice(0, 250).join('\n')),
      'record-missing',
      250,
    ],
    ['an upper tile changed', (copy) => writeFileSync(join(copy, 'tile/1/000.p/1'), Buffer.alloc(32)), 'bad-export', 0],
    ['a leaf tile gone', (copy) => rmSync(join(copy, 'tile/0/001.p/44')), 'record-missing', 256],
    [
      'a bundle that breaks off',
      (copy) => change(join(copy, 'tile/entries/001.p/44'), (t) => t.slice(0, -9), 'latin1'),
      'record-changed',
      299,
    ],
    [
      'a bundle with one more',
      (copy) =>
        writeFileSync(
          join(copy, 'tile/entries/001.p/44'),
          Buffer.concat([readFileSync(join(copy, 'tile/entries/001.p/44')), Buffer.from([0, 1, 65])]),
        ),
      'bad-export',
      300,
    ],
    [
      'a blob changed',
      (copy) => writeFileSync(join(copy, 'blobs', list(join(copy, 'blobs'))[0]!), 'x'),
      'bad-export',
      null,
    ],
    [
      'a past checkpoint edited',
      (copy) => change(join(copy, 'checkpoints/0000000000000100'), (t) => t.replace('\n100\n', '\n101\n')),
      'bad-signature',
      null,
    ],
    ['the checkpoint gone', (copy) => rmSync(join(copy, 'checkpoint')), 'bad-export', null],
    [
      'a folder for the checkpoint',
      (copy) => swap(join(copy, 'checkpoint'), (path) => mkdirSync(path)),
      'bad-export',
      null,
    ],
    [
      'an endless file for a bundle',
      (copy) => swap(join(copy, 'tile/entries/000'), (path) => symlinkSync('/dev/zero', path)),
      'bad-export',
      null,
    ],
    ['everything gone', (copy) => rmSync(copy, { recursive: true }), 'wrong-call', null],
  ])('abuse G2: %s', async (_name, tamper, code, seq) => {
    const copy = copyOf(await sampleExport(300));
    tamper(copy);
    expect(failure(() => verifyExport(copy, VKEY))).toMatchObject({ code, seq });
  });

  it('abuse G2: one byte flipped anywhere in records, leaf tiles or head never passes', async () => {
    const sample = await sampleExport(300);
    const paths = ['checkpoint', 'entries.jsonl', 'tile/entries/000', 'tile/0/001.p/44', 'tile/1/000.p/1'];
    const copy = copyOf(sample);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), fc.integer({ min: 1, max: 255 }), (path, place, mask) => {
        const bytes = readFileSync(join(sample.folder, path));
        bytes[place % bytes.length]! ^= mask;
        writeFileSync(join(copy, path), bytes);
        expect(failure(() => verifyExport(copy, sample.vkey, [sample.held]))).toBeInstanceOf(AuditError);
        cpSync(join(sample.folder, path), join(copy, path));
      }),
      { numRuns: 60 },
    );
    expect(verifyExport(copy, sample.vkey, [sample.held]).size).toBe(300);
  });

  it('past F10: the last three records and every newer head dropped: the head somebody noted down knows', async () => {
    const before = await sampleExport(30);
    const after = await sampleExport(27);
    const held = (await before.log.sign())!.note;
    expect(verifyExport(after.folder, VKEY).size).toBe(27);
    expect(failure(() => verifyExport(after.folder, VKEY, [held]))).toMatchObject({ code: 'record-missing', seq: 27 });
  });
});

describe('records that are signed but not sound are refused all the same', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const line = (seq: number, more: object = {}) => canonicalBytes({ ...record(seq, 'event.added'), ...more });
  it.each<[string, Uint8Array]>([
    ['not JSON', bytesOf('hello')],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['two values for one key', bytesOf('{"seq":2,"seq":2}')],
    ['keys in another order', bytesOf(JSON.stringify(record(2, 'event.added')))],
    ['a number', bytesOf('2')],
    ['nothing', bytesOf('null')],
    ['another place', line(3)],
    ['a version left out', line(2, { version: 9 })],
    ['a lone surrogate', bytesOf('{"seq":2,"stream":"x","ts":"","type":"\\ud800"}')],
  ])('a record that is %s', async (_name, bytes) => {
    const ledger = memoryLedger();
    ledger.append('event.added');
    ledger.append('event.added');
    ledger.rows.push({ bytes, leaf: leafHash(bytes) });
    const folder = await signedExport(ledger).catch(() => null);
    // What cannot even be read is refused while exporting.
    if (folder === null) return;
    expect(failure(() => verifyExport(folder, VKEY))).toMatchObject({ code: 'bad-record', seq: 2 });
  });

  it('a clock set back is told, not hidden and not refused', async () => {
    const ledger = memoryLedger();
    ledger.append('event.added');
    const bytes = line(1, { ts: '2020-01-01T00:00:00.000Z' });
    ledger.rows.push({ bytes, leaf: leafHash(bytes) });
    expect(verifyExport(await signedExport(ledger), VKEY).clockJumps).toEqual([1]);
  });
});

describe('erasure and rotation', () => {
  it('tells an erased text from a lost blob', async () => {
    const ledger = memoryLedger();
    const [one, two] = [sha256Hex('one'), sha256Hex('two')];
    ledger.append('note.added', { text: { commitment: one } });
    ledger.append('note.added', { text: { commitment: two } });
    const erased = eraseTexts([one], 'request of the person', 'privacy officer');
    if (!('type' in erased)) throw new Error(erased.message);
    ledger.append(erased.type, { ...erased.body });
    expect(verifyExport(await signedExport(ledger), VKEY).blobs).toEqual({ present: 0, erased: 1, absent: 1 });
  });

  it('follows a key rotation from the key you were given first, and from the newest', async () => {
    const path = join(newFolder(), 'key');
    const first = openKeyFile(path, 'log.example/audit', true);
    const ledger = memoryLedger();
    ledger.append('event.added');
    const { key: second, note } = beginRotation(path, first, 1);
    await AuditLog.open({ store: ledger, key: first, now: () => 0 });
    ledger.append('key.rotated', { note });
    const retiredKeys = [first.verifier];
    const { log } = await AuditLog.open({ store: ledger, key: second, retiredKeys, now: () => 0 });
    const head = (await log.sign())!;
    const known = [first.verifier, second.verifier];
    const folder = newFolder();
    await exportAudit(folder, {
      store: ledger,
      head,
      known,
      rotations: [note],
      anchors: [],
      readBlob: async () => null,
    });
    for (const key of known) expect(verifyExport(folder, formatVerifierKey(key)).rotations).toBe(1);
    rmSync(join(folder, 'rotations'), { recursive: true });
    expect(failure(() => verifyExport(folder, formatVerifierKey(first.verifier))).code).toBe('bad-signature');
  });
});

describe('tiles', () => {
  it.each([
    ['entries', 0, 256, 'tile/entries/000'],
    [0, 1, 44, 'tile/0/001.p/44'],
    [1, 1234067, 256, 'tile/1/x001/x234/067'],
  ] as const)('are named as tlog-tiles says: %s %i', (level, index, width, path) => {
    expect(tilePath(level, index, width)).toBe(path);
  });

  it('of a tree of 70,000 are those of the specification', () => {
    const tiles = [...tilesOf(70_000)];
    const count = (level: number, isFull: boolean) =>
      tiles.filter((t) => t.level === level && (t.width === 256) === isFull).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, false)]).toEqual([
      273, 1, 1, 1, 1,
    ]);
    expect(tiles.filter(({ width }) => width < 256).map(({ width }) => width)).toEqual([112, 17, 1]);
    expect([...tilesOf(256)]).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
  });

  it('bundle any entries and give them back; an entry too long is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (entries) => {
        expect(decodeBundle(encodeBundle(entries, 0), 0).map((e) => [...e])).toEqual(entries.map((e) => [...e]));
      }),
    );
    expect(failure(() => encodeBundle([new Uint8Array(65_536)], 7))).toMatchObject({ code: 'bad-record', seq: 7 });
  });
});

function swap(path: string, make: (path: string) => void): void {
  rmSync(path);
  make(path);
}

function change(path: string, edit: (text: string) => string, encoding: BufferEncoding = 'utf8'): void {
  writeFileSync(path, edit(readFileSync(path, encoding)), encoding);
}
