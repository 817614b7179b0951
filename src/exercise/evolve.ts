import type { LedgerRecord } from '../audit/record.ts';
import type { IncidentRecord } from '../incident/types.ts';
import type { Exercise, ExerciseRecord } from './types.ts';

/** Folds one record; records of other nouns leave it as it is. */
export function evolveExercise(exercise: Exercise, stored: LedgerRecord): Exercise {
  const record = stored as unknown as ExerciseRecord | IncidentRecord;
  switch (record.type) {
    case 'role.assigned':
      return record.body.role === 'commander' && exercise.commandedAt === null
        ? { ...exercise, commandedAt: stored.ts }
        : exercise;
    case 'exercise.planted':
      return { ...exercise, planted: [...exercise.planted, record.body] };
    case 'incident.closed':
      return { ...exercise, closedAt: stored.ts };
  }
  return exercise;
}
