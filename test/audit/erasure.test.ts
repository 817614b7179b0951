import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/audit/canonical.ts';
import { blobReferences, commitText, eraseTexts, openCommitment } from '../../src/audit/erasure.ts';
import { AuditError } from '../../src/audit/errors.ts';

const salt = (fill: number) => new Uint8Array(32).fill(fill);
const SHA = sha256Hex('x');

describe('a committed text', () => {
  it('opens from its blob, and from no other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (text, random) => {
        const { commitment, blob } = commitText(text, random);
        expect(sha256Hex(blob)).toBe(commitment);
        expect(openCommitment({ commitment }, blob)).toBe(text);
        const spoilt = Uint8Array.from(blob);
        spoilt[spoilt.length - 3]! ^= 1;
        expect(() => openCommitment({ commitment }, spoilt)).toThrow(AuditError);
      }),
    );
  });

  it('cannot be found by guessing: the same text under another salt is another commitment', () => {
    expect(commitText('call +00 000', salt(1)).commitment).not.toBe(commitText('call +00 000', salt(2)).commitment);
    expect(() => commitText('x', new Uint8Array(16))).toThrow(RangeError);
  });

  it('is not any JSON of that hash', () => {
    for (const text of ['{}', '{"kind":"countersign-text-v1","salt":"AA==","text":"x"}', '[1]']) {
      const blob = new TextEncoder().encode(text);
      expect(() => openCommitment({ commitment: sha256Hex(blob) }, blob)).toThrow(AuditError);
    }
  });
});

describe('an erasure', () => {
  it('is a record that names commitments, reason and authority', () => {
    expect(eraseTexts([SHA, SHA], 'request', 'privacy officer')).toEqual({
      type: 'text.erased',
      body: { commitments: [SHA], reason: 'request', authority: 'privacy officer' },
    });
  });

  it.each([
    [[SHA], ' ', 'x', 'reason-missing'],
    [[SHA], 'x', '', 'authority-missing'],
    [[], 'x', 'x', 'not-a-commitment'],
    [['EV-1'], 'x', 'x', 'not-a-commitment'],
  ])('of %j for "%s" by "%s" is refused: %s', (commitments, reason, authority, code) => {
    expect(eraseTexts(commitments, reason, authority)).toMatchObject({ kind: 'refused', code });
  });
});

describe('blob references', () => {
  it('are found at any depth, only under the keys that name blobs', () => {
    const body = {
      a: [{ sha256: SHA }],
      reading: { result: sha256Hex('y') },
      ioc: SHA,
      sha256: 'not hex',
      text: { commitment: sha256Hex('z') },
    };
    expect([...blobReferences({ type: 'x.y', body })].sort()).toEqual([SHA, sha256Hex('y'), sha256Hex('z')].sort());
    expect(blobReferences({ type: 'text.erased', body })).toEqual([]);
    for (const odd of [null, 1, 'x', []]) expect(blobReferences({ type: 'x.y', body: odd })).toEqual([]);
  });
});
