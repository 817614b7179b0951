import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { DEMO_NOW, DEMO_PASTES } from '../../src/incident/demo/demo.ts';

const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '10.20.0.0/16', '2001:db8::/32'].map(
  (range) => ipaddr.parseCIDR(range),
);
const [auth, access, cloud] = DEMO_PASTES;

describe('the sample incident', () => {
  it.each(DEMO_PASTES)('$name is a paste of 60 to 300 lines without markup of its own', ({ text }) => {
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(60);
    expect(lines.length).toBeLessThanOrEqual(300);
    expect(lines.every((line) => line.trim() !== '')).toBe(true);
  });

  it.each(DEMO_PASTES)('$name names only documentation and private addresses, and example hosts', ({ text }) => {
    for (const [address] of text.matchAll(/(?<![\w.#-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g)) {
      // Version numbers of browsers look like addresses too.
      if (/(?:Chrome|Safari|Firefox)\/$/.test(text.slice(0, text.indexOf(address)).slice(-8))) continue;
      const parsed = ipaddr.parse(address);
      expect(
        DOCUMENTATION.some(
          ([range, bits]) => parsed.kind() === range.kind() && parsed.match([range, bits] as [ipaddr.IPv4, number]),
        ),
        address,
      ).toBe(true);
    }
    for (const [, host] of text.matchAll(/https?:\/\/([a-z0-9.-]+)/g)) {
      expect(host).toMatch(/(^|\.)example\.(com|org)$|^203\.0\.113\.140$|^console\.aws\.amazon\.com$/);
    }
  });

  it('has a log without year and zone, one with an offset, and one in UTC, within the same two hours', () => {
    expect(auth!.text).not.toContain('2026');
    expect(auth!.zone).toBe('Europe/Berlin');
    expect(
      access!.text
        .trimEnd()
        .split('\n')
        .every((line) => / \[(?:19|20)\/Nov\/2026:\d\d:\d\d:\d\d \+0000\] /.test(line)),
    ).toBe(true);
    const times = cloud!.text
      .trimEnd()
      .split('\n')
      .map((line) => String(JSON.parse(line).eventTime));
    expect(times).toEqual([...times].sort());
    expect(times[0]! > '2026-11-19T22:20' && times.at(-1)! < DEMO_NOW).toBe(true);
  });

  it('tells the story: guesses, one success, a web shell, foreign use of the keys, one instruction', () => {
    const failures = auth!.text.match(/Failed password .* 203\.0\.113\.66/g)!;
    expect(failures.length).toBeGreaterThan(80);
    expect(auth!.text.match(/Accepted password .*/g)).toEqual([
      'Accepted password for svc-backup from 203.0.113.66 port 50022 ssh2',
    ]);
    expect(access!.text.match(/POST \/uploads\/thumb\.php/g)).toHaveLength(1);
    expect(
      cloud!.text.match(/"eventName":"CreateAccessKey","awsRegion":"us-east-1","sourceIPAddress":"203\.0\.113\.140"/g),
    ).toHaveLength(1);
    expect(DEMO_PASTES.map(({ text }) => text.match(/ignore all previous instructions/g)?.length ?? 0)).toEqual([
      0, 1, 0,
    ]);
  });
});
