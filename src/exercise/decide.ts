// What an exercise plants, and when. Pure. Whether a claim is true is on record from the moment it is planted.
import { inlineClaim } from '../finding/forms.ts';
import type { FindingRecord } from '../finding/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { durationMs } from '../playbook/duration.ts';
import type { Playbook, PlaybookRun } from '../playbook/types.ts';
import { stateOf } from '../playbook/walk.ts';
import type { ExerciseRecord } from './types.ts';

type Plant = Playbook['plants'][number];

// Runs that were started by an older version carry a playbook without plants.
const plantsOf = (run: PlaybookRun): readonly Plant[] => run.playbook.plants ?? [];

function isDue(run: PlaybookRun, plant: Plant, nowMs: number): boolean {
  const { settledAt } = stateOf(run, plant.after);
  return settledAt !== null && nowMs >= Date.parse(settledAt) + (plant.delay ? durationMs(plant.delay) : 0);
}

/** The findings to plant now, each with the record that says what it is; empty outside an open exercise. */
export function plantsDue(dossier: Dossier, nowMs: number): readonly (FindingRecord | ExerciseRecord)[] {
  const { incident, exercise, finding, playbook } = dossier;
  if (incident.kind !== 'exercise' || incident.phase === 'closed') return [];
  const due = playbook.runs
    .filter((run) => run.status !== 'stopped')
    .flatMap((run) => plantsOf(run).map((plant) => ({ run, plant })))
    .filter(({ run, plant }) => !exercise.planted.some((p) => p.run === run.key && p.plant === plant.id))
    .filter(({ run, plant }) => isDue(run, plant, nowMs));
  return due.flatMap(({ run, plant }, index) => {
    const key = `FI-${finding.findings.length + index + 1}`;
    const claim = { ...inlineClaim(`${plant.says}: ${plant.claim}`), cites: plant.cites };
    return [
      { type: 'finding.added', body: { ...claim, key, origin: 'person' }, subject: key },
      {
        type: 'exercise.planted',
        body: { plant: plant.id, run: run.key, finding: key, isTrue: plant.is_true, why: plant.why },
        subject: key,
      },
    ] as const;
  });
}

/** Whether it may be said which claims were planted. */
export const isRevealed = ({ exercise }: Pick<Dossier, 'exercise'>): boolean => exercise.closedAt !== null;
