import { expect, test } from 'vitest';
import { createIndicatorCollector, refanged } from '../../src/timeline/indicators.ts';

function found(text: string): string[] {
  const collector = createIndicatorCollector();
  collector.add(text, 1, true);
  return collector
    .finish()
    .map((one) => `${one.type} ${one.value}`)
    .sort();
}

test.each([
  ['a public address', 'from 203.0.113.9 port 22', ['ipv4 203.0.113.9']],
  [
    'no private, loopback, multicast or broken address',
    '10.0.0.1 127.0.0.1 224.0.0.1 0.0.0.0 255.255.255.255 300.1.2.3 1.2.3',
    [],
  ],
  ['an IPv6 address in its shortest spelling', 'from 2001:0DB8:0000::0001 now', ['ipv6 2001:db8::1']],
  ['a version is an address only by accident of form', 'Chrome/90.0.4430.212', []],
  ['a domain under a public suffix', 'query evil.example.co.uk', ['domain evil.example.co.uk']],
  ['no file names, packages or local names', 'main.py run.sh org.apache.catalina.core server.local foo.zip', []],
  [
    'a defanged link with its host',
    'hxxps://bad.example[.]org/a?b=1',
    ['domain bad.example.org', 'url https://bad.example.org/a?b=1'],
  ],
  ['a mail address with its domain', 'from=<bill@phish.example.net>', ['email bill@phish.example.net']],
  [
    'hashes by length, the short ones only when called so',
    `md5=${'0a'.repeat(16)} id=${'1b'.repeat(16)} ${'2c'.repeat(32)}`,
    [`md5 ${'0a'.repeat(16)}`, `sha256 ${'2c'.repeat(32)}`],
  ],
  ['a vulnerability', 'exploit for cve-2021-44228', ['cve CVE-2021-44228']],
  [
    'paths of dropped files',
    'ran C:\\Users\\Public\\x.exe and /tmp/.x/run',
    ['path /tmp/.x/run', 'path C:\\Users\\Public\\x.exe'],
  ],
])('%s', (_name, text, wanted) => {
  expect(found(text)).toEqual(wanted);
});

test('lines are counted once each, and at most twenty are kept', () => {
  const collector = createIndicatorCollector();
  for (let line = 1; line <= 30; line++) collector.add('203.0.113.9 and 203.0.113.9', line, false);
  expect(collector.finish()).toMatchObject([{ count: 30, lines: Array.from({ length: 20 }, (_, i) => i + 1) }]);
});

test('refanging leaves ordinary text alone', () => {
  expect(refanged('a[0] = b.c (x) {y}')).toBe('a[0] = b.c (x) {y}');
});

test('hostile text is searched in bounded time', () => {
  const collector = createIndicatorCollector();
  for (const hostile of [
    'a.'.repeat(5e5),
    '1.'.repeat(5e5),
    'a@'.repeat(5e5),
    ':'.repeat(1e6),
    'http://'.repeat(2e5),
    'C:\\'.repeat(3e5),
    '-'.repeat(1e6),
  ])
    collector.add(hostile, 1, true);
  expect(collector.finish().length).toBeLessThan(200);
});

test('a line full of addresses of mail is searched for secrets once', () => {
  const collector = createIndicatorCollector();
  const text = (i: number, n: number): string =>
    Array.from({ length: n }, (_, k) => `user${k}@mail-${i}.example`).join(' ');
  const timed = (n: number): number => {
    const startedAt = process.cpuUsage();
    for (let i = 0; i < 20; i++) collector.add(text(i * n, n), i, false);
    const { user, system } = process.cpuUsage(startedAt);
    return user + system;
  };
  timed(20);
  // Ten times the addresses may cost some ten times as much, not a hundred times.
  expect(timed(400) / timed(40)).toBeLessThan(40);
});
