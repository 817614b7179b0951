// What people's verdicts change: what is shown by default, and what the assistant may read and draft unasked. Never more than that.
import { afterEach, describe, expect, it } from 'vitest';
import { automaticNow, levelOf, levelsOf } from '../../src/assist/precision.ts';
import type { AssistantAnswer, ClaimKind } from '../../src/assist/types.ts';
import type { Conversation } from '../../src/chat/types.ts';
import { commands } from '../../src/commands/registry.ts';
import { AUTOMATIC_EFFECTS } from '../../src/organisation/assistant.ts';
import { loadOrganisation, OrganisationError } from '../../src/organisation/load.ts';
import type { Organisation } from '../../src/organisation/schema.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';
import { INTRUSION, organisationWith } from './world.ts';

const settingOf = (lines: string): Organisation['assistant'] =>
  loadOrganisation(organisationWith('', lines), 'countersign.yml').organisation.assistant;

describe('the organisation\u2019s setting', () => {
  it('beyond B9: lets nothing happen by itself unless it says so', () => {
    expect(settingOf('  after: 5').automatic).toEqual([]);
  });

  it.each(['contain', 'containment', 'approve', 'notice', 'status close', 'isolate-host', '*'])(
    'beyond B9: is refused at load when it names %s: containment, approving and sending are never automatic',
    (effect) => {
      const load = () => settingOf(`  automatic: ["${effect}"]`);
      expect(load).toThrow(OrganisationError);
      expect(load).toThrow('containment, approving and sending never are');
    },
  );

  it('beyond B9: names nothing that leads to containment: every automatic effect is one of the assistant\u2019s own uses', () => {
    for (const effect of AUTOMATIC_EFFECTS) {
      const command = commands.find((c) => c.name === `finding ${effect}`);
      expect(command?.effect).toBe('record');
    }
    expect(commands.filter((c) => c.effect === 'contain').map((c) => c.name.split(' ')[0])).not.toContain('finding');
  });
});

const judgedKind = (kind: ClaimKind, right: number, wrong: number) =>
  ({
    kept: Array.from({ length: right + wrong }, (_, i) => ({ key: `AR-1.${i}`, kind, text: 'x', cites: [] })),
    dropped: [],
    verdicts: Array.from({ length: right + wrong }, (_, i) => ({ claim: `AR-1.${i}`, isRight: i < right, why: '' })),
  }) as unknown as AssistantAnswer;

describe('the level of a kind of claim', () => {
  const setting = settingOf('  after: 5\n  precision: 80\n  hold_back: 50');
  it.each([
    ['too few have judged', 4, 0, 'as usual'],
    ['all of enough are right', 5, 0, 'proven'],
    ['the share is reached exactly', 4, 1, 'proven'],
    ['the share is missed', 3, 2, 'as usual'],
    ['half is not below half', 3, 3, 'as usual'],
    ['most are wrong', 2, 4, 'held back'],
    ['all are wrong', 0, 5, 'held back'],
  ] as const)('follows from verdicts alone: %s', (_, right, wrong, level) => {
    const of = (s: Organisation['assistant']) => levelsOf([judgedKind('cause', right, wrong)], s).get('cause')?.level;
    expect(of(setting)).toBe(level);
  });

  it('counts each kind by itself, and a verdict only in its own answer', () => {
    const levels = levelsOf([judgedKind('cause', 0, 6), judgedKind('event', 6, 0)], setting);
    expect(levels.get('cause')?.level).toBe('held back');
    expect(levels.get('event')?.level).toBe('proven');
    expect(levelOf(undefined, setting).level).toBe('as usual');
  });

  it.each([
    ['nothing is configured', '  after: 3', 9, 0, []],
    ['configured, and nobody has judged', '  automatic: [hypotheses, propose]', 0, 0, []],
    ['configured and earned', '  automatic: [hypotheses, propose]\n  after: 3', 3, 0, ['hypotheses', 'propose']],
    ['earned once and lost again', '  automatic: [hypotheses]\n  after: 3', 3, 2, []],
    ['earned for explanations, wanted for summaries', '  automatic: [summarise]\n  after: 3', 9, 0, []],
  ] as const)('beyond B9: automatic needs the setting and the verdicts: %s', (_, lines, right, wrong, expected) => {
    const s = settingOf(lines);
    expect(automaticNow(s, levelsOf([judgedKind('cause', right, wrong)], s))).toEqual(expected);
  });
});

