import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, leafHash } from '../../src/audit/canonical.ts';
import { openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { AuditError } from '../../src/audit/errors.ts';
import {
  beginRotation,
  finishRotation,
  generateKey,
  openKeyFile,
  openRotation,
  trustThroughRotations,
} from '../../src/audit/keys.ts';
import { MerkleTree } from '../../src/audit/merkle.ts';
import { formatVerifierKey, openNote, parseVerifierKey, signNote } from '../../src/audit/note.ts';
import { formatReceipt, parseReceipt, verifyReceipt } from '../../src/audit/receipt.ts';

// The example of golang.org/x/mod/sumdb/note (BSD-3-Clause): key, verifier key and signed note.
const GO_SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const GO_VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const folder = () => mkdtempSync(join(tmpdir(), 'countersign-key-'));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AuditError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a signed note', () => {
  it("equals Go's example byte for byte, from the same key file", () => {
    const path = join(folder(), 'key');
    writeFileSync(path, `${GO_SECRET}\n`, { mode: 0o600 });
    const key = openKeyFile(path, 'PeterNeumann', false);
    expect(formatVerifierKey(key.verifier)).toBe(GO_VKEY);
    expect(signNote(GO_TEXT, [key])).toBe(GO_NOTE);
    expect(openNote(GO_NOTE, [parseVerifierKey(GO_VKEY)]).text).toBe(GO_TEXT);
  });

  it('ignores unknown signatures before and after the known one', () => {
    const [mine, witness, other] = ['log.example', 'witness.example', 'log.example'].map(generateKey);
    const note = signNote('text\n', [witness!, mine!, other!]);
    expect(openNote(note, [mine!.verifier]).signedBy).toEqual([mine!.verifier]);
    expect(openNote(note, [other!.verifier, mine!.verifier]).signedBy).toHaveLength(2);
  });

  const key = generateKey('log.example');
  const good = signNote('a\n\nb\n', [key]);
  it.each([
    ['another text', good.replace('a\n', 'c\n'), 'bad-signature'],
    ['another key', signNote('a\n', [generateKey('log.example')]), 'bad-signature'],
    [
      'a flipped signature bit',
      good.replace(/.(?=={1,2}\n$|[A-Za-z0-9+/]\n$)/, (c) => (c === 'A' ? 'B' : 'A')),
      'bad-',
    ],
    ['no signature', 'a\n', 'bad-note'],
    ['no final newline', good.slice(0, -1), 'bad-note'],
    ['a tab', good.replace('a\n', 'a\t\n'), 'bad-note'],
    ['a carriage return', good.replace('a\n', 'a\r\n'), 'bad-note'],
    ['a hyphen for the dash', good.replace('—', '-'), 'bad-note'],
    ['base64 spelt otherwise', good.replace(/=+\n$/, '\n'), 'bad-note'],
    ['too many signatures', `a\n\n${good.slice(good.lastIndexOf('\n\n') + 2).repeat(101)}`, 'bad-note'],
    ['huge', 'x'.repeat(1_000_001), 'bad-note'],
  ])('is refused with %s', (_name, note, code) => {
    expect(codeOf(() => openNote(note, [key.verifier]))).toContain(code);
  });

  it('refuses text that would frame another note', () => {
    for (const text of ['no newline', 'bell\u0007\n', 'lone \ud800\n']) {
      expect(codeOf(() => signNote(text, [key]))).toBe('bad-note');
    }
    expect(codeOf(() => generateKey('has space'))).toBe('bad-key');
    expect(codeOf(() => generateKey('a+b'))).toBe('bad-key');
    expect(codeOf(() => generateKey(''))).toBe('bad-key');
  });

  it.each([
    ['another id', GO_VKEY.replace('c74f20a3', 'c74f20a4')],
    ['another type', GO_VKEY.replace('+AR', '+BR')],
    ['a cut key', GO_VKEY.slice(0, -4)],
    ['nothing', ''],
  ])('a verifier key with %s is refused', (_name, text) => {
    expect(codeOf(() => parseVerifierKey(text))).toBe('bad-key');
  });
});

