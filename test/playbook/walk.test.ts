import { describe, expect, it } from 'vitest';
import { changedSince, currentSteps, outstandingSteps, progressOf, stepLines } from '../../src/playbook/steps.ts';
import type { PlaybookCommand } from '../../src/playbook/types.ts';
import { contain, HOSTS, loaded, play, START_MS, step } from './given.ts';

const RUN = 'PR-1';
const start = (rest: string, values = {}): PlaybookCommand => ({ kind: 'start', loaded: loaded(rest), values });
const done = (stepId: string): PlaybookCommand => ({ kind: 'done', runId: RUN, stepId });
const skip = (stepId: string, reason = 'Not tonight'): PlaybookCommand => ({
  kind: 'skip',
  runId: RUN,
  stepId,
  reason,
});
const reply = (stepId: string, answer: 'yes' | 'no', reason = 'We looked'): PlaybookCommand => ({
  kind: 'answer',
  runId: RUN,
  stepId,
  answer,
  reason,
});
const save = (stepId: string, values: Record<string, unknown>): PlaybookCommand => ({
  kind: 'save',
  runId: RUN,
  stepId,
  values,
});
const propose = (stepId: string, proposal = 'CA-1'): PlaybookCommand => ({
  kind: 'propose',
  runId: RUN,
  stepId,
  proposal,
});
const link = (
  stepId: string,
  outcome: 'approved' | 'executed' | 'denied' | 'failed' | 'unknown' | 'expired',
  proposal = 'CA-1',
): PlaybookCommand => ({ kind: 'linkOutcome', runId: RUN, stepId, proposal, outcome });

const S = 'steps:\n';
const min = (m: number) => START_MS + m * 60_000;
const standing = (run: ReturnType<typeof play>['run'], id: string) =>
  stepLines(run, min(0)).find((l) => l.step.id === id)!;

describe('a run', () => {
  it('keeps the whole playbook and its hash in its first record', () => {
    const one = loaded(S + step('a'));
    const { run } = play([[0, { kind: 'start', loaded: one, values: {} }]]);
    expect(run).toMatchObject({ key: 'PR-1', hash: one.hash, status: 'open', startedBy: 'web:tomas' });
    expect(run.playbook).toEqual(one.playbook);
  });

  it('is not started before its required variables are answered', () => {
    const body = `variables: { v: { type: text, ask: What is it?, required: true } }\n${S}${step('a')}`;
    const { refusals } = play([[0, start(body)]]);
    expect(refusals[0]).toMatchObject({ code: 'missing', message: 'Before it starts, answer: "What is it?".' });
    expect(play([[0, start(body, { v: 'x' })]]).run.values).toEqual({ v: 'x' });
  });

  it('finishes by itself when nothing is left to settle', () => {
    const { run, refusals } = play([
      [0, start(S + step('a') + step('b'))],
      [1, done('a')],
      [2, skip('b')],
      [3, done('a')],
    ]);
    expect(run.status).toBe('finished');
    expect(run.endedAt).toBe('2026-11-20T14:02:00.000Z');
    expect(refusals[0]).toMatchObject({ code: 'run-ended' });
  });

  it('stands beside other runs in one incident, each with its own steps', () => {
    const { state } = play([
      [0, start(S + step('a') + step('b'))],
      [1, start(S + step('a'))],
      [2, { kind: 'done', runId: 'pr-2', stepId: 'a' }],
    ]);
    expect(state.runs.map((run) => [run.key, run.status])).toEqual([
      ['PR-1', 'open'],
      ['PR-2', 'finished'],
    ]);
  });

  it('is stopped with a reason only, and its outstanding steps stop blocking the close', () => {
    const { run, refusals } = play([
      [0, start(S + step('a'))],
      [1, { kind: 'stop', runId: RUN, reason: ' ' }],
      [2, { kind: 'stop', runId: RUN, reason: 'Wrong playbook' }],
    ]);
    expect(refusals[0]?.code).toBe('reason-missing');
    expect(run.status).toBe('stopped');
    expect(outstandingSteps(run, min(3))).toEqual([]);
  });

  it('refuses everything from a bot but the outcome of a proposal', () => {
    const bot = { actor: { kind: 'bot', key: 'bot' } } as const;
    const { run, refusals } = play([
      [0, start(HOSTS + S + contain('c'))],
      [1, save('c', { hosts: 'web-01' })],
      [2, propose('c')],
      [3, skip('c'), bot],
      [4, link('c', 'approved'), bot],
    ]);
    expect(refusals.map((r) => r.code)).toEqual(['not-human']);
    expect(standing(run, 'c').proposal?.outcome).toBe('approved');
  });

  it('of an exercise playbook needs an exercise', () => {
    const body = `exercise: true\n${S}${step('a')}`;
    expect(play([[0, start(body)]]).refusals[0]?.code).toBe('exercise-only');
    expect(play([[0, start(body), { exercise: true }]]).refusals).toEqual([]);
  });
});

