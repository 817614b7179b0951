import { describe, expect, it } from 'vitest';
import { chooseByRules } from '../../src/assist/builtin.ts';
import { ground } from '../../src/assist/ground.ts';
import { type Line, type Material, type Output, TASKS } from '../../src/assist/types.ts';
import { INJECTIONS } from './corpus.ts';
import { INTRUSION, materialOf } from './world.ts';

const EMPTY: Output = { events: [], counts: [], causes: [], absences: [], steps: [], recorded: [] };
const judged = (material: Material, output: unknown) => ground(JSON.stringify(output), material, 'canaryabc');
const lineWith = (material: Material, words: string) => {
  const found = material.lines.find((l) => l.text.includes(words));
  if (!found) throw new Error(`no line with ${words}`);
  return found;
};

describe('grounding', () => {
  const material = materialOf(INTRUSION);
  const accepted = lineWith(material, 'Accepted password for root');
  const other = lineWith(material, 'for alice');
  const claim = (slots: object, quote: string | null = null) => ({
    ...EMPTY,
    events: [{ line: accepted.id, slots: { ...accepted.slots, ...slots }, quote }],
  });

  it.each(TASKS)('accepts everything the built-in rules choose: %s', (task) => {
    const asked = materialOf(INTRUSION, { task, subjectKeys: [accepted.event.key] });
    const { dropped } = judged(asked, chooseByRules(asked));
    expect(dropped).toEqual([]);
  });

  it('accepts a claim whose every slot is the event\u2019s own', () => {
    const { held, dropped } = judged(material, claim({}, 'Accepted password'));
    expect(dropped).toEqual([]);
    expect(held[0]).toMatchObject({ kind: 'event', cites: [accepted.event.key] });
  });

  it.each([
    ['B7 an invented time', claim({ time: '2026-11-19T09:15:39.000Z' })],
    ['B7 an invented address', claim({ source: '203.0.113.77' })],
    ['a swapped account', claim({ actor: 'alice' })],
    ['a negated outcome', claim({ outcome: 'failure' })],
    ['another action', claim({ action: 'delete account' })],
    ['a field the event does not state', claim({ target: '192.0.2.1' })],
    ['slots of two events under one citation', claim({ actor: other.slots.actor, source: other.slots.source })],
    ['a quotation that is not there', claim({}, 'Accepted password for mallory')],
    ['an unknown line', { ...EMPTY, events: [{ line: 'L99', slots: {}, quote: null }] }],
    ['an unknown key in a claim', { ...EMPTY, events: [{ ...claim({}).events[0], note: 'all is well' }] }],
    ['a key of another incident', { ...EMPTY, events: [{ line: 'EV-9:1', slots: {}, quote: null }] }],
    ['B7 an invented count', { ...EMPTY, counts: [{ lines: [accepted.id], count: 41 }] }],
    ['a count over different things', { ...EMPTY, counts: [{ lines: [accepted.id, other.id], count: 2 }] }],
    ['B8 F20 "no data left" while a line shows an upload', { ...EMPTY, absences: ['exfiltration'] }],
    ['F20 "nobody logged in" while somebody did', { ...EMPTY, absences: ['login'] }],
    ['a step that nobody offers', { ...EMPTY, steps: ['isolate-host web-01'] }],
    [
      'an explanation in a summary',
      { ...EMPTY, causes: chooseByRules(materialOf(INTRUSION, { task: 'hypotheses' })).causes },
    ],
  ])('drops and counts %s', (_, output) => {
    const { held, dropped } = judged(material, output);
    expect(held).toEqual([]);
    expect(dropped.length).toBeGreaterThan(0);
  });

  it.each([
    ['no JSON', 'Everything is fine.'],
    ['half of a JSON', '{"events":[{"line":"L1"'],
    ['an action that does not exist', JSON.stringify({ ...EMPTY, actions: [{ tool: 'isolate_host' }] })],
    ['a list', '[]'],
    ['its own canary', JSON.stringify({ ...EMPTY, steps: ['c-a-n-a-r-y-a-b-c'] })],
    ['a million characters', `"${'x'.repeat(1_000_000)}"`],
  ])('refuses an answer that is %s, whole', (_, text) => {
    const { held, dropped } = ground(text, material, 'canaryabc');
    expect(held).toEqual([]);
    expect(dropped).toHaveLength(1);
  });

  it('past F20: an absence that holds says what was searched and what was never collected', () => {
    const quiet = materialOf('Nov 19 09:00:00 web-01 cron[99]: (backup) CMD (run-parts /etc/cron.daily)\n');
    const [held] = judged(quiet, { ...EMPTY, absences: ['exfiltration'] }).held;
    expect(held?.text).toContain('Not found in 1 event read from EV-1, on the timeline or not: data leaving');
    expect(held?.text).toContain('not the same as not happened');
  });

  it('flags every severe event that a summary leaves out', () => {
    const severe = material.all.filter((e) => e.severity >= 7).map((e) => e.key);
    expect(severe.length).toBeGreaterThan(0);
    expect(judged(material, EMPTY).omitted).toEqual(severe);
    expect(judged(material, chooseByRules(material)).omitted).toEqual([]);
  });

  it.each(INJECTIONS)(
    'beyond B6: a planted line is an event, cannot be left out, and changes no other: %s',
    (words) => {
      const planted = materialOf(`${INTRUSION}Nov 19 09:10:00 web-01 app[9]: ${words}\n`);
      const line = planted.lines.at(-1) as Line;
      expect(line.isSevere).toBe(true);
      expect(judged(planted, EMPTY).omitted).toContain(line.event.key);
      const texts = (m: Material) => judged(m, chooseByRules(m)).held.filter((h) => h.kind === 'event');
      const twin = texts(planted).filter((h) => !h.cites.includes(line.event.key));
      expect(twin).toEqual(texts(material));
    },
  );
});

