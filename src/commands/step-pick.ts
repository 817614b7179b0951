// Which run and which step of a playbook a call means.
import { currentSteps } from '../playbook/steps.ts';
import type { PlaybookRun, Step } from '../playbook/types.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { type Answer, type Call, one } from './types.ts';

export interface Picked {
  readonly run: PlaybookRun;
  readonly step: Step;
}

const runsOf = (call: Call): readonly PlaybookRun[] => {
  const wanted = one(call.args, 'run').toLowerCase();
  return (call.dossier?.playbook.runs ?? []).filter((r) =>
    wanted === '' ? r.status === 'open' : r.id.toLowerCase() === wanted || r.key.toLowerCase() === wanted,
  );
};

const noRun = (): Refusal => refuse('no-run', 'No playbook runs here. Start one: "step start".');

/** The step a call means: by run and id, by id or number alone, or the only one that is open. */
export function pickStep(call: Call): Picked | Refusal {
  const wanted = one(call.args, 'step').toLowerCase();
  const open = runsOf(call);
  if (open.length === 0) return noRun();
  for (const run of [...open].reverse()) {
    if (wanted === '') {
      const first = currentSteps(run, call.services.now())[0];
      if (first) return { run, step: first.step };
    }
    const step = run.playbook.steps.find((s, i) => s.id === wanted || String(i + 1) === wanted);
    if (step) return { run, step };
  }
  return wanted === ''
    ? refuse('no-such-step', 'No step is open now. "step all" says what each one waits for.')
    : refuse('no-such-step', `There is no step "${wanted.slice(0, 60)}". "step all" lists them with their names.`);
}

/** The run a call means; with several open and none named, a refusal that lists them. */
export function pickRun(call: Call): PlaybookRun | Refusal {
  const [run, other] = runsOf(call);
  if (!run) return noRun();
  return other
    ? refuse(
        'which-run',
        `Say which run: ${runsOf(call)
          .map((r) => `${r.key} (${r.playbook.name})`)
          .join(', ')}.`,
      )
    : run;
}

/** Runs a command on the step that is meant. */
export const withStep =
  (go: (call: Call, picked: Picked) => Promise<Answer>) =>
  async (call: Call): Promise<Answer> => {
    const picked = pickStep(call);
    return isRefusal(picked) ? picked : go(call, picked);
  };
