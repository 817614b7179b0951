import { describe, expect, it } from 'vitest';
import { DEMO_NOW, DEMO_PASTES } from '../../src/incident/demo/demo.ts';
import { buildTimeline } from '../../src/timeline/build.ts';
import { exportDocument } from '../../src/timeline/export/export.ts';
import { documentOfAll } from '../../src/timeline/export/row.ts';
import { pictureOf } from '../../src/timeline/picture/picture.ts';
import { planPicture } from '../../src/timeline/picture/plan.ts';

const parts = DEMO_PASTES.map(({ name, text, zone }) => ({
  source: name,
  text,
  timeline: buildTimeline(Buffer.from(text), { now: Date.parse(DEMO_NOW), zone, zoneIsKnown: true }),
}));
const [auth, access, cloud] = parts as [(typeof parts)[0], (typeof parts)[0], (typeof parts)[0]];
const line = (part: typeof auth, number: number | undefined) => part.text.split('\n')[(number ?? 0) - 1] ?? '';

describe('what the engine reads out of the sample incident', () => {
  it('accounts for every line, in UTC, whatever the zone of the source', () => {
    for (const { timeline, text } of parts) {
      const { lines, entries, continuations, unparsed } = timeline.receipt;
      expect(lines).toBe(text.trimEnd().split('\n').length);
      expect([entries, continuations, unparsed]).toEqual([lines, 0, 0]);
      expect(timeline.receipt.firstAt! >= '2026-11-19T22:20' && timeline.receipt.lastAt! < DEMO_NOW).toBe(true);
    }
  });

  it('puts the success after the guesses first among the ways in, before the mistyped password', () => {
    expect(line(auth, auth.timeline.initialAccess[0]?.line)).toContain(
      'Accepted password for svc-backup from 203.0.113.66',
    );
    expect(auth.timeline.attackers[0]?.ip).toBe('203.0.113.66');
  });

  it('collapses the guesses', () => {
    const guesses = auth.timeline.events.filter(
      (e) => e.entities.srcIp === '203.0.113.66' && /Failed password/.test(e.message),
    );
    expect(guesses.reduce((n, e) => n + e.count, 0)).toBeGreaterThan(80);
    expect(guesses.length).toBeLessThan(30);
  });

  it('finds the web shell, the foreign use of the keys and the instruction', () => {
    expect(access.timeline.events.slice(0, 3).every((e) => e.message.includes('thumb.php'))).toBe(true);
    expect(cloud.timeline.attackers[0]?.ip).toBe('203.0.113.140');
    expect(access.timeline.receipt.manipulationLines.map((n) => line(access, n))).toEqual([
      expect.stringContaining('ignore all previous instructions'),
    ]);
  });

  it('shows the turns of the story in the picture', () => {
    const plan = planPicture(pictureOf('demo', parts))!;
    expect(plan.numbered.find((n) => n.event.isWayIn)?.event.message).toContain('Accepted password for svc-backup');
    const told = plan.numbered.map((n) => n.event.message).join('\n');
    for (const turn of ['thumb.php', 'svc-sync', 'StopLogging', 'CreateAccessKey', 'ignore all previous'])
      expect(told).toContain(turn);
  });

  it('tells the story over all three, as somebody experienced would', async () => {
    const document = documentOfAll(parts, 'The sample incident');
    const rows = document.rows.filter((row) => row.severity >= 5 || row.score >= 7);
    const told = { ...document, rows, indicators: [] };
    await expect(exportDocument(told, 'table', { width: 150 })).toMatchFileSnapshot('../golden/demo-timeline.txt');
    const [first] = document.initialAccess;
    expect(first?.source).toBe(auth.source);
    expect(line(auth, first?.line)).toContain('Accepted password for svc-backup from 203.0.113.66');
  });
});
