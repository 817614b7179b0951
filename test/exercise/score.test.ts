// Scored exercises: what was planted, what people made of it, and how long things took.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation, FormValues, Reply } from '../../src/chat/types.ts';
import type { Score } from '../../src/exercise/types.ts';
import { viewText } from '../../src/view/text.ts';
import { isolate } from '../containment/world.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = '2026-11-20T08:15:39Z web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2\n';

const PLAYBOOK = `id: drill
version: 1.0.0
name: Drill
summary: A drill.
owner_role: commander
tlp: GREEN
types: [exercise]
exercise: true
severity_guide: {}
applies_when: [You want to know]
roles: { commander: {}, responder: {} }
steps:
  - { id: look, phase: triage, title: Look at the logs, kind: human, instructions: Look., due: 10m }
  - { id: weigh, phase: triage, title: Weigh what is said, kind: human, instructions: Weigh it., due: 30m }
  - { id: tell, phase: review, title: Tell the staff, kind: notice, instructions: Tell., notices: [{ audience: employees }] }
  - { id: last, phase: review, title: Talk about it, kind: human, instructions: Talk. }
plants:
  - { id: no-data, says: Operations, claim: No data left the house, why: The access log has the download., after: look }
  - { id: shell, says: Hosting, claim: A new file lies in the uploads, is_true: true, why: It was called at 23:04., after: look, delay: 5m }
`;

