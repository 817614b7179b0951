import { expect, it } from 'vitest';
import { receiptView } from '../../src/evidence/view.ts';
import { buildTimeline } from '../../src/timeline/build.ts';
import type { ReadOptions } from '../../src/timeline/types.ts';
import { viewText } from '../../src/view/text.ts';

const receiptOf = (lines: readonly string[], options: ReadOptions): string => {
  const bytes = Buffer.from(lines.join('\n'));
  const timeline = buildTimeline(bytes, options);
  const { engine, lines: count, entries, continuations, unparsed, firstAt, lastAt } = timeline.receipt;
  const by = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample' } as const;
  return viewText(
    receiptView(
      {
        key: 'EV-1',
        sha256: '0'.repeat(64),
        deliveredSha256: null,
        sizeBytes: bytes.length,
        name: 'a.log',
        how: 'paste',
        message: null,
        derivedFrom: null,
        receivedBy: by,
        receivedAt: '2026-11-20T12:00:00.000Z',
        reading: {
          engine,
          result: '',
          options,
          lines: count,
          entries,
          continuations,
          unparsed,
          events: 1,
          firstAt,
          lastAt,
        },
        failure: null,
        isSourceDeleted: false,
        isDisposed: false,
      },
      'INC-1',
      timeline,
      null,
      null,
    ),
  );
};
const two = (n: number): string => String(n).padStart(2, '0');
const NOW = Date.parse('2026-11-20T12:00:00Z');
const stamp = (at: number): string => `Oct 25 ${new Date(at).toISOString().slice(11, 19)}`;

it('a silence where an assumed zone sets its clocks back is said to be perhaps none', () => {
  const lines = Array.from({ length: 120 }, (_, i) => `${stamp(Date.UTC(2026, 9, 25, 1, 30 + i))} web1 app: tick ${i}`);
  const assumed = receiptOf(lines, { now: NOW, zone: 'Europe/Berlin' });
  expect(assumed).toContain('Silence from');
  expect(assumed).toContain('The clocks of Europe/Berlin were changed during one of these');
  expect(receiptOf(lines, { now: NOW, zone: 'Europe/Berlin', zoneIsKnown: true })).not.toContain('were changed during');
  expect(receiptOf(lines, { now: NOW, zone: 'UTC' })).not.toContain('Silence from');
});

it('silences beyond those listed are counted', () => {
  const lines = Array.from({ length: 8 }, (_, day) =>
    Array.from({ length: 30 }, (_, i) => `2026-11-${two(day + 1)}T08:${two(i)}:00Z web1 app: tick`),
  ).flat();
  expect(receiptOf(lines, { now: NOW, zone: 'UTC' })).toContain('2 more silences and clock jumps were found.');
});

it('says that there is nothing for the timeline where no line has a time, and offers no empty preview', () => {
  const receipt = receiptOf(['\u0001\u0002PNG', 'no time here'], { now: NOW, zone: 'UTC' });
  expect(receipt).toContain('Nothing for the timeline');
  expect(receipt).not.toContain('Preview and add');
  expect(receiptOf(['2026-11-20T10:00:00Z web1 app: started'], { now: NOW, zone: 'UTC' })).toContain('Preview and add');
});
