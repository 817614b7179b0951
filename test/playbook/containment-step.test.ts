import { describe, expect, it } from 'vitest';
import { changedSince, outstandingSteps, stepLines } from '../../src/playbook/steps.ts';
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
