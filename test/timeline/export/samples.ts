import fc from 'fast-check';
import type { ExportRow } from '../../../src/timeline/export/row.ts';
import type { DerivedEvent, Timeline } from '../../../src/timeline/types.ts';

export function event(over: Partial<DerivedEvent> = {}): DerivedEvent {
  return {
    occurredAt: '2026-11-19T22:47:31.000Z',
    lastAt: '2026-11-19T22:47:31.000Z',
    precision: 's',
    zoneBasis: 'stated',
    assumed: [],
    count: 1,
    lines: [7],
    message: 'Accepted password for svc-backup from 203.0.113.66 port 50022 ssh2',
    format: 'rfc3164',
    severity: 8,
    score: 91.5,
    reasons: ['success after 84 failures'],
    templateId: 't1',
    entities: { srcIp: '203.0.113.66', user: 'svc-backup', host: 'web-01' },
    techniques: [{ id: 'T1110', certainty: 'possible' }],
    flags: [],
    ...over,
  };
}

export function timeline(over: Partial<Timeline> = {}): Timeline {
  return {
    receipt: {
      lines: 10,
      entries: 8,
      continuations: 1,
      unparsed: 1,
      bytes: 1000,
      firstAt: '2026-11-19T22:31:00.000Z',
      lastAt: '2026-11-20T00:20:00.000Z',
      formats: [{ format: 'rfc3164', entries: 8 }],
      assumed: { year: 8, zone: 8, dayMonthOrder: 0, date: 0 },
      undated: 0,
      unparsedLines: [10],
      duplicatesCollapsed: 84,
      manipulationLines: [9],
      clock: [],
      engine: 'test',
    },
    events: [event()],
    indicators: [{ type: 'ipv4', value: '203.0.113.66', count: 85, lines: [7], isOurs: false }],
    attackers: [{ ip: '203.0.113.66', score: 10, why: 'brute force', lines: [7] }],
    initialAccess: [{ line: 7, why: 'a success after 84 failures', caveat: 'the log may start too late' }],
    scope: { hosts: [], users: [], addresses: [], how: '' },
    ...over,
  };
}

/** Texts that are nasty in some format. */
export const NASTY = [
  '=HYPERLINK("http://evil.example","x")',
  "'=1+1",
  "''@SUM(A1)",
  '-2+3',
  '\t=cmd|calc',
  '\r\n@x',
  '＝1',
  '<script>alert(1)</script><img src=x onerror=y>',
  '[click](http://evil.example) ![x](https://evil.example/y.png) <https://evil.example>',
  'a | b `c` ``d`` ```e``` *f* _g_ # h',
  '<!channel> <@U123> @everyone @here eve@evil.example #123',
  '"quoted", with; commas\nand lines\r\nand "" doubles',
  '\u202egnp.exe\u200b\u0000\u001b[31mred',
  '',
  ' leading and trailing ',
];

const text = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.string());
const filled = text.filter((t) => t !== '');
const at = fc.date({ min: new Date(0), max: new Date('2090-01-01'), noInvalidDate: true }).map((d) => d.toISOString());

/** Any row there can be. */
export const anyRow: fc.Arbitrary<ExportRow> = fc.record({
  id: filled,
  occurredAt: at,
  lastAt: at,
  precision: fc.constantFrom('day', 'minute', 's', 'ms', 'us', 'ns'),
  zoneBasis: fc.constantFrom('stated', 'source', 'incident', 'assumed', 'none'),
  assumed: fc.subarray(['year', 'zone', 'dayMonthOrder', 'date'] as const),
  provenance: fc.constantFrom('log', 'human', 'message', 'decision', 'assistant'),
  by: fc.option(filled),
  fromMessage: fc.option(filled),
  origin: fc.option(
    fc.record({
      id: text,
      evidence: fc.option(text),
      source: fc.option(text),
      lines: fc.array(fc.nat(), { maxLength: 3 }),
    }),
  ),
  message: text,
  evidence: fc.option(filled),
  source: fc.option(filled),
  lines: fc.array(fc.nat(), { maxLength: 20 }),
  count: fc.integer({ min: 1 }),
  format: fc.option(filled),
  severity: fc.integer({ min: 0, max: 10 }),
  score: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
  reasons: fc.array(text),
  templateId: fc.option(filled),
  entities: fc.record(
    {
      srcIp: filled,
      dstIp: filled,
      user: filled,
      host: filled,
      process: filled,
      action: filled,
      outcome: fc.constantFrom('success', 'failure', 'unknown'),
    },
    { requiredKeys: [] },
  ),
  techniques: fc.array(
    fc.record({ id: fc.constantFrom('T1110', 'T1505.003'), certainty: fc.constantFrom('certain', 'possible') }),
  ),
  flags: fc.subarray(['possible-manipulation', 'uptime-only', 'binary', 'overlong'] as const),
  isStarred: fc.boolean(),
  comments: fc.array(fc.record({ author: text, at, text })),
  tags: fc.array(text),
});