describe('a step that depends on others', () => {
  const body = S + step('a') + step('b') + step('c', 'depends_on: [a, b]');

  it('is blocked, says by what, and opens when they are settled in any way', () => {
    const blocked = play([
      [0, start(body)],
      [1, done('a')],
      [2, done('c')],
    ]);
    expect(blocked.refusals[0]?.message).toBe(
      'Blocked because "Do b" is not settled yet. Settle that first, or ask the commander to waive the dependency.',
    );
    expect(
      standing(
        play(
          [
            [1, skip('b')],
            [2, done('c')],
          ],
          blocked.state,
        ).run,
        'c',
      ).standing,
    ).toBe('done');
  });

  it('may be worked on in parallel with its siblings', () => {
    const { run } = play([[0, start(body)]]);
    expect(currentSteps(run, min(1)).map((l) => l.step.id)).toEqual(['a', 'b']);
  });

  it('opens when the commander waives the dependency with a reason, and not when a responder does', () => {
    const waive: PlaybookCommand = {
      kind: 'waive',
      runId: RUN,
      stepId: 'c',
      what: 'dependency',
      id: 'b',
      reason: 'Speed',
    };
    const { run, refusals } = play([
      [0, start(body)],
      [1, done('a')],
      [2, waive],
      [3, waive, { roles: ['commander'] }],
    ]);
    expect(refusals[0]).toMatchObject({ code: 'not-allowed' });
    expect(standing(run, 'c').standing).toBe('open');
  });

  it('counts next of the earlier step as a dependency of the later', () => {
    const { run } = play([[0, start(S + step('a', 'next: [b]') + step('b'))]]);
    expect(standing(run, 'b')).toMatchObject({
      standing: 'blocked',
      why: 'Blocked because "Do a" is not settled yet.',
    });
  });
});

describe('a conditional step', () => {
  const body = `variables: { v: { type: choice, ask: Which one?, choices: [red, green] } }\n${S}${step('a', 'requires: [v]')}${step('b', 'when: { variable: v, is: red }')}`;

  it('is undecided until the question is answered, and says where it is asked', () => {
    const { run } = play([[0, start(body)]]);
    expect(standing(run, 'b')).toMatchObject({
      standing: 'undecided',
      why: 'Not known yet: it depends on "Which one?", asked in "Do a".',
    });
  });

  it('is hidden by another answer, and says why', () => {
    const { run } = play([
      [0, start(body)],
      [1, save('a', { v: 'GREEN' })],
    ]);
    expect(standing(run, 'b')).toMatchObject({
      standing: 'hidden',
      why: 'Hidden because "Which one?" must be red; the answer is green.',
    });
    expect(progressOf(run)).toEqual({ settled: 0, all: 1 });
  });

  it('is shown when the answer changes later', () => {
    const { run } = play([
      [0, start(body)],
      [1, save('a', { v: 'green' })],
      [2, save('a', { v: 'red' })],
    ]);
    expect(standing(run, 'b').standing).toBe('open');
  });

  it('is shown, not lost, when the question was skipped', () => {
    const { run } = play([
      [0, start(body)],
      [1, skip('a')],
    ]);
    expect(standing(run, 'b').standing).toBe('open');
  });
});

describe('a decision', () => {
  const body = `${S}${step('q', 'success: { question: Is it real? }, on_success: [y], on_failure: [n]').replace('kind: human', 'kind: decision')}${step('y')}${step('y2', 'depends_on: [y]')}${step('n')}${step('z', 'depends_on: [y2, n]')}`;

  it('needs an answer with a reason, not Done', () => {
    const { refusals } = play([
      [0, start(body)],
      [1, done('q')],
      [2, reply('q', 'yes', '  ')],
    ]);
    expect(refusals.map((r) => r.code)).toEqual(['needs-answer', 'reason-missing']);
  });

  it('opens one way, hides the other with all that follows only from it, and joins again', () => {
    const { run } = play([
      [0, start(body)],
      [1, reply('q', 'no')],
    ]);
    expect(stepLines(run, min(2)).map((l) => [l.step.id, l.standing])).toEqual([
      ['q', 'done'],
      ['y', 'hidden'],
      ['y2', 'hidden'],
      ['n', 'open'],
      ['z', 'blocked'],
    ]);
    expect(standing(run, 'y').why).toBe('Hidden because "Do q" was answered no.');
    expect(standing(run, 'y2').why).toBe('Hidden because "Do y" is not needed.');
  });

  it('leaves both ways open when it is skipped', () => {
    const { run } = play([
      [0, start(body)],
      [1, skip('q')],
    ]);
    expect(currentSteps(run, min(2)).map((l) => l.step.id)).toEqual(['y', 'n']);
  });
});

