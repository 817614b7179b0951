// The table of proofs in docs/slack.md names every test that is titled so, and nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('docs/slack.md names each of the fifteen proofs with its tests, as they are titled', () => {
  const titles = readdirSync('test/slack')
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => readFileSync(join('test/slack', file), 'utf8').split('\n'))
    .flatMap((line) => {
      const [, number, title] = /^\s*it\('proof (\d+)(?:, [^:]+)?: (.+)', async/.exec(line) ?? [];
      return number && title ? [{ number: Number(number), title }] : [];
    });
  const rows = readFileSync('docs/slack.md', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, number, , tests] = /^\| (\d+) \| ([^|]+) \| ([^|]+) \|/.exec(line) ?? [];
      return number && tests ? [{ number: Number(number), tests }] : [];
    });
  expect(rows.map((row) => row.number)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  for (const { number, tests } of rows) {
    const named = [...tests.matchAll(/`([^`]+)`/g)].map((m) => m[1] as string).filter((t) => !t.endsWith('.ts'));
    const written = titles.filter((t) => t.number === number).map((t) => t.title);
    expect([...new Set(named)].sort(), `proof ${number}`).toEqual([...new Set(written)].sort());
  }
});
