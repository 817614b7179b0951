import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidePlaybook } from '../../src/playbook/decide.ts';
import { evolvePlaybooks, noRuns } from '../../src/playbook/evolve.ts';
import { loadPlaybooks } from '../../src/playbook/load.ts';
import { currentSteps, stepLines } from '../../src/playbook/steps.ts';
import type { LoadedPlaybook, PlaybookCommand, PlaybookRun, PlaybookState } from '../../src/playbook/types.ts';
import { at, START_MS } from './given.ts';

const library = [...loadPlaybooks('playbooks').playbooks.values()];

/** Everything people wrote into a run, as text. */
function written(run: PlaybookRun): string[] {
  return [...run.entries, ...Object.values(run.steps).flatMap((s) => s.entries)].map(
    (e) => `${e.what} ${e.id} ${String(e.value)}`,
  );
}

const act = fc.record({
  step: fc.nat(60),
  kind: fc.constantFrom(
    'done',
    'answer',
    'skip',
    'notApplicable',
    'note',
    'save',
    'evidence',
    'propose',
    'link',
    'waive',
    'assign',
  ),
  word: fc.string({ minLength: 1, maxLength: 12 }),
  yes: fc.boolean(),
});

function commandOf(
  { step, kind, word, yes }: { step: number; kind: string; word: string; yes: boolean },
  loaded: LoadedPlaybook,
  n: number,
): PlaybookCommand {
  const s = loaded.playbook.steps[step % loaded.playbook.steps.length]!;
  const to = { runId: 'PR-1', stepId: s.id };
  switch (kind) {
    case 'answer':
      return { kind, ...to, answer: yes ? 'yes' : 'no', reason: word };
    case 'note':
      return { kind, ...to, text: word };
    case 'skip':
    case 'notApplicable':
      return { kind, ...to, reason: word };
    case 'save': {
      const name = [...s.requires, ...s.inputs][n % 3] ?? 'none';
      return { kind, ...to, values: { [name]: yes ? 'yes' : word } };
    }
    case 'evidence':
      return { kind: 'save', ...to, evidence: { [s.evidence_required[0]?.id ?? 'none']: [`EV-${n + 1}`] }, checks: {} };
    case 'propose':
      return { kind, ...to, proposal: `CA-${n}` };
    case 'link':
      return { kind: 'linkOutcome', ...to, proposal: `CA-${n - 1}`, outcome: yes ? 'executed' : 'denied' };
    case 'waive':
      return { kind, ...to, what: 'field', id: s.requires[0] ?? 'none', reason: word };
    case 'assign':
      return { kind, ...to, assignee: yes ? 'web:ife' : null };
    default:
      return { kind: 'done', ...to, without: yes ? word : '' };
  }
}

describe('for every order of acts on every playbook of the library', () => {
  it('no entry is lost, refused acts change nothing, and an open run always has something to do', () => {
    fc.assert(
      fc.property(fc.constantFrom(...library), fc.array(act, { maxLength: 60 }), (loaded, acts) => {
        const context = at(0, { roles: ['commander'], exercise: true });
        const values = Object.fromEntries(
          Object.entries(loaded.playbook.variables)
            .filter(([, v]) => v.required)
            .map(([k]) => [k, 'yes']),
        );
        const started = decidePlaybook({ kind: 'start', loaded, values }, noRuns, context);
        if ('kind' in started) return;
        let state: PlaybookState = started.reduce(evolvePlaybooks, noRuns);
        let before = written(state.runs[0]!);
        for (const [n, one] of acts.entries()) {
          const decided = decidePlaybook(commandOf(one, loaded, n), state, at(n, { roles: ['commander'] }));
          if ('kind' in decided) {
            expect(decided.message.length).toBeGreaterThan(10);
            continue;
          }
          expect(decided.length).toBeGreaterThan(0);
          state = decided.reduce(evolvePlaybooks, state);
          const now = written(state.runs[0]!);
          const left = [...now];
          for (const entry of before) {
            const found = left.indexOf(entry);
            expect(found, `lost: ${entry}`).toBeGreaterThanOrEqual(0);
            left.splice(found, 1);
          }
          before = now;
          const run = state.runs[0]!;
          if (run.status === 'open') expect(currentSteps(run, START_MS).length).toBeGreaterThan(0);
          else
            expect(
              stepLines(run, START_MS).some((l) => ['open', 'blocked', 'waiting', 'undecided'].includes(l.standing)),
            ).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });
});
