import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { packedBytes, packedFile } from '../../src/evidence/packed.ts';
import { unpack } from '../../src/evidence/unpack.ts';
import { UNPACK_LIMITS, type UnpackLimits } from '../../src/evidence/unpack-limits.ts';
import { isRefusal } from '../../src/refusal.ts';

const MIB = 1 << 20;
const small = { maxBytes: 8 * MIB, maxRatio: 20, freeBytes: MIB, maxMembers: 5 };
const text = (s: string) => new TextEncoder().encode(s);
const zip = (files: Record<string, Uint8Array>, level: 0 | 9 = 9) => zipSync(files, { level });

/** Unpacks into a folder of its own and gives what came out as text. */
async function open(name: string, bytes: Uint8Array, limits: UnpackLimits = small, isOnDisk = false) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-unpack-'));
  try {
    const packed = join(folder, 'packed');
    if (isOnDisk) writeFileSync(packed, bytes);
    const source = isOnDisk ? packedFile(packed, bytes.length) : packedBytes(bytes);
    const members = await unpack(name, source, folder, limits);
    if (members === null || isRefusal(members)) return members;
    return members.map((m) => {
      const text = readFileSync(m.path, 'utf8');
      expect(Buffer.byteLength(text)).toBe(m.sizeBytes);
      return [m.name, text] as const;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function names(name: string, bytes: Uint8Array) {
  const members = await open(name, bytes);
  if (members === null || isRefusal(members)) throw new Error(members?.message ?? 'null');
  expect(await open(name, bytes, small, true)).toEqual(members);
  return members;
}

async function refusal(name: string, bytes: Uint8Array) {
  const refused = await open(name, bytes);
  if (!isRefusal(refused)) throw new Error('was opened');
  return [refused.code, refused.message] as const;
}

describe('an upload', () => {
  it('is left as it is when it is no archive', async () => {
    expect(await open('a.log', text('Nov 19 ...'), UNPACK_LIMITS)).toBeNull();
    expect(await open('empty', new Uint8Array(), UNPACK_LIMITS, true)).toBeNull();
  });

  it('gives the log within a .gz, several gzip parts as one', async () => {
    expect(await names('auth.log.1.gz', gzipSync('one\n'))).toEqual([['auth.log.1', 'one\n']]);
    const parts = Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]);
    expect(await names('auth.log.gz', parts)).toEqual([['auth.log', 'one\ntwo\n']]);
  });

  it.each([0, 9] as const)('gives every file of a .zip as a source, at level %i', async (level) => {
    const files = {
      'var/auth.log': text('a\n'),
      'var/ä\u202e.log': text('b\n'),
      'var/': text(''),
      '__MACOSX/x': text('c'),
      nothing: text(''),
    };
    expect(await names('logs.zip', zip(files, level))).toEqual([
      ['logs.zip/var/auth.log', 'a\n'],
      ['logs.zip/var/ä<U+202E>.log', 'b\n'],
    ]);
  });

  it('refuses bombs with their ratio, before they are in memory', async () => {
    const zeros = new Uint8Array(4 * MIB);
    const gz = await refusal('a.log.gz', gzipSync(zeros));
    expect(gz[0]).toBe('bomb');
    expect(gz[1]).toMatch(/^a\.log\.gz unpacks to more than \d{3} times its size/);
    expect((await refusal('a.zip', zip({ a: zeros })))[0]).toBe('bomb');
    const many = await refusal('a.zip', zip({ a: new Uint8Array(MIB - 10), b: new Uint8Array(MIB - 10) }));
    expect(many[0]).toBe('bomb');
  });

  it('refuses what is too big with what to do', async () => {
    const noise = new Uint8Array(9 * MIB).map((_, i) => (i * 2654435761) >>> (i % 13));
    const [code, message] = await refusal('big.zip', zip({ a: noise }, 0));
    expect(code).toBe('too-big');
    expect(message).toContain('more than 8 MiB');
    expect((await refusal('many.zip', zip(Object.fromEntries([...'abcdef'].map((n) => [n, text(n)])))))[1]).toContain(
      'holds 6 files; 5 are the most',
    );
  });

  it.each<[string, Uint8Array, string, string]>([
    ['a zip in a zip', zip({ 'in.zip': zip({ a: text('x') }) }), 'nested', 'in.zip is an archive inside an archive'],
    ['a gz in a gz', gzipSync(gzipSync('x')), 'nested', 'inside an archive'],
    [
      'a tar in a gz',
      gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\0'), Buffer.alloc(249)])),
      'nested',
      'a tar archive inside',
    ],
    ['7z', Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), 'not-readable', 'a 7-Zip archive. Unpack it'],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), 'not-readable', 'zstd-compressed'],
    ['a cut gz', gzipSync('hello hello').subarray(0, 15), 'bad-archive', 'it ends too early'],
    ['a damaged gz', Uint8Array.of(0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9), 'bad-archive', 'its data is damaged'],
    ['a cut zip', zip({ a: text('hello') }).subarray(0, 30), 'bad-archive', 'directory is missing'],
    ['an empty zip', zip({}), 'bad-archive', 'no file with anything in it'],
    ['a damaged event log', text('ElfFile\0 and then nothing'), 'not-readable', 'wevtutil qe'],
  ])('refuses %s', async (_, bytes, code, message) => {
    expect(await refusal('up.load', bytes)).toEqual([code, expect.stringContaining(message)]);
  });

  it('refuses a password and a wrong checksum', async () => {
    const locked = Buffer.from(zip({ a: text('secret') }));
    const entry = locked.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    locked[entry + 8] = 1;
    expect((await refusal('l.zip', locked))[0]).toBe('encrypted');
    const bad = Buffer.from(zip({ a: text('checksum') }, 0));
    bad[bad.indexOf('checksum')] = 0x43;
    expect((await refusal('b.zip', bad))[1]).toContain('does not match its checksum');
  });

  it('answers any damage to an archive with sources or a refusal', async () => {
    const whole = Buffer.from(zip({ a: text('hello '.repeat(50)), 'b/c': text('x') }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(whole.length),
        async (hits, cut) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of hits) bytes[at] = value;
          const answer = await open('a.zip', bytes.subarray(0, cut));
          expect(answer === null || isRefusal(answer) || answer.length > 0).toBe(true);
        },
      ),
      { seed: 6, numRuns: 300 },
    );
  });
});
