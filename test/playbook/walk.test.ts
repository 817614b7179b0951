import { describe, expect, it } from 'vitest';
import { currentSteps, outstandingSteps, progressOf, stepLines, toldSteps } from '../../src/playbook/steps.ts';
import type { PlaybookCommand } from '../../src/playbook/types.ts';
import {
  contain,
  done,
  HOSTS,
  link,
  loaded,
  min,
  play,
  propose,
  RUN,
  reply,
  S,
  save,
  skip,
  standing,
  start,
  step,
} from './given.ts';

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

describe('a notice step', () => {
  const body = `${S}${step('tell', 'notices: [{ audience: customers }, { audience: executive }]').replace('kind: human', 'kind: notice')}${step('b')}`;
  const sent = [
    { key: 'NO-1', audience: 'customers' },
    { key: 'NO-2', audience: 'executive' },
  ];
  const tell = (more: { notices?: readonly string[]; without?: string }) =>
    ({ kind: 'done', runId: RUN, stepId: 'tell', ...more }) as const;

  it.each([
    ['nothing was sent and nobody says why', {}, /No notice to customers, executive is named that was sent/],
    ['a notice was not sent', { notices: ['NO-3'] }, /NO-3 was not sent, or was taken back/],
    ['one of its audiences got none', { notices: ['NO-1'] }, /No notice to executive is named/],
    ['the reason is blank', { without: '   ' }, /say in one sentence why/],
    ['the reason is endless', { without: 'x'.repeat(4001) }, /over 4000 characters/],
  ])('is not done when %s', (_name, more, says) => {
    const { run, refusals } = play([
      [0, start(body)],
      [1, tell(more), { sent }],
    ]);
    expect(refusals).toMatchObject([{ code: 'not-told', message: expect.stringMatching(says) }]);
    expect(standing(run, 'tell').standing).toBe('open');
  });

  it.each([
    ['the notices that were sent', { notices: ['NO-1', 'NO-2'] }, 'Done: NO-1, NO-2 were sent.'],
    [
      'one notice, and why the other audience has none',
      { notices: ['NO-2'], without: 'Counsel says no customer is concerned' },
      'Done: NO-2 was sent; WITHOUT a notice to customers: Counsel says no customer is concerned',
    ],
    [
      'a reason alone',
      { without: 'Told them by phone' },
      'Done: WITHOUT a notice to customers, executive: Told them by phone',
    ],
  ])('is done with %s, and says so wherever it is listed', (_name, more, says) => {
    const { run, refusals } = play([
      [0, start(body)],
      [1, tell(more), { sent }],
    ]);
    expect(refusals).toEqual([]);
    expect(standing(run, 'tell').why).toBe(says);
    expect(toldSteps(run).map((t) => t.step.id)).toEqual(['tell']);
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
