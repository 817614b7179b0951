import { describe, expect, it } from 'vitest';
import { measuresOf, percentile } from '../../src/audit/measures.ts';
import type { Json, LedgerRecord } from '../../src/audit/record.ts';

const actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample' } as const;
let seq = 0;
const record = (
  incident: string,
  ts: string,
  type: string,
  body: Json,
  subject: string | null = null,
): LedgerRecord => ({
  seq: seq++,
  ts: `2026-11-20T${ts}:00.000Z`,
  type,
  stream: incident,
  version: seq,
  actor,
  incident,
  subject,
  body,
});
const named = (records: readonly LedgerRecord[], name: string) => measuresOf(records).find((m) => m.name === name);

describe('measures from records', () => {
  const records = [
    record('INC-1', '10:00', 'incident.declared', { detectedAt: '2026-11-20T09:50:00.000Z' }),
    record('INC-1', '10:05', 'incident.time-set', { which: 'startedAt', at: '2026-11-20T08:00:00.000Z', was: null }),
    record('INC-1', '10:09', 'incident.time-set', { which: 'startedAt', at: '2026-11-20T08:50:00.000Z', was: 'x' }),
    record('INC-1', '10:10', 'containment.proposed', {}, 'CA-1'),
    record('INC-1', '10:11', 'containment.shown', {}, 'CA-1'),
    record('INC-1', '10:14', 'approval.granted', {}, 'CA-1'),
    record('INC-1', '10:20', 'execution.succeeded', {}, 'CA-1'),
    record('INC-2', '10:00', 'incident.declared', { detectedAt: null }),
    record('EX-1', '10:00', 'incident.declared', { detectedAt: '2026-11-20T01:00:00.000Z' }),
  ];

  it('run between two records, the newest correction of a time counting', () => {
    expect(named(records, 'declare')).toMatchObject({ count: 1, median: 600_000, p90: 600_000, excluded: 1 });
    expect(named(records, 'detect')).toMatchObject({ count: 1, median: 3_600_000 });
    expect(named(records, 'approval, granted')).toMatchObject({ count: 1, median: 180_000 });
    expect(named(records, 'execution')).toMatchObject({ count: 1, median: 360_000 });
  });

  it('leave exercises out, and count what has no start or end as left out', () => {
    expect(named(records, 'contain')).toMatchObject({ count: 0, median: null, excluded: 2 });
    expect(named(records, 'approval, denied')).toMatchObject({ count: 0, excluded: 0 });
  });

  it('set the assistant against people: how long an answer takes, and who had the first claim', () => {
    const told = [
      record('INC-7', '10:00', 'timeline.added', {}),
      record('INC-7', '10:01', 'assistant.asked', {}, 'AR-1'),
      record('INC-7', '10:02', 'assistant.answered', {}, 'AR-1'),
      record('INC-7', '10:03', 'assistant.asked', {}, 'AR-2'),
      record('INC-7', '10:04', 'finding.added', { origin: 'assistant' }, 'FI-1'),
      record('INC-7', '10:30', 'finding.added', { origin: 'person' }, 'FI-2'),
      record('INC-7', '10:40', 'finding.added', { origin: 'assistant' }, 'FI-3'),
      record('INC-8', '10:00', 'timeline.added', {}),
    ];
    expect(named(told, 'answer of the assistant')).toMatchObject({ count: 1, median: 60_000, excluded: 1 });
    expect(named(told, 'first finding, assistant')).toMatchObject({ count: 1, median: 240_000, excluded: 1 });
    expect(named(told, 'first finding, people')).toMatchObject({ count: 1, median: 1_800_000, excluded: 1 });
  });

  it('take a value that was measured, never one in between', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9);
    expect(percentile([], 0.5)).toBe(null);
  });
});