describe('a checkpoint', () => {
  const key = generateKey('log.example/audit');
  const root = leafHash(new Uint8Array());

  it('reads back what was signed', () => {
    const { note } = signCheckpoint(42, root, key);
    expect(note.startsWith('log.example/audit\n42\n')).toBe(true);
    expect(openCheckpoint(note, [key.verifier])).toMatchObject({ origin: 'log.example/audit', size: 42, note });
  });

  it('of another origin is refused, though a trusted key signed it', () => {
    const note = signNote(`elsewhere.example\n1\n${Buffer.from(root).toString('base64')}\n`, [key]);
    expect(codeOf(() => openCheckpoint(note, [key.verifier]))).toBe('bad-checkpoint');
  });

  it.each([
    ['leading zero', 'o\n01\nAAAA\n'],
    ['negative', 'o\n-1\nAAAA\n'],
    ['hexadecimal', 'o\n0x10\nAAAA\n'],
    ['beyond exact integers', `o\n9007199254740993\n${Buffer.alloc(32).toString('base64')}\n`],
    ['short root', 'o\n1\nAAAA\n'],
    ['no origin', `\n1\n${Buffer.alloc(32).toString('base64')}\n`],
    ['empty extension line', `o\n1\n${Buffer.alloc(32).toString('base64')}\n\nx\n`],
    ['two lines', 'o\n1\n'],
  ])('is refused: %s', (_name, text) => {
    expect(codeOf(() => parseCheckpoint(text))).toBe('bad-checkpoint');
  });
});

describe('a receipt', () => {
  const key = generateKey('log.example/audit');
  const records = Array.from({ length: 70 }, (_, seq) => canonicalBytes({ seq, type: 'approval.granted' }));
  const tree = new MerkleTree();
  for (const bytes of records) tree.append(leafHash(bytes));
  const checkpoint = signCheckpoint(70, tree.root(), key).note;
  const receipt = (index: number) => formatReceipt({ index, proof: tree.inclusionProof(index), checkpoint });

  it('proves its record offline, and no other', () => {
    fc.assert(
      fc.property(fc.nat(69), fc.nat(69), (index, other) => {
        expect(verifyReceipt(receipt(index), [key.verifier], records[index]!).seq).toBe(index);
        if (other !== index)
          expect(codeOf(() => verifyReceipt(receipt(index), [key.verifier], records[other]!))).toBe('bad-proof');
      }),
    );
  });

  it('may bring its record along, which counts only under the proof', () => {
    const extra = records[3]!;
    const text = formatReceipt({ index: 3, proof: tree.inclusionProof(3), checkpoint, extra });
    expect(verifyReceipt(text, [key.verifier]).bytes).toEqual(extra);
    const swapped = formatReceipt({ index: 3, proof: tree.inclusionProof(3), checkpoint, extra: records[4]! });
    expect(codeOf(() => verifyReceipt(swapped, [key.verifier]))).toBe('bad-proof');
    expect(codeOf(() => verifyReceipt(receipt(3), [key.verifier]))).toBe('bad-receipt');
  });

  it('keeps extra data apart from what is proven', () => {
    const text = formatReceipt({ index: 3, proof: tree.inclusionProof(3), checkpoint, extra: new Uint8Array([1, 2]) });
    expect(text.split('\n').slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra AQI=', 'index 3']);
    expect(verifyReceipt(text, [key.verifier], records[3]!).seq).toBe(3);
  });

  it.each([
    ['another key', receipt(5), [generateKey('log.example/audit').verifier], 'bad-signature'],
    ['another index', receipt(5).replace('index 5', 'index 6'), [key.verifier], 'bad-proof'],
    ['a hash less', receipt(5).replace(/index 5\n[^\n]+\n/, 'index 5\n'), [key.verifier], 'bad-proof'],
    ['another size', receipt(5).replace('\n70\n', '\n71\n'), [key.verifier], 'bad-signature'],
    ['another version', receipt(5).replace('@v1', '@v2'), [key.verifier], 'bad-receipt'],
    ['an index with a zero before it', receipt(5).replace('index 5', 'index 05'), [key.verifier], 'bad-receipt'],
    ['a short hash', receipt(5).replace(/index 5\n[^\n]+/, 'index 5\nAAAA'), [key.verifier], 'bad-receipt'],
    ['nothing in it', '', [key.verifier], 'bad-receipt'],
  ])('is refused with %s', (_name, text, keys, code) => {
    expect(codeOf(() => verifyReceipt(text, keys, records[5]!))).toBe(code);
  });

  it('reads any text without anything but its own refusal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(codeOf(() => parseReceipt(`c2sp.org/tlog-proof@v1\n${text}`))).toMatch(/bad-receipt|accepted/);
      }),
    );
  });
});