describe('in an incident', () => {
  let h: Harness;
  let place: Conversation;
  afterEach(() => h.end());
  const said = async (text: string): Promise<string> => replyText(await h.type('mira', text, { in: place }));
  const state = async () => (await h.services.incidents.load('INC-1')).state;
  async function addLog(name: string): Promise<void> {
    const log = name === 'a.log' ? INTRUSION : INTRUSION.replaceAll('08:1', '10:1').replaceAll('08:2', '10:2');
    await h.type('mira', 'log', { in: place, files: [{ name, bytes: new TextEncoder().encode(log) }] });
    const form = formOf(await h.press('mira', 'Preview and add', { in: place }));
    await h.submit('mira', form, { zone: 'Europe/Berlin', which: 'all', events: [], indicators: [] }, { in: place });
    await h.settled();
  }
  async function judgeAll(verdict: string): Promise<void> {
    const causes = (await state()).assist.answers.flatMap((a) => a.kept.filter((k) => k.kind === 'cause'));
    for (const { key } of causes) {
      h.clock.now += 10_000;
      await said(`finding judge ${key} ${verdict} because it was looked at`);
    }
  }
  const given = async (lines: string): Promise<void> => {
    h = await harness({ organisation: organisationWith('', lines) });
    place = (await h.open('mira')).in;
    await addLog('a.log');
    await said('finding hypotheses');
    await said('finding hypotheses');
  };

  it('claims that people keep finding wrong are held back, counted, and shown on demand', async () => {
    await given('  after: 3');
    await judgeAll('wrong');
    const text = await said('finding hypotheses');
    expect(text).toContain('HELD BACK: ');
    expect(text).not.toContain('Could also be');
    expect(text).toContain('People found 0 of');
    expect(await said('audit metrics')).toMatch(/cause \|.*HELD BACK, on demand/);
    const all = replyText(await h.press('mira', 'Show what is held back', { in: place }));
    expect(all).toContain('Could also be');
  });

  it('beyond B9: what people found right often enough is done by itself when evidence comes, labelled, and changes nothing but drafts', async () => {
    await given('  automatic: [hypotheses, propose]\n  after: 3');
    expect((await state()).assist.answers.some((a) => a.isAutomatic)).toBe(false);
    await judgeAll('right');
    expect(await said('audit metrics')).toMatch(/Automatic now: hypotheses, propose/);
    const from = (await h.services.store.find({ incident: 'INC-1' })).length;
    await addLog('b.log');
    const { assist, finding, containment } = await state();
    const own = assist.answers.filter((a) => a.isAutomatic);
    expect(own.map((a) => a.task)).toEqual(['hypotheses']);
    expect(finding.findings).toMatchObject([{ origin: 'assistant', state: 'unverified', verification: null }]);
    expect(containment.all).toEqual([]);
    const card = h.chat.messages.find((m) => m.key.startsWith(`assist/INC-1/${own[0]?.key}/`))?.view;
    expect(card ? viewText(card.view) : '').toContain('By itself, as countersign.yml allows');
    const written = (await h.services.store.find({ incident: 'INC-1' })).slice(from).map((r) => r.record);
    const byItself = written.filter((r) => r.actor.id === 'assistant').map((r) => r.type);
    expect(new Set(byItself)).toEqual(
      new Set(['assistant.asked', 'assistant.answered', 'assistant.checked', 'assistant.proposed', 'finding.added']),
    );
  });

  it('beyond B9: one run of wrong verdicts takes it away again', async () => {
    await given('  automatic: [hypotheses]\n  after: 3');
    await judgeAll('right');
    await judgeAll('wrong');
    await addLog('b.log');
    expect((await state()).assist.answers.some((a) => a.isAutomatic)).toBe(false);
    expect(await said('audit metrics')).toContain(
      'nothing: hypotheses may be, once people found 80 % of 3 claims right',
    );
  });
});
