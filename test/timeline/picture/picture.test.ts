import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { THEMES } from '../../../src/timeline/picture/look.ts';
import { layOut } from '../../../src/timeline/picture/markers.ts';
import { drawPicture, pictureOf, pngOf } from '../../../src/timeline/picture/picture.ts';
import { type PictureEvent, planPicture } from '../../../src/timeline/picture/plan.ts';
import { event, NASTY, timeline } from '../export/samples.ts';

const at = (time: string) => `2026-11-19T${time}:00.000Z`;
const one = (time: string, over: Partial<PictureEvent> = {}): PictureEvent => ({
  occurredAt: at(time),
  lastAt: over.occurredAt ?? at(time),
  source: 'auth.log',
  count: 1,
  severity: 1,
  score: 1,
  message: `event at ${time}`,
  reasons: [],
  isWayIn: false,
  kind: 'log',
  ...over,
});
const story = [
  one('22:20', { lastAt: at('23:20'), count: 61 }),
  one('22:31', {
    lastAt: at('22:46'),
    count: 95,
    severity: 5,
    score: 9,
    message: 'Failed password',
    reasons: ['guessing'],
  }),
  one('22:47', {
    severity: 3,
    score: 12,
    message: 'Accepted password',
    reasons: ['login after 95 failures'],
    isWayIn: true,
  }),
  one('23:04', { source: 'access.log', severity: 9, score: 13, message: 'POST /thumb.php', reasons: ['web shell'] }),
  one('23:10', { kind: 'decision', source: '', message: 'Robin Sample declared SEV1' }),
];
const gaps = [{ source: 'access.log', fromAt: at('23:00'), toAt: at('23:03'), kind: 'gap' as const }];