describe('an exercise', () => {
  let h: Harness;
  let place: Conversation;
  let playbooks: string;
  beforeEach(async () => {
    playbooks = mkdtempSync(join(tmpdir(), 'countersign-drill-'));
    writeFileSync(join(playbooks, 'drill.yaml'), PLAYBOOK);
    h = await harness({ playbooks });
    place = (await h.open('mira', { title: 'Night shift', kind: 'exercise' })).in;
  });
  afterEach(async () => {
    await h.end();
    rmSync(playbooks, { recursive: true, force: true });
  });

  const type = (who: string, text: string): Promise<Reply> => h.type(who, text, { in: place });
  const said = async (who: string, text: string): Promise<string> => replyText(await type(who, text));
  const fill = async (who: string, text: string, values: FormValues): Promise<string> =>
    replyText(await h.submit(who, formOf(await type(who, text)), values, { in: place }));
  const records = async (prefix: string) =>
    (await h.services.store.readStream('EX-1', 0)).map((r) => r.record).filter((r) => r.type.startsWith(prefix));
  const posted = (): string =>
    h.chat.messages.flatMap((m) => (m.view && m.onlyFor === null ? [viewText(m.view.view)] : [])).join('\n');
  /** Starts the playbook, settles the first step and lets both claims be said. */
  const begin = async (): Promise<void> => {
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
    await said('mira', 'step start drill');
    await said('tomas', 'step done look');
    await h.pass(1);
    await h.pass(5);
  };
  const close = async (): Promise<Score> => {
    if ((await h.services.incidents.load('EX-1')).state.playbook.runs.some((run) => run.status === 'open'))
      await fill('mira', 'step stop', { reason: 'time is up' });
    await fill('mira', 'status close', { outcome: 'Time was up' });
    const [scored] = await records('exercise.scored');
    if (!scored) throw new Error('there is no score');
    return (scored.body as unknown as { score: Score }).score;
  };
  const check = { method: 'Asked around', cites: 'EV-1:1', second: '' };

  it('beyond B14: a planted false claim stands among the findings like any other, and in the score at the end', async () => {
    await begin();
    const findings = await said('tomas', 'finding');
    expect(findings).toContain('Operations: No data left the house');
    expect(await said('tomas', 'finding show FI-1')).toContain('NOT VERIFIED');
    await fill('ife', 'finding verify FI-1', check);

    const during = await said('mira', 'status score');
    expect(during).toContain('is said when the exercise is closed');
    expect(`${during}${findings}${posted()}`).not.toMatch(/planted false|The access log has the download|ACCEPTED/i);

    const score = await close();
    expect(score.claims).toMatchObject([
      { plant: 'no-data', finding: 'FI-1', isTrue: false, verdict: 'accepted' },
      { plant: 'shell', finding: 'FI-2', isTrue: true, verdict: 'left-open' },
    ]);
    for (const shown of [posted(), await said('bo', 'status score')]) {
      expect(shown).toContain('1 of 1 false claims was accepted or relied on');
      expect(shown).toMatch(
        /FI-1 · ACCEPTED: a false claim was verified\. "Operations: No data left the house\." The access log/,
      );
    }
  });

  it.each([
    ['rejected', async () => fill('ife', 'finding refute FI-1', check)],
    [
      'accepted-then-rejected',
      async () => {
        await fill('ife', 'finding verify FI-1', check);
        await fill('tomas', 'finding refute FI-1', check);
      },
    ],
    [
      'challenged',
      async () =>
        fill('ife', 'finding challenge FI-1', { method: 'Read the log', argument: 'Who checked?', cites: '' }),
    ],
    ['left-open', async () => undefined],
    [
      'relied-on',
      async () => {
        await said('mira', 'notice draft employees');
        const form = formOf(await type('mira', 'notice edit NO-1'));
        const whole = Object.fromEntries(
          form.form.fields.map((f) => [f.name, ('value' in f && f.value) || 'Ask the help desk.']),
        );
        await h.submit('mira', form, { ...whole, known: 'No data left. [FI-1]' }, { in: place });
        await fill('mira', 'notice review NO-1', { note: 'fine' });
        await fill('mira', 'notice send NO-1', { byHand: '' });
      },
    ],
  ] as readonly (readonly [string, () => Promise<unknown>])[])(
    'beyond B14: what people made of a planted claim is named: %s',
    async (verdict, act) => {
      await begin();
      await act();
      expect((await close()).claims[0]?.verdict).toBe(verdict);
    },
  );

  it('plants once, when its time has come, over a restart too, and never after the end', async () => {
    await said('mira', 'step start drill');
    await h.pass(1);
    expect(await records('exercise.planted')).toEqual([]);
    await said('tomas', 'step done look');
    await h.pass(1);
    expect((await records('exercise.planted')).map((r) => r.body)).toMatchObject([
      { plant: 'no-data', run: 'PR-1', finding: 'FI-1', isTrue: false },
    ]);
    h = await h.restart();
    await h.pass(1);
    expect(await records('exercise.planted')).toHaveLength(1);
    await fill('mira', 'step stop', { reason: 'something real happened' });
    await h.pass(60);
    expect(await records('exercise.planted')).toHaveLength(1);
  });

  it('hides what it planted from those who play until it is closed, and from nobody after', async () => {
    await begin();
    expect(await said('tomas', 'audit exercise')).not.toContain('exercise.planted');
    expect(await said('tomas', 'audit')).toContain('Records of the exercise itself are shown here when it is closed');
    expect(await said('mira', 'audit export')).toContain('leaves when it is closed');
    expect(await said('quinn', 'audit exercise')).toContain('exercise.planted');
    await close();
    expect(await said('tomas', 'audit exercise')).toContain('exercise.planted');
    expect((await type('mira', 'audit export')).kind).toBe('private');
    expect(await records('audit.exported')).toHaveLength(1);
  });

  it('is measured from records: command, approval, containment, late, missed and untold steps with their reasons', async () => {
    await said('mira', 'step start drill');
    h.clock.now += 12 * 60_000;
    await said('tomas', 'step done look');
    await fill('mira', 'step done tell', { without: 'All of them were in the room' });
    await said('tomas', 'step skip weigh nobody said anything');
    const score = await close();
    expect(score).toMatchObject({
      start: { at: '2026-11-20T12:00:00.000Z', from: 'opened' },
      acknowledgeMs: 0,
      firstApprovalMs: null,
      decisionMs: null,
      containMs: null,
      steps: {
        done: 2,
        late: 1,
        missed: [{ step: 'last', reason: 'time is up' }],
        skipped: [{ step: 'weigh', reason: 'nobody said anything' }],
        untold: [{ step: 'tell', reason: 'All of them were in the room' }],
      },
      claims: [],
    });
    expect(await said('bo', 'status')).toContain('[Score]');
    expect(await said('bo', 'status score')).toMatch(/First approval after: never[\s\S]*Missed \(1\)/);
  });

  it('counts the first approval and the first containment that was carried out', async () => {
    h.clock.now += 2 * 60_000;
    await fill('tomas', 'contain isolate-host', isolate());
    h.clock.now += 4 * 60_000;
    await h.press('mira', /^Approve/, { in: place });
    h.clock.now += 60_000;
    await h.press('tomas', /carry it out/, { in: place });
    await fill('tomas', 'contain outcome CA-1', {
      result: 'executed',
      summary: 'I would pull the port.',
      evidence: '',
    });
    const { firstApprovalMs, decisionMs, containMs } = await close();
    expect([firstApprovalMs, decisionMs, containMs]).toEqual([6, 4, 7].map((minutes) => minutes * 60_000));
  });

  it('says EXERCISE on every message, answer and form, in notifications too; a live incident never does', async () => {
    const everything = async (): Promise<string[]> => {
      await said('mira', 'step start drill');
      await h.type('tomas', 'log', { in: place, files: [{ name: 'a.log', bytes: new TextEncoder().encode(LOG) }] });
      const form = formOf(await type('tomas', 'contain isolate-host'));
      await h.submit('tomas', form, isolate(), { in: place });
      await said('mira', 'finding add Root logged in [EV-1:1]');
      await said('mira', 'notice draft employees');
      const alone = await type('mira', 'timeline');
      await h.pass(90);
      await type('mira', 'status catchup');
      if (alone.kind !== 'private') throw new Error('no timeline');
      const shown = h.chat.messages.flatMap((m) => (m.view ? [m.view.view] : []));
      return [
        ...[...shown, alone.view.view].map((v) => `${v.summary}\n${viewText({ ...v, summary: '' })}`),
        `EXERCISE form\n${viewText({ summary: '', tone: null, elements: form.form.intro })}`,
      ];
    };
    const words = await everything();
    expect(words.length).toBeGreaterThan(8);
    expect(words.filter((w) => !/^EXERCISE [\s\S]*\n[\s\S]*EXERCISE/.test(w))).toEqual([]);

    await h.end();
    h = await harness();
    place = (await h.open('mira', { title: 'Real' })).in;
    await said('mira', 'finding add Root logged in');
    expect(posted()).not.toContain('EXERCISE');
  });

  it('has a score, and a live incident has none', async () => {
    await h.open('mira', { title: 'Real' });
    const live = (await h.services.incidents.load('INC-1')).state.incident.conversation as Conversation;
    expect(replyText(await h.type('mira', 'status score', { in: live }))).toContain('Only an exercise has a score');
  });
});
