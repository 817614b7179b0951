// Every shape of time, every text, JSON and Windows format that the engine promises: each has a sample, and each sample is a test.
import { describe, expect, it } from 'vitest';
import { buildTimeline } from '../../../src/timeline/build.ts';
import { readEntries } from '../../../src/timeline/entries.ts';
import { JSON_SAMPLES } from '../../../src/timeline/formats/samples/json.ts';
import { TEXT_SAMPLES } from '../../../src/timeline/formats/samples/text.ts';
import { TIME_SAMPLES } from '../../../src/timeline/formats/samples/times.ts';
import { WINDOWS_SAMPLES } from '../../../src/timeline/formats/samples/windows.ts';

const OPTIONS = { now: Date.parse('2026-11-20T12:00:00Z'), zone: 'UTC' };

describe.each([
  ['times', TIME_SAMPLES],
  ['text', TEXT_SAMPLES],
  ['JSON', JSON_SAMPLES],
  ['Windows', WINDOWS_SAMPLES],
])('samples of %s', (_, samples) => {
  it.each(samples)('$name', ({ text, at, format }) => {
    const entries = readEntries(Buffer.from(text), OPTIONS);
    const dated = entries.filter((entry) => entry.occurredAt !== null);
    expect(dated.map((entry) => entry.occurredAt)).toEqual(at);
    if (format !== undefined) expect(dated[0]?.format).toBe(format);
    // Whoever is not assumed in UTC says where the zone is from.
    for (const entry of dated) expect(entry.zoneBasis).not.toBe('none');
    // Nothing that a product writes by itself speaks to its reader.
    expect(entries.flatMap((entry) => entry.flags)).not.toContain('possible-manipulation');
  });
});

describe('a record over several lines', () => {
  const blocks = [...WINDOWS_SAMPLES, ...TEXT_SAMPLES].filter(
    ({ name, text }) => /trace|over lines|Event Viewer|list|Sysmon|export/.test(name) && text.includes('\n'),
  );
  it.each(blocks)('is one entry: $name', ({ text }) => {
    const kinds = readEntries(Buffer.from(text), OPTIONS).map((entry) => entry.kind);
    expect(kinds.filter((kind) => kind === 'entry')).toHaveLength(1);
  });
  it.each([
    ['Event Viewer, English', { severity: 5, entities: { host: 'dc-01', outcome: 'failure' } }],
    ['Get-WinEvent, list', { severity: 5, entities: { outcome: 'failure' } }],
  ])('is judged as a whole: %s', (wanted, expected) => {
    const { text } = WINDOWS_SAMPLES.find(({ name }) => name === wanted)!;
    expect(readEntries(Buffer.from(text), OPTIONS)[0]).toMatchObject(expected);
  });
  it('ends where the next one begins', () => {
    for (const name of [
      'Event Viewer, English',
      'Event Viewer, German',
      'Get-WinEvent, list',
      'Sysmon text',
      'journald, export',
    ]) {
      const { text } = [...WINDOWS_SAMPLES, ...TEXT_SAMPLES].find((sample) => sample.name === name)!;
      for (const between of ['\n', '\n\n']) {
        const dated = readEntries(Buffer.from(`${text}${between}${text}`), OPTIONS).filter(
          (entry) => entry.kind === 'entry',
        );
        expect([name, between, dated.length]).toEqual([name, between, 2]);
      }
    }
  });
});

it('keeps what an exported Windows event describes with the event, over the blank lines in it', () => {
  const event = (n: number, id: number): string =>
    `Event[${n}]:\n  Log Name: Security\n  Date: 2026-11-19T08:15:3${n}.1230000Z\n  Event ID: ${id}\n  Description: \nAn account failed to log on.\n\nSubject:\n\tSecurity ID:\t\tS-1-0-0\n\nAccount For Which Logon Failed:\n\tAccount Name:\t\tmreyes\n\n`;
  const entries = readEntries(Buffer.from(event(0, 4625) + event(1, 4624)), OPTIONS);
  expect(entries.filter(({ kind }) => kind === 'entry').map(({ line }) => line)).toEqual([1, 14]);
  expect(entries.filter(({ kind }) => kind === 'unparsed').map(({ line }) => line)).toEqual([13, 26]);
  const [shown] = buildTimeline(Buffer.from(event(0, 4625)), OPTIONS).events;
  expect(shown?.message).toBe('event 4625: An account failed to log on.');
});
