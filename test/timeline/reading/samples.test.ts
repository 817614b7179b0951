import { describe, expect, it } from 'vitest';
import { readEntries } from '../../../src/timeline/entries.ts';
import { SAMPLES } from './samples.ts';

const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };

for (const [family, samples] of Object.entries(SAMPLES)) {
  describe(`samples: ${family}`, () => {
    it.each(samples)('%j', (text, times) => {
      const dated = readEntries(Buffer.from(text), OPTIONS).filter((e) => e.kind === 'entry' && e.occurredAt !== null);
      expect(dated.map((e) => e.occurredAt)).toEqual(times);
    });
  });
}