describe('the key file', () => {
  it('is made once, only its owner can read it, and it opens again to the same key', () => {
    const path = join(folder(), 'ledger.key');
    const made = openKeyFile(path, 'log.example', true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(formatVerifierKey(openKeyFile(path, 'log.example', false).verifier)).toBe(formatVerifierKey(made.verifier));
  });

  it('is refused when others can read it, when it is of another log, damaged, or lost while the log goes on', () => {
    const path = join(folder(), 'ledger.key');
    openKeyFile(path, 'log.example', true);
    expect(codeOf(() => openKeyFile(path, 'other.example', false))).toBe('bad-key');
    chmodSync(path, 0o644);
    expect(codeOf(() => openKeyFile(path, 'log.example', false))).toBe('bad-key');
    chmodSync(path, 0o600);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\+[0-9a-f]{8}\+/, '+00000000+'));
    expect(codeOf(() => openKeyFile(path, 'log.example', false))).toBe('bad-key');
    writeFileSync(path, 'not a key');
    expect(codeOf(() => openKeyFile(path, 'log.example', false))).toBe('bad-key');
    expect(codeOf(() => openKeyFile(join(folder(), 'lost.key'), 'log.example', false))).toBe('bad-key');
  });

  it('rotates with a note that both keys signed, and trust follows it in either direction', () => {
    const path = join(folder(), 'ledger.key');
    const first = openKeyFile(path, 'log.example', true);
    const { key: second, note } = beginRotation(path, first, 12);
    // Begun twice, as after a crash before the record was committed: the same next key.
    expect(formatVerifierKey(beginRotation(path, first, 13).key.verifier)).toBe(formatVerifierKey(second.verifier));
    expect(formatVerifierKey(finishRotation(path).verifier)).toBe(formatVerifierKey(second.verifier));
    expect(existsSync(`${path}.${first.verifier.id}`)).toBe(true);
    expect(formatVerifierKey(openKeyFile(path, 'log.example', false).verifier)).toBe(
      formatVerifierKey(second.verifier),
    );
    const ids = (keys: readonly { id: string }[]) => keys.map(({ id }) => id);
    expect(ids(trustThroughRotations(first.verifier, [note]))).toEqual([first.verifier.id, second.verifier.id]);
    expect(ids(trustThroughRotations(second.verifier, [note]))).toEqual([second.verifier.id, first.verifier.id]);
    expect(openRotation(note).size).toBe(12);
  });

  it('a rotation that the old key did not sign, or that is edited, gives no trust', () => {
    const mine = generateKey('log.example');
    const thief = generateKey('log.example');
    const text = `countersign key rotation v1\nlog.example\n3\n${formatVerifierKey(mine.verifier)}\n${formatVerifierKey(thief.verifier)}\n`;
    expect(codeOf(() => trustThroughRotations(mine.verifier, [signNote(text, [thief])]))).toBe('bad-signature');
    const fair = signNote(text, [mine, thief]);
    expect(codeOf(() => openRotation(fair.replace('\n3\n', '\n4\n')))).toBe('bad-signature');
    expect(codeOf(() => openRotation('hello\n'))).toBe('bad-note');
  });
});
