import { describe, expect, it } from 'vitest';
import { linesAt } from '../../src/evidence/lines.ts';
import { readCites } from '../../src/finding/confidence.ts';
import { valuesIn, valuesNotIn } from '../../src/finding/values.ts';

describe('values of a claim', () => {
  it.each([
    ['an address', 'Root came from 203.0.113.9.', ['203.0.113.9']],
    ['an address with a port', 'from 203.0.113.9:4711', ['203.0.113.9']],
    ['a defanged address', 'from 203[.]0[.]113[.]9', ['203.0.113.9']],
    ['an IPv6 address, and no clock time', 'at 08:15:30 from 2001:db8::7', ['2001:db8::7']],
    ['a version that looks like one', 'OpenSSH 9.6 and 1.2.3', []],
    ['a hash', 'd41d8cd98f00b204e9800998ecf8427e was dropped', ['d41d8cd98f00b204e9800998ecf8427e']],
    ['quoted words', 'it said "not allowed" twice', ['not allowed']],
    ['a CVE number', 'through CVE-2026-12345', ['CVE-2026-12345']],
  ])('finds %s', (_name, claim, values) => expect(valuesIn(claim)).toEqual(values));

  it('does not take a longer address for the one that is claimed', () => {
    expect(valuesNotIn('from 10.0.0.1', ['from 10.0.0.12'])).toEqual(['10.0.0.1']);
    expect(valuesNotIn('from 10.0.0.1', ['from=10.0.0.1:22'])).toEqual([]);
  });

  it('compares with nothing when nothing was cited', () => expect(valuesNotIn('from 10.0.0.1', [])).toEqual([]));
});

describe('lines of evidence', () => {
  const bytes = new TextEncoder().encode('one\ntwo\n\nfour');
  it('are read by number, as the timeline counts', () =>
    expect([...linesAt(bytes, new Set([2, 4, 9]))]).toEqual([
      [2, 'two'],
      [4, 'four'],
    ]));
  it('are none of nothing', () => expect([...linesAt(new Uint8Array(), new Set([1]))]).toEqual([]));
});

describe('citations as people type them', () => {
  it.each([
    ['ev-1:12, TE-4', ['EV-1:12', 'TE-4'], []],
    ['EV-1:12-20;EV-1:12-20', ['EV-1:12-20'], []],
    ['[EV-2] and more', ['EV-2'], ['and', 'more']],
  ])('reads %s', (typed, cites, wrong) => expect(readCites(typed)).toEqual({ cites, wrong }));
});
