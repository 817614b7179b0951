import { expect, it } from 'vitest';
import { barText } from '../../adapters/terminal/progress.ts';

const at = { name: '/var/log/web-01.example.net/auth.log', bytes: 42_000_000, size: 100_000_000, lines: 421_337 };

it('the bar says how far it is, how many lines, how long still, and of what', () => {
  expect(barText(at, 4200, 120)).toBe(
    '##########..............  42 %  421,337 lines  6 s left  /var/log/web-01.example.net/auth.log',
  );
  expect(barText({ ...at, bytes: 1_000_000 }, 4200, 120)).toContain('7 min left');
  expect(barText(at, 200, 120)).not.toContain('left');
  expect(barText({ ...at, bytes: at.size }, 4200, 120)).toContain('100 %  421,337 lines  /var');
});

it.each([20, 40, 60, 80, 200])('the bar stays on one line of %d columns', (columns) => {
  const text = barText({ ...at, name: `${'long/'.repeat(50)}end.log` }, 4200, columns);
  expect(text.length).toBeLessThan(columns);
  if (columns >= 80) expect(text).toMatch(/\.\.\..*end\.log$/);
});

it('a name that holds escapes does not reach the terminal as such', () => {
  expect(barText({ ...at, name: 'a\u001b]0;title\u0007b\n.log' }, 0, 120)).toContain('a?]0;title?b?.log');
});
