// Evidence read under another assumption: the timeline follows, what moved is shown, and the times before stay readable.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation, FormValues } from '../../src/chat/types.ts';
import { buildTimeline } from '../../src/timeline/build.ts';
import { clockWords, compareReadings, parseShift } from '../../src/timeline/reread.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const YEARLESS = [
  'Mar  4 08:15:30 web1 sshd[9]: Failed password for root from 203.0.113.9 port 41 ssh2',
  'Mar  4 08:15:33 web1 sshd[9]: Failed password for root from 203.0.113.9 port 42 ssh2',
  'Mar  4 08:15:36 web1 sshd[9]: Accepted password for root from 203.0.113.9 port 43 ssh2',
].join('\n');
const EITHER_ORDER = [
  '03/04/2026 09:15:30 gateway login failed for user admin from 203.0.113.20',
  '03/04/2026 09:16:30 gateway login succeeded for user admin from 203.0.113.20',
].join('\n');

let h: Harness;
beforeAll(async () => {
  h = await harness();
});
afterAll(() => h.end());

const upload = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });

async function withLog(title: string, text: string, which = 'all'): Promise<Conversation> {
  const { in: where } = await h.open('mira', { title });
  await h.type('mira', 'log', { in: where, files: [upload('a.log', text)] });
  await h.settled();
  await h.submit('mira', formOf(await h.press('mira', 'Preview and add', { in: where })), { which }, { in: where });
  return where;
}

/** Fills in the form as it stands, changed by `values`. */
async function restamp(where: Conversation, values: FormValues, evidence = 'EV-1'): Promise<string> {
  const form = formOf(await h.type('mira', `timeline restamp ${evidence}`, { in: where }));
  const standing = Object.fromEntries(
    form.form.fields.flatMap((f) => ('value' in f && typeof f.value === 'string' ? [[f.name, f.value]] : [])),
  );
  const reply = await h.submit('mira', form, { ...standing, reason: 'the owner told us', ...values }, { in: where });
  await h.settled();
  return replyText(reply);
}

const show = async (where: Conversation, words = 'timeline'): Promise<string> =>
  replyText(await h.type('mira', words, { in: where }));
const told = (where: Conversation): string =>
  h.chat.messages
    .filter((m) => m.ref.conversation.id === where.id && m.onlyFor === null && m.view)
    .map((m) => JSON.stringify(m.view))
    .join('\n');

describe('each assumption can be changed alone', () => {
  it.each([
    ['the year', YEARLESS, { year: '2024' }, '2024-03-04 07:15:30Z', 'the zone', 'the year'],
    ['the zone', YEARLESS, { zone: 'America/New_York' }, '2026-03-04 13:15:30Z', 'the year', 'the zone'],
    [
      'day and month',
      EITHER_ORDER,
      { order: 'dayFirst' },
      '2026-04-03 07:15:30Z',
      'the zone',
      'which number is the day',
    ],
  ])('%s, and the others stay assumed', async (what, log, values, time, stays, goes) => {
    const where = await withLog(`Change of ${what}`, log);
    const answer = await restamp(where, values);
    expect(answer).toContain('2 of 2 events moved');
    expect(answer).toContain(time);
    const timeline = await show(where);
    expect(timeline).toContain(time);
    const assumed = /~ The log does not state (.*): it was assumed/.exec(timeline)?.[1] ?? '';
    expect(assumed).toContain(stays);
    expect(assumed).not.toContain(goes);
    expect(timeline).toContain('EV-1 was read differently by Mira Sample');
  });

  it('the clock, by seconds or by units, and back again', async () => {
    const where = await withLog('A slow clock', YEARLESS);
    expect(await restamp(where, { offset: '-90m' })).toContain('clock -1 h 30 m');
    expect(await show(where)).toContain('2026-03-04 05:45:30Z');
    expect(await restamp(where, { offset: '' })).toContain('2 of 2 events moved');
    expect(await show(where)).toContain('2026-03-04 07:15:30Z');
    expect(await restamp(where, { offset: 'a while' })).toContain('Write a shift such as');
  });
});

