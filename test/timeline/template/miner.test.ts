import { expect, test } from 'vitest';
import { contentOf } from '../../../src/timeline/template/header.ts';
import { createTemplateMiner } from '../../../src/timeline/template/miner.ts';
import { readRecord } from '../read-record.ts';

/** Groups of the lines, numbered by first appearance. */
function groups(lines: readonly string[]): number[] {
  const miner = createTemplateMiner();
  const found = lines.map((line) => miner.add(readRecord(line)));
  miner.settle();
  const seen = new Map<string, number>();
  return found.map((group) => {
    const id = miner.idOf(group);
    if (!seen.has(id)) seen.set(id, seen.size);
    return seen.get(id)!;
  });
}

test.each([
  [
    'numbers, addresses and paths are values',
    ['open /srv/a.txt from 192.0.2.1:80 took 12 ms', 'open /etc/b from 198.51.100.9:4242 took 7 sec'],
    [0, 0],
  ],
  ['states are kinds, not values', ['job_1 went from NEW to RUNNING', 'job_2 went from RUNNING to DONE'], [0, 1]],
  [
    'lists of any length are one value',
    ['ask 192.0.2.1:50010 to delete blk_1 blk_2', 'ask 192.0.2.2:50010 to delete blk_3 blk_4 blk_-5 blk_6'],
    [0, 0],
  ],
  ['a size in two units is one value', ['sent 12 bytes to peer', 'sent 1165 bytes (1.13 KB) to peer'], [0, 0]],
  [
    'octets with and without digits are one value',
    ['new card 00:1a:2b:3c:4d:5e up', 'new card fa:ca:de:ab:cd:ef up'],
    [0, 0],
  ],
  [
    'a word where another line has a number is a value',
    ['device sit0 is not an ethernet device', 'device lo is not an ethernet device'],
    [0, 0],
  ],
  [
    'key=value records go by their keys, not by their values',
    [
      'type=A pid=1 uid=0 acct="root" res=ok',
      'type=A pid=2 uid=33 acct="www" res=failed',
      'type=B pid=2 uid=33 acct="www" res=failed',
    ],
    [0, 0, 1],
  ],
  [
    'JSON goes by what it says happened',
    [
      '{"eventName":"ListBuckets","a":1,"b":2}',
      '{"eventName":"StopLogging","a":1,"b":2}',
      '{"eventName":"ListBuckets","a":9,"b":4}',
    ],
    [0, 1, 0],
  ],
])('%s', (_name, lines, wanted) => {
  expect(groups(lines)).toEqual(wanted);
});

test('many words at one place are values, few are kinds', () => {
  const names = 'ada bea cid dov eli fay gus hal'.split(' ');
  expect(new Set(groups(names.map((name) => `session opened for ${name} by daemon`))).size).toBe(1);
  expect(new Set(groups(names.slice(0, 4).map((name) => `session opened for ${name} by daemon`))).size).toBe(4);
});

test('the fingerprint of a key is a value, letters or not', () => {
  const miner = createTemplateMiner();
  const line = (print: string) => `Accepted publickey for deploy from 192.0.2.7 port 4242 ssh2: RSA SHA256:${print}`;
  expect(miner.assign(line('fwepqn'))).toBe(miner.assign(line('17ghb3')));
});

test('a template reads like its lines and has the same id in every paste', () => {
  const [one, two] = [createTemplateMiner(), createTemplateMiner()];
  const a = one.assign('Failed password for root from 192.0.2.7 port 22 ssh2');
  two.assign('something else first');
  const b = two.assign('Failed password for root from 198.51.100.7 port 4242 ssh2');
  for (const miner of [one, two]) miner.settle();
  expect(one.templateOf(a)).toBe('Failed password for root from <*> port <*>');
  expect(two.idOf(b)).toBe(one.idOf(a));
});

test.each([
  ['INFO [main] org.example.app.Server: started in 3 ms', 'started in 3 ms'],
  ['- INFO  [Worker[id=1]/0:0:0:0:2181:Election@774] - Notification time out: 3200', 'Notification time out: 3200'],
  ['25746 INFO nova.osapi.wsgi [req-1 - - -] 192.0.2.1 "GET /" status: 200', '192.0.2.1 "GET /" status: 200'],
  ['R02-M1 RAS KERNEL INFO cache error corrected', 'cache error corrected'],
  ['error: Bind to port 22 failed', 'error: Bind to port 22 failed'],
  ['chrome.exe *64 - host.example:443 close', 'host.example:443 close'],
  ['the system saw an ERROR here', 'the system saw an ERROR here'],
])('the content of %s is %s', (message, content) => {
  expect(contentOf(message)).toBe(content);
});

test('hostile messages are grouped in bounded time', () => {
  const miner = createTemplateMiner();
  for (const hostile of [
    '['.repeat(1e6),
    `${'a='.repeat(5e5)}`,
    '\u0000'.repeat(1e5),
    `${'x '.repeat(5e5)}`,
    `${'1.'.repeat(5e5)}`,
  ])
    miner.assign(hostile);
  miner.settle();
  expect(miner.groupCount).toBeLessThanOrEqual(5);
});
