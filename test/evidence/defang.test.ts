import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defang, defangText, refang } from '../../src/evidence/defang.ts';

describe('defang', () => {
  it.each([
    ['http://evil.example/a.php', 'hxxp://evil[.]example/a[.]php'],
    ['HTTPS://evil.example', 'hxxps://evil[.]example'],
    ['203.0.113.9', '203[.]0[.]113[.]9'],
    ['eve@evil.example', 'eve[@]evil[.]example'],
    ['ftp://u@h.example', 'fxp://u[@]h[.]example'],
    ['d41d8cd98f00b204e9800998ecf8427e', 'd41d8cd98f00b204e9800998ecf8427e'],
  ])('writes %s as %s', (raw, dead) => {
    expect(defang(raw)).toBe(dead);
    expect(defang(dead)).toBe(dead);
    expect(refang(dead)).toBe(raw.replace('HTTPS', 'https'));
  });

  it.each([
    ['hXXps[://]evil(dot)example/x', 'https://evil.example/x'],
    ['eve[at]evil[dot]example', 'eve@evil.example'],
    ['198.51.100[.]7', '198.51.100.7'],
    ['hxxp[:]//evil{.}example', 'http://evil.example'],
  ])('reads the foreign spelling %s', (dead, raw) => {
    expect(refang(dead)).toBe(raw);
  });

  it('leaves nothing in running text that a chat client would link', () => {
    expect(defangText('GET http://evil.example/x.sh from 203.0.113.9, mail eve@evil.example. Took 1.5 s (v2.10)')).toBe(
      'GET hxxp://evil[.]example/x[.]sh from 203[.]0[.]113[.]9, mail eve[@]evil[.]example. Took 1.5 s (v2.10)',
    );
    expect(defangText('see bit.ly/abc and www.example.com:8080')).toBe('see bit[.]ly/abc and www[.]example[.]com:8080');
  });

  it('never throws, and one round is as good as two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(defang(defang(text))).toBe(defang(text));
        defangText(text);
        refang(text);
      }),
      { seed: 3 },
    );
  });

  it('answers a megabyte of dots at once', () => {
    expect(defangText('a.'.repeat(500_000)).length).toBeGreaterThan(1_000_000);
    expect(defangText(`${'@'.repeat(1_000_000)}.`).length).toBeGreaterThan(0);
  });
});
