// Lines that differ only in numbers are judged alike, so a number that decides what a line means has to be part of its shape.
import { expect, test } from 'vitest';
import { describe as meaningOf } from '../../../src/timeline/meaning/describe.ts';
import { RULES } from '../../../src/timeline/meaning/rules/all.ts';
import { maskEnd, maskStart, newShape, shapeReader } from '../../../src/timeline/scan/line-shape.ts';
import { readRecord } from '../read-record.ts';

const readShape = shapeReader(0x5eed1, 0x5eed2);

function shapeOf(text: string) {
  const bytes = Buffer.from(text);
  const shape = newShape();
  readShape(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, shape);
  return shape;
}

/** The same line with the digits of one masked part changed, in two ways. */
function* variants(text: string): Generator<string> {
  const shape = shapeOf(text);
  for (let m = 0; m < shape.maskCount; m++) {
    const [from, to] = [maskStart(shape, m), maskEnd(shape, m)];
    const masked = text.slice(from, to);
    if (!/^\d+$/.test(masked)) continue;
    for (const by of [1, 4])
      yield text.slice(0, from) +
        masked.replace(/\d/g, (digit) => String(1 + ((Number(digit) + by) % 9))) +
        text.slice(to);
  }
}

const said = (text: string): string => {
  const { severity, rules, techniques, phase, entities } = meaningOf(readRecord(text));
  return JSON.stringify({ severity, rules, techniques, phase, outcome: entities.outcome, action: entities.action });
};

test.each(RULES.map((rule) => [rule.id, rule.sample]))(
  '%s: no number that is masked decides what its sample means',
  (_, sample) => {
    for (const line of sample.split('\n')) {
      const { hash1, hash2, isPlain } = shapeOf(line);
      if (!isPlain) continue;
      for (const variant of variants(line)) {
        const shape = shapeOf(variant);
        if (shape.hash1 === hash1 && shape.hash2 === hash2) expect(said(variant), variant).toBe(said(line));
      }
    }
  },
);

test.each([
  ['kernel: DROP IN=eth0 SRC=192.0.2.7 DST=198.51.100.2 PROTO=TCP SPT=', '53', '40111'],
  ['%ASA-2-106017: Deny IP due to Land Attack from 192.0.2.7 to 192.0.2.', '7', ''],
])('%s%s is told from other numbers', (line, telling, other) => {
  const [one, two] =
    other === '' ? [line + telling, line.replace('-2-', '-6-') + telling] : [line + telling, line + other];
  expect(shapeOf(one).hash1).not.toBe(shapeOf(two).hash1);
});