describe('the picture of a timeline', () => {
  it('accounts for every record in its bars, spread over the span of a collapsed event', () => {
    const plan = planPicture({ title: 't', events: story, gaps })!;
    expect(plan.lanes.map((l) => [l.source, l.total])).toEqual([
      ['auth.log', 157],
      ['access.log', 1],
    ]);
    for (const lane of plan.lanes) {
      expect(lane.bars.reduce((n, b) => n + b.low + b.mid + b.high, 0)).toBeCloseTo(lane.total, 6);
    }
    expect(
      plan.lanes[0]!.bars.filter((b) => b.mid > 0).map((b) => new Date(b.atMs).toISOString().slice(11, 16))[0],
    ).toBe('22:31');
  });

  it('numbers what ranks in the order of time, the way in always, noise never', () => {
    const noise = Array.from({ length: 60 }, (_, i) =>
      one('22:50', { severity: 6, score: 30 + i, message: `shell ${i}`, reasons: ['shell'] }),
    );
    const plan = planPicture({ title: 't', events: [...story, ...noise], gaps })!;
    expect(plan.numbered).toHaveLength(10);
    expect(plan.numbered.map((n) => n.atMs)).toEqual(plan.numbered.map((n) => n.atMs).sort((a, b) => a - b));
    expect(plan.numbered.map((n) => n.event.message)).toEqual(
      expect.arrayContaining(['Accepted password', 'POST /thumb.php', 'Failed password']),
    );
    expect(plan.numbered.some((n) => n.event.message === 'event at 22:20')).toBe(false);
    expect(plan.eventsLeftOut).toBe(63 - 10);
  });

  it('says in words what it shows', () => {
    const { altText } = drawPicture({ title: 't', events: story, gaps })!;
    expect(altText).toBe(
      'Timeline from 2026-11-19 22:20 to 2026-11-19 23:21 UTC. Records by source: auth.log (157), access.log (1). ' +
        'Ranked events: 1. 22:31 guessing: Failed password (95 times); 2. 22:47 Possible way in: login after 95 failures: Accepted password; ' +
        '3. 23:04 web shell: POST /thumb.php. Gaps: access.log is silent from 23:00 to 23:03. Decisions: A. 23:10 Robin Sample declared SEV1.',
    );
  });

  it('is nothing when nothing has a time', () => {
    expect(drawPicture({ title: 't', events: [], gaps: [] })).toBeNull();
    expect(drawPicture({ title: 't', events: [one('22:00', { occurredAt: '' })], gaps: [] })).toBeNull();
  });

  it.each(['light', 'dark', 'reader'] as const)(
    'lets no log text become markup, a link or an indicator in %s',
    (theme) => {
      const events = NASTY.map((message, i) =>
        one(`22:${10 + i}`, { message, source: message, reasons: [message], severity: 9, score: i }),
      );
      const { svg } = drawPicture({ title: NASTY.join(' '), events, gaps }, theme)!;
      expect(svg).not.toMatch(
        /<(?:script|image|a|foreignObject|iframe)\b|<[^>]*\s(?:xlink:)?href=|<[^>]*\son\w+=|url\((?!#)/i,
      );
      expect(svg.replace(/xmlns(:\w+)?="http:\/\/www\.w3\.org\/[^"]*"/g, '')).not.toMatch(/https?:\/\/|evil\.example/);
      expect(svg).not.toMatch(/[\u0000-\u0008\u202e\u200b]/);
    },
  );

  it('keeps marks apart and near their times', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(59), { minLength: 1, maxLength: 10 }), (minutes) => {
        const events = minutes.map((m, i) =>
          one(`22:${String(m).padStart(2, '0')}`, { severity: 9, score: 9, message: String(i) }),
        );
        const marks = layOut(planPicture({ title: 't', events, gaps: [] })!, (ms) => (ms / 60_000) % 1000);
        for (let i = 1; i < marks.length; i++) expect(marks[i]!.x - marks[i - 1]!.x).toBeGreaterThanOrEqual(29.9);
        for (const mark of marks) expect(Math.abs(mark.x - mark.at)).toBeLessThanOrEqual(30 * marks.length + 60);
      }),
      { seed: 8 },
    );
  });

  it.each(['light', 'dark'] as const)('tells severities and text apart without colour in %s', (theme) => {
    const { bars, paper, ink, soft, onHigh } = THEMES[theme];
    expect(contrast(ink, paper)).toBeGreaterThan(7);
    expect(contrast(soft, paper)).toBeGreaterThan(4.5);
    expect(contrast(onHigh, bars.high)).toBeGreaterThan(4.5);
    expect(contrast(bars.high, bars.mid)).toBeGreaterThan(1.5);
    expect(contrast(bars.mid, bars.low)).toBeGreaterThan(1.4);
    expect(contrast(bars.low, paper)).toBeGreaterThan(1.5);
  });

  it('follows the reader from light to dark, and is light on paper', () => {
    const { svg } = drawPicture({ title: 'Title', events: story, gaps }, 'reader')!;
    const style = /<style>([^<]*)<\/style>/.exec(svg)?.[1] ?? '';
    const drawn = svg.replace(style, '');
    // Every colour has a name, and every name both its colours.
    expect(drawn).not.toMatch(/#[0-9a-f]{3,8}\b|rgb\(/i);
    const names = new Set([...drawn.matchAll(/var\((--\w+)\)/g)].map((found) => found[1] ?? ''));
    expect(names.size).toBeGreaterThan(8);
    for (const name of names) expect(style.split(`${name}:#`)).toHaveLength(3);
    expect(style).toContain('@media screen and (prefers-color-scheme:dark)');
  });

  it('renders a PNG with its own font', async () => {
    const { svg } = drawPicture({ title: 'Title', events: story, gaps })!;
    const png = await pngOf(svg);
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe('PNG');
    expect(Buffer.from(png).readUInt32BE(16)).toBe(2400);
    // Text is drawn, and bold where it should be: without either the picture gets smaller.
    const without = await pngOf(svg.replace(/<text[^>]*>[^<]*<\/text>/g, ''));
    const thin = await pngOf(svg.replaceAll('font-weight:700', 'font-weight:400'));
    expect(png.length).toBeGreaterThan(without.length * 1.5);
    expect(Buffer.from(png).equals(thin)).toBe(false);
  });

  it('takes whole inputs and marks the earliest candidate for the way in alone', () => {
    const early = timeline();
    const late = timeline({
      events: [event({ occurredAt: '2026-11-20T00:00:00.000Z' })],
    });
    const input = pictureOf('t', [
      { source: 'b', timeline: late },
      { source: 'a', timeline: early },
    ]);
    expect(input.events.map((e) => e.isWayIn)).toEqual([false, true]);
  });

  it('draws a timeline of ten years and one of a second', () => {
    expect(
      drawPicture({ title: 't', events: [one('22:00', { occurredAt: '2016-01-01T00:00:00.000Z' })], gaps: [] })?.svg,
    ).toContain('<svg');
    expect(drawPicture({ title: 't', events: [one('22:00')], gaps: [] })?.svg).toContain('No event stands out');
  });
});

/** WCAG 2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