describe('explanations', () => {
  const material = materialOf(INTRUSION, { task: 'hypotheses' });
  const { causes } = chooseByRules(material);
  const [first] = causes;

  it('are ranked, each with at least two alternatives, an assumption and a line that can bear it out', () => {
    expect(causes.length).toBeGreaterThan(0);
    const { held } = judged(material, { ...EMPTY, causes });
    expect(held).toHaveLength(causes.length);
    for (const h of held) {
      expect(h.text).toMatch(/may /);
      expect(h.cause?.alternatives.length).toBeGreaterThanOrEqual(2);
      expect(h.cause?.assumptions.length).toBeGreaterThan(0);
      expect(h.cause?.wouldChange).not.toBe('');
    }
  });

  it.each([
    ['a cause the line cannot bear out', { cause: 'phished-user' }],
    ['one alternative', { alternatives: ['insider'] }],
    ['itself twice as the alternative', { alternatives: [first?.cause, first?.cause] }],
    ['no assumption', { assumptions: [] }],
    ['a cause nobody offered', { cause: 'a nation state did it' }],
    ['support by an unrelated line', { support: [lineWith(material, '198.51.100.4').id], line: 'L99' }],
    ['more than certainty', { confidence: 101 }],
  ])('beyond B4: are dropped with %s', (_, change) => {
    expect(judged(material, { ...EMPTY, causes: [{ ...first, ...change }] }).held).toEqual([]);
  });
});

describe('the rules on how they got in', () => {
  const noise = Array.from(
    { length: 46 },
    (_, i) => `Nov 19 09:20:${10 + i} web-01 cron[99]: (backup) CMD (run-parts /etc/cron.daily)\n`,
  );
  it('put a login after failed tries first, however much happened inside afterwards', () => {
    for (const log of [INTRUSION, INTRUSION + noise.join('')]) {
      const material = materialOf(log, { task: 'hypotheses' });
      const [first, second] = chooseByRules(material).causes;
      expect(first?.cause).toBe('guessed-password');
      expect(material.lines.find((l) => l.id === first?.line)?.event.key).toBe('EV-1:4');
      expect(first?.confidence).toBeGreaterThan(second?.confidence ?? 0);
    }
  });
  it('call no password guessed that nobody tried before', () => {
    const log = INTRUSION.split('\n')
      .filter((l) => !l.includes('Failed'))
      .join('\n');
    const [first] = chooseByRules(materialOf(log, { task: 'hypotheses' })).causes;
    expect(first?.cause).toBe('stolen-credential');
  });
});
