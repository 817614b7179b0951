import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../src/finding/scope.ts';
import { loadOrganisation } from '../../src/organisation/load.ts';
import { eventsFrom, INTRUSION, withFindings } from '../assist/world.ts';
import { formOf, harness, replyText } from '../harness.ts';

const { organisation } = loadOrganisation(readFileSync('countersign.example.yml', 'utf8'), 'countersign.yml');
const { findings } = withFindings().finding;
const events = eventsFrom(INTRUSION);
const standingOf = (name: string, all = findings): string | undefined =>
  scopeOf(events, all, organisation).touched.find((t) => t.name === name)?.standing;

describe('how far it goes', () => {
  it('tells what a verified finding establishes from what is only claimed and what is only seen in logs', () => {
    expect(standingOf('svc-backup2')).toBe('seen');
    expect(standingOf('root')).toBe('established');
    const claimed = findings.map((f) => ({ ...f, claim: `${f.claim} by svc-backup2`, state: 'unverified' as const }));
    expect(standingOf('svc-backup2', claimed)).toBe('claimed');
    const refuted = claimed.map((f) => ({ ...f, state: 'refuted' as const }));
    expect(standingOf('svc-backup2', refuted)).toBe('refuted');
    const challenged = findings.map((f) => ({
      ...f,
      challenges: [
        { by: f.by, at: f.at, method: 'm', argument: 'a', cites: [], redFlags: [], second: null, answer: null },
      ],
    }));
    expect(standingOf('root', challenged)).toBe('claimed');
  });

  it('takes a name in a claim only as a word of its own', () => {
    const other = findings.map((f) => ({ ...f, claim: 'svc-backup22 is fine', cites: [], verification: null }));
    expect(standingOf('svc-backup2', other)).toBe('seen');
  });

  it('names what nobody has looked at beside what is touched, and what matters most', () => {
    const { notCollected } = scopeOf(events, [], organisation);
    expect(notCollected).toEqual([
      { name: 'shop-db', why: 'web-01 depends on it', isCrownJewel: true },
      { name: 'payroll', why: 'it matters most', isCrownJewel: true },
    ]);
    expect(scopeOf([], [], organisation).notCollected).toEqual([]);
  });

  it('is shown over all evidence, also lines nobody chose for the timeline, and says so', async () => {
    const h = await harness();
    const place = (await h.open('mira')).in;
    const bytes = new TextEncoder().encode(INTRUSION);
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes }] });
    const form = formOf(await h.press('tomas', 'Preview and add', { in: place }));
    const values = { zone: 'Europe/Berlin', which: 'chosen', events: ['11'], indicators: [] };
    await h.submit('tomas', form, values, { in: place });
    const text = replyText(await h.type('bo', 'finding scope', { in: place }));
    expect(text).toContain('svc-backup2');
    expect(text).toContain('? SEEN IN LOGS');
    expect(text).toContain('shop-db');
    expect(text).toContain('CROWN JEWEL');
    expect(text).toContain('on the timeline or not');
    await h.end();
  });
});