describe('a loop', () => {
  const body =
    S +
    step('a', 'next: [b]') +
    step('b', 'next: [c]') +
    step('c', 'success: { question: Gone? }, on_failure: [a], max_attempts: 2');

  it('opens its steps again after a no, and ends at its bound', () => {
    const round = [
      [1, done('a')],
      [2, done('b')],
      [3, reply('c', 'no')],
    ] as const;
    const once = play([[0, start(body)], ...round]);
    expect(currentSteps(once.run, min(4)).map((l) => l.step.id)).toEqual(['a']);
    expect(standing(once.run, 'c').state.entries.length).toBe(2);
    expect(play([...round], once.state).run.status).toBe('finished');
  });
});

describe('Done', () => {
  const body = `variables: { who: { type: account, ask: Who is it? }, n: { type: number, ask: How many? } }\n${S}${step('a', 'requires: [who, n], evidence_required: [{ id: log, what: The log }], pre_checks: [{ id: sure, question: Sure? }]')}${step('b')}`;

  it('names everything that is still needed, and keeps what was entered', () => {
    const { run, refusals } = play([
      [0, start(body)],
      [1, save('a', { who: 'ana' })],
      [2, done('a')],
    ]);
    expect(refusals[0]?.message).toBe(
      'Still needed: How many?; evidence: The log; check: Sure?. What you entered is kept.',
    );
    expect(run.values).toEqual({ who: 'ana' });
    expect(standing(run, 'a').missing.map((m) => m.id)).toEqual(['n', 'log', 'sure']);
  });

  it('is possible once fields, evidence and checks are given or waived', () => {
    const { run, refusals } = play([
      [0, start(body)],
      [1, { kind: 'save', runId: RUN, stepId: 'a', values: { who: 'ana', n: '3' }, evidence: { log: ['EV-1'] } }],
      [
        2,
        { kind: 'waive', runId: RUN, stepId: 'a', what: 'check', id: 'sure', reason: 'Nobody is' },
        { roles: ['deputy'] },
      ],
      [3, done('a')],
    ]);
    expect(refusals).toEqual([]);
    expect(standing(run, 'a').state).toMatchObject({
      settled: 'done',
      settledAt: '2026-11-20T14:03:00.000Z',
      evidence: { log: ['EV-1'] },
    });
  });

  it.each([
    ['a number that is none', { n: 'many' }, /needs a number/],
    ['a variable of another step', { x: '1' }, /Nothing called x is asked here/],
    ['a name from the prototype', { constructor: '1' }, /Nothing called constructor/],
    ['an empty answer', { who: '  ' }, /is empty/],
    ['an object', { who: { a: 1 } }, /needs text/],
  ])('refuses %s', (_name, values, says) => {
    expect(
      play([
        [0, start(body)],
        [1, save('a', values)],
      ]).refusals[0]?.message,
    ).toMatch(says);
  });

  it('refuses evidence that is no evidence key', () => {
    const { refusals } = play([
      [0, start(body)],
      [1, { kind: 'save', runId: RUN, stepId: 'a', evidence: { log: ['my file'] } }],
    ]);
    expect(refusals[0]?.message).toMatch(/EV-7/);
  });
});

describe('skip and not applicable', () => {
  it('need a reason, and keep it where the step shows it', () => {
    const { run, refusals } = play([
      [0, start(S + step('a') + step('b'))],
      [1, skip('a', '')],
      [2, { kind: 'notApplicable', runId: RUN, stepId: 'a', reason: 'No mail here' }],
      [3, skip('a')],
    ]);
    expect(refusals.map((r) => r.code)).toEqual(['reason-missing', 'already-settled']);
    expect(standing(run, 'a').why).toBe('Not applicable: No mail here');
  });
});

