import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/refusal.ts';
import { parseFilter, passesFilter } from '../../src/timeline/filter.ts';
import { event } from './export/samples.ts';

const given = {
  ...event({
    severity: 7,
    techniques: [{ id: 'T1110.001', certainty: 'certain' }],
    lastAt: '2026-11-19T22:50:00.000Z',
  }),
  evidence: 'EV-1',
  source: 'auth.log',
  isImportant: true,
  isStarred: false,
};

function passes(text: string): boolean {
  const filter = parseFilter(text);
  if (isRefusal(filter)) throw new Error(filter.message);
  return passesFilter(filter, given);
}

describe('a timeline filter', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['host:WEB-01', true],
    ['host:web-02', false],
    ['host:web-02 host:web-01', true],
    ['-host:web-01', false],
    ['host:web-01 user:root', false],
    ['user:"svc-backup"', true],
    ['source:ev-1', true],
    ['source:auth.log', true],
    ['address:203.0.113.66', true],
    ['address:203.0.113.0/24', true],
    ['address:::ffff:203.0.113.66', true],
    ['address:2001:db8::/32', false],
    ['severity>=7', true],
    ['severity>7', false],
    ['severity<8 severity>2', true],
    ['severity:7', true],
    ['severity<=6', false],
    ['technique:t1110', true],
    ['technique:T1110.001', true],
    ['technique:T1110.002', false],
    ['after:2026-11-19', true],
    ['after:2026-11-19T22:48', true],
    ['after:2026-11-19T22:51', false],
    ['before:2026-11-19T23:47:00+01:00', false],
    ['before:2026-11-19T23:48:00+01:00', true],
    ['accepted "svc-backup from"', true],
    ['accepted refused', false],
    ['-refused', true],
    ['is:important', true],
    ['is:starred', false],
    ['-is:Starred', true],
  ])('%s gives %s', (text, expected) => expect(passes(text)).toBe(expected));

  it.each([
    ['hots:web-01', 'There is no filter "hots". There are source, host'],
    ['severity>=11', 'whole number from 0 to 10'],
    ['severity:high', 'whole number from 0 to 10'],
    ['after:yesterday', 'write the time as after:2026-11-19'],
    ['after:2026-13-19', 'write the time as'],
    ['address:web-01', 'IPv4 or IPv6 address or a range'],
    ['technique:bruteforce', 'ATT&CK number'],
    ['host>web', 'host takes a colon, such as host:web'],
    ['user:"open', 'never closed'],
    ['is:bad', 'there is is:important and is:starred'],
    ['host:', 'has nothing behind it'],
    ['host:""', 'host needs a value'],
    ['x'.repeat(1001), 'at most 1000'],
  ])('refuses %s with what to do', (text, message) => {
    const refused = parseFilter(text);
    expect(isRefusal(refused) && refused.message).toContain(message);
  });

  it('answers any text with a filter or a refusal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '-', ':', '>', '=', 'a', 'host', ' ', '1', '\u2028', '\\') }),
        (text) => {
          const filter = parseFilter(text);
          if (!isRefusal(filter)) passesFilter(filter, given);
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });
});
