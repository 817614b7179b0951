// Lines that differ only in users' names, or in a number some rule looks for, are judged alike unless the part could tell.
import { expect, test } from 'vitest';
import { describe as meaningOf } from '../../../src/timeline/meaning/describe.ts';
import { lowerOf } from '../../../src/timeline/meaning/facts.ts';
import { RULES } from '../../../src/timeline/meaning/rules/all.ts';
import { partTeller } from '../../../src/timeline/meaning/telling-parts.ts';
import { newShape, shapeReader } from '../../../src/timeline/scan/line-shape.ts';
import { readRecord } from '../read-record.ts';

const tells = partTeller();

/** What a line is judged to be, but for the name itself. */
const said = (text: string, name: string): string => {
  const { severity, rules, techniques, phase, flags, entities } = meaningOf(readRecord(text));
  const { user, ...others } = entities;
  return JSON.stringify({ severity, rules, techniques, phase, flags, isUser: user === name, ...others });
};

const json = (name: string, text: string): string =>
  JSON.stringify({ time: '2026-11-19T08:15:30Z', user: name, level: 'info', text });
const access = (name: string, text: string): string =>
  `192.0.2.7 - ${name} [19/Nov/2026:08:15:30 +0000] "GET /${encodeURI(text.slice(0, 200))} HTTP/1.1" 200 12 "-" "-"`;

test.each(RULES.map((rule) => [rule.id, rule]))(
  '%s: no name that is said to tell nothing changes what a line means',
  (_, { on, sample }) => {
    const words = on.join(' ').match(/[a-z][a-z0-9_-]{1,20}/g) ?? [];
    const text = (sample.split('\n')[0] as string).replace(/["\\]/g, "'");
    for (const line of [json, access]) {
      const plain = said(line('qqqq', text), 'qqqq');
      for (const name of new Set([...words, 'root', 'jsmith', 'zara-ops', 'failed', 'none']))
        if (!tells(name, lowerOf(line(name, text)))) expect(said(line(name, text), name), line(name, text)).toBe(plain);
    }
  },
);

test('a name tells where a rule looks for it, where it is a word that weighs, and where it is nobody', () => {
  const lineOf = (name: string): string => lowerOf(json(name, 'session opened'));
  expect(tells('jsmith', lineOf('jsmith'))).toBe(false);
  for (const name of ['failed', 'malware', 'none', 'cve-2024-3094']) expect(tells(name, lineOf(name)), name).toBe(true);
});

test('the shape of a line holds its user, and can be read without', () => {
  const shapeOf = (text: string, isWithoutDoubts: boolean) => {
    const bytes = Buffer.from(text);
    const shape = newShape();
    const read = shapeReader(0x5eed1, 0x5eed2, { isWithoutDoubts });
    read(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, shape);
    return `${shape.hash1} ${shape.hash2}`;
  };
  for (const line of [json, access]) {
    expect(shapeOf(line('jsmith', 'x'), false)).not.toBe(shapeOf(line('svc-backup2', 'x'), false));
    expect(shapeOf(line('jsmith', 'x'), true)).toBe(shapeOf(line('svc-backup2', 'x'), true));
  }
  const other = 'Nov 19 08:15:30 web-1 app: started - jsmith [4]';
  expect(shapeOf(other, true)).not.toBe(shapeOf(other.replace('jsmith', 'mreyes'), true));
});