describe('what moved', () => {
  it('is told in the channel, and each event says what its time was, until when and why', async () => {
    const where = await withLog('Told', YEARLESS);
    await restamp(where, { year: '2024' });
    expect(told(where)).toContain('2 of 2 events moved');
    const event = await show(where, 'timeline show EV-1:3');
    expect(event).toContain('2024-03-04 07:15:36Z (to the second; zone assumed)');
    expect(event).toContain('Was 2026-03-04 07:15:36Z until Mira Sample read EV-1 differently');
    expect(event).toContain('Why: the owner told us');
  });

  it('is nothing when no line leaves it open: that is not put on record', async () => {
    const where = await withLog('Stated', YEARLESS.replaceAll('Mar  4 ', '2026-03-04T').replaceAll(' web1', 'Z web1'));
    expect(await restamp(where, { year: '2024' })).toContain('Nothing changed');
    expect(await show(where)).not.toContain('read differently by');
  });

  it('is nothing when a zone is only confirmed, and the mark of the assumption goes', async () => {
    const where = await withLog('Confirmed', EITHER_ORDER);
    expect(await restamp(where, { sure: 'known' })).toContain('2 events stand at the same time');
    expect(await show(where)).toContain('~ The log does not state which number is the day: it was assumed');
  });

  it.each([
    [
      'the oldest line first',
      ['Nov 30 10:00:00', 'Dec 31 10:00:00', 'Jan  2 10:00:00'],
      '2025-01-02 09:00:00Z',
      '2024 is the year of its first line',
    ],
    [
      'the newest line first',
      ['Jan  2 10:00:00', 'Dec 31 10:00:00', 'Dec 30 10:00:00'],
      '2024-12-31 09:00:00Z',
      'all of them are of the one year you set',
    ],
    [
      'a month that ends a little out of order',
      ['Feb  1 00:00:03', 'Jan 31 23:59:59', 'Feb  1 00:00:05'],
      '2024-01-31 22:59:59Z',
      '3 of 3 events moved',
    ],
  ])('the year given is of the first line: %s', async (title, times, at, said) => {
    const words = ['Failed password for root', 'Accepted password for root', 'error: no more sessions for eve'];
    const log = times.map((time, i) => `${time} web1 sshd[9]: ${words[i]} from 203.0.113.9 port 4${i} ssh2`);
    const where = await withLog(title, log.join('\n'));
    expect(await restamp(where, { year: '2024' })).toContain(said);
    expect(await show(where)).toContain(at);
    expect(await restamp(where, { year: '2023' })).toContain('3 of 3 events moved');
  });

  it('warns of one year for a log over a New Year, and of times that a person gave', async () => {
    const log = YEARLESS.replaceAll('Mar  4', 'Dec 31').replace(/Dec 31(?= 08:15:36)/, 'Jan  1');
    const where = await withLog('Over New Year', log);
    await h.submit(
      'mira',
      formOf(await h.type('mira', 'timeline edit EV-1:3', { in: where })),
      { text: 'Accepted', when: '2026-01-01T00:00:00Z', reason: 'by the console' },
      { in: where },
    );
    const answer = await restamp(where, { year: '2024' });
    expect(answer).toContain('over a New Year');
    expect(answer).toContain('1 keeps the time that a person gave');
    expect(await show(where, 'timeline show EV-1:3')).toContain('2026-01-01 00:00:00Z');
  });
});

describe('an imported timeline', () => {
  let where: Conversation;
  beforeAll(async () => {
    ({ in: where } = await h.open('mira', { title: 'An import' }));
    const rows = ['2026-11-19T08:00:00Z', '2026-11-19T09:00:00Z'].map((datetime) =>
      JSON.stringify({ message: 'seen elsewhere', datetime }),
    );
    await h.type('mira', 'timeline import', { in: where, files: [upload('x.jsonl', rows.join('\n'))] });
    await h.settled();
  });

  it('asks for its clock alone, and says why', async () => {
    const { form } = formOf(await h.type('mira', 'timeline restamp EV-1', { in: where }));
    expect(form.fields.map((f) => f.name)).toEqual(['offset', 'reason']);
    expect(JSON.stringify(form.intro)).toContain('change them there and import again');
  });

  it('moves with its clock, whole and not twice', async () => {
    expect(await restamp(where, { offset: '1h' })).toContain('2 of 2 events moved');
    expect(await restamp(where, { offset: '2h' })).toContain('2 of 2 events moved');
    expect(await show(where)).toContain('2026-11-19 11:00:00Z');
    const event = await show(where, 'timeline show EV-1:2');
    expect(event).toContain('Was 2026-11-19 09:00:00Z until');
    expect(event).toContain('Was 2026-11-19 10:00:00Z until');
    expect(await restamp(where, { offset: '2h' })).toContain('Nothing changed');
  });
});

describe('two readings side by side', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const lines = [
    '03/04/2026 09:00:00 web1 app: slow answer of the cache',
    '04/04/2026 09:00:00 web1 app: slow answer of the cache',
    '05/04/2026 09:00:00 web1 app: slow answer of the cache',
  ].join('\n');
  const read = (dayMonthOrder: 'dayFirst' | 'monthFirst') =>
    buildTimeline(new TextEncoder().encode(lines), { now, zone: 'UTC', overrides: { dayMonthOrder } });

  it('follow the chosen events into what their lines have become', () => {
    const before = read('monthFirst');
    const after = read('dayFirst');
    for (const chosen of before.events) {
      const { lines: places, gone } = compareReadings(before, after, [chosen.lines[0] as number]);
      expect(gone).toEqual([]);
      const kept = after.events.filter((e) => places?.includes(e.lines[0] as number));
      expect(kept.some((e) => e.lines.includes(chosen.lines[0] as number))).toBe(true);
    }
  });
});

describe('a typed shift of a clock', () => {
  it.each([
    ['90', 90_000, '+1 m 30 s'],
    ['-2.5', -2500, '-2.5 s'],
    ['+1.5d', 129_600_000, '+1 d 12 h'],
    ['-2 H', -7_200_000, '-2 h'],
    ['', 0, '0 s'],
    ['1h30m', 5_400_000, '+1 h 30 m'],
    ['-1 d 2 h 3 m 4.5 s', -93_784_500, '-1 d 2 h 3 m 4.5 s'],
    ['+1 h 30 m', 5_400_000, '+1 h 30 m'],
    ['0 s', 0, '0 s'],
  ])('%j is understood', (typed, ms, words) => {
    expect(parseShift(typed)).toBe(ms);
    expect(clockWords(ms)).toBe(words);
  });

  it.each(['soon', '1e9', '99999999999', '1h 30', '--1', '1y', '1 h 2 h 3 h 4 h 5 h'])('%j is none', (typed) => {
    expect(parseShift(typed)).toBeNull();
  });
});
