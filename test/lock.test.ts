import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

const text = readFileSync('package-lock.json', 'utf8');
const lock = JSON.parse(text) as Lock;

it('the lock file fits every platform: each optional package it names has an entry', () => {
  const names = new Set(Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const missing = Object.values(lock.packages).flatMap((p) =>
    Object.keys(p.optionalDependencies ?? {}).filter((name) => !names.has(name)),
  );
  expect(missing, 'run "node scripts/complete-lock.mjs"').toEqual([]);
});

it('the lock file names no registry host', () => {
  expect(text).not.toMatch(/"resolved"|https?:\/\/[^"]*registry/);
});