describe('a containment step', () => {
  const body = HOSTS + S + contain('c', 'rollback: { step: r }') + contain('r') + step('end', 'depends_on: [c]');
  const hosts = save('c', { hosts: 'web-01, web-02' });

  it('has no Done: it opens a proposal, after its targets are filled in', () => {
    const { refusals } = play([
      [0, start(body)],
      [1, done('c')],
      [2, propose('c')],
    ]);
    expect(refusals.map((r) => r.code)).toEqual(['needs-proposal', 'missing']);
    const { run } = play([
      [0, start(body)],
      [1, hosts],
      [2, propose('c')],
    ]);
    expect(standing(run, 'c')).toMatchObject({
      standing: 'waiting',
      why: 'CA-1 is pending; its outcome settles this step.',
    });
  });

  it('is settled by an execution, not by an approval', () => {
    const approved = play([
      [0, start(body)],
      [1, hosts],
      [2, propose('c')],
      [3, link('c', 'approved')],
      [4, skip('c')],
    ]);
    expect(standing(approved.run, 'c').standing).toBe('waiting');
    expect(approved.refusals[0]).toMatchObject({ code: 'in-flight' });
    expect(standing(play([[5, link('c', 'executed')]], approved.state).run, 'c').standing).toBe('done');
  });

  it.each(['denied', 'expired', 'failed'] as const)('opens again after its proposal was %s', (outcome) => {
    const { run, refusals } = play([
      [0, start(body)],
      [1, hosts],
      [2, propose('c')],
      [3, link('c', outcome)],
      [4, propose('c', 'CA-2')],
    ]);
    expect(refusals).toEqual([]);
    expect(standing(run, 'c')).toMatchObject({ standing: 'waiting', proposal: { proposal: 'CA-2' } });
    expect(standing(run, 'c').state.proposals).toHaveLength(2);
  });

  it('stays in flight while its execution is unknown, and cannot be skipped', () => {
    const { run, refusals } = play([
      [0, start(body)],
      [1, hosts],
      [2, propose('c')],
      [3, link('c', 'unknown')],
      [4, skip('c')],
    ]);
    expect(refusals[0]?.message).toBe('CA-1 is unknown. Record its outcome first, then settle the step.');
    expect(outstandingSteps(run, min(5)).map((l) => l.step.id)).toEqual(['c', 'end']);
  });

  it('offers its rollback only after it was carried out, and nothing waits for that', () => {
    const before = play([[0, start(body)]]);
    expect(standing(before.run, 'r').standing).toBe('standby');
    const after = play(
      [
        [1, hosts],
        [2, propose('c')],
        [3, link('c', 'executed')],
      ],
      before.state,
    );
    expect(standing(after.run, 'r').standing).toBe('offered');
    expect(standing(after.run, 'r').acts).toContain('propose');
    expect(play([[4, done('end')]], after.state).run.status).toBe('finished');
  });

  it('with a success question asks it after the execution', () => {
    const asked = HOSTS + S + contain('c', 'success: { question: Is it off? }');
    const { run, refusals } = play([
      [0, start(asked)],
      [1, hosts],
      [2, reply('c', 'yes')],
      [3, propose('c')],
      [4, link('c', 'executed')],
      [5, reply('c', 'yes')],
    ]);
    expect(refusals.map((r) => r.code)).toEqual(['needs-proposal']);
    expect(run.status).toBe('finished');
  });
});

describe('times', () => {
  const body = `${S}${step('a', 'due: 30m')}${step('b', 'depends_on: [a], due: { within: 10m, of: a }, timeout: 15m')}`;

  it('are relative in the playbook and absolute in the run', () => {
    const { run } = play([
      [0, start(body)],
      [20, done('a')],
    ]);
    expect(stepLines(run, min(21)).map((l) => l.dueAt)).toEqual([min(30), min(30)]);
  });

  it('make an open step overdue, and tell when to stop waiting', () => {
    const { run } = play([
      [0, start(body)],
      [20, done('a')],
    ]);
    const b = (m: number) => stepLines(run, min(m))[1]!;
    expect([b(30).isOverdue, b(31).isOverdue, b(35).isTimedOut, b(36).isTimedOut]).toEqual([false, true, false, true]);
    expect(stepLines(run, min(90))[0]!.isOverdue).toBe(false);
  });
});

describe('a playbook that changed on disk while a run is open', () => {
  const old = S + step('a') + step('b');
  const newer = loaded(S + step('a') + step('c'));

  it('does not change the run, which says so', () => {
    const { run } = play([[0, start(old)]]);
    expect(changedSince(run, loaded(old))).toBeNull();
    expect(changedSince(run, newer)).toMatch(/after PR-1 started. The run keeps 1\.0\.0/);
    expect(changedSince(run, undefined)).toMatch(/is gone. PR-1 goes on/);
  });

  it('is taken over when a person says so, with every entry kept', () => {
    const { run } = play([
      [0, start(old)],
      [1, { kind: 'note', runId: RUN, stepId: 'b', text: 'Half done' }],
      [2, done('a')],
      [3, { kind: 'adopt', runId: RUN, loaded: newer }],
    ]);
    expect(stepLines(run, min(4)).map((l) => [l.step.id, l.standing])).toEqual([
      ['a', 'done'],
      ['c', 'open'],
    ]);
    expect(run.steps['b']?.entries[0]?.value).toBe('Half done');
  });

  it('is not taken over while a proposal of the old version is in flight', () => {
    const { refusals } = play([
      [0, start(HOSTS + S + contain('c'))],
      [1, save('c', { hosts: 'web-01' })],
      [2, propose('c')],
      [3, { kind: 'adopt', runId: RUN, loaded: newer }],
    ]);
    expect(refusals[0]).toMatchObject({ code: 'in-flight' });
  });
});
