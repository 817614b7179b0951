import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript, run by npm run generate as well.
import { idsOf, PROMISES, safetyDoc, titlesById } from '../scripts/safety.mjs';

describe('docs/safety.md', () => {
  it('has a test for every invariant, every abuse case and every promise', () => {
    const missing = [...(titlesById() as Map<string, unknown[]>)]
      .filter(([, titles]) => titles.length === 0)
      .map(([id]) => id);
    expect(missing).toEqual([]);
    expect(Object.keys(PROMISES as object)).toHaveLength(120);
  });

  it('is what the titles of the tests say; run "npm run generate" when it is not', () => {
    expect(readFileSync('docs/safety.md', 'utf8')).toBe(safetyDoc(titlesById()));
  });

  it.each([
    ['invariant I4, abuse A10: somebody leaves', ['I4', 'A10']],
    ['invariant I1, I17: one', ['I1', 'I17']],
    ['beyond B1, abuse C1: changed', ['beyond B1', 'C1']],
    ['past F13: a stale card', ['past F13']],
    ['abuse G2, abuse G3, abuse G4: $name', ['G2', 'G3', 'G4']],
  ])('reads the ids of "%s"', (title, ids) => {
    expect(idsOf(title)).toEqual(ids);
  });
});
