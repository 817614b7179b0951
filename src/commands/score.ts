// status score: how the team does in an exercise.
import { fixed } from '../chat/outbox.ts';
import { isRevealed } from '../exercise/decide.ts';
import { scoreOf } from '../exercise/score.ts';
import type { ExerciseRecord } from '../exercise/types.ts';
import { scoreView } from '../exercise/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { refuse } from '../refusal.ts';
import type { Command, Message } from './types.ts';

/** What closing an exercise puts on record and says in its channel: the score, with what was planted. */
export function scoredAtClose(
  dossier: Dossier,
  nowAt: string,
): { readonly records: readonly ExerciseRecord[]; readonly say: readonly Message[] } {
  const { incident } = dossier;
  if (incident.kind !== 'exercise') return { records: [], say: [] };
  const score = scoreOf(dossier, nowAt);
  const { conversation: to, key } = incident;
  const content = fixed(scoreView(incident, score, true));
  return {
    records: [{ type: 'exercise.scored', body: { score }, subject: key }],
    say: to ? [{ key: `score/${key}/${dossier.version}`, message: { op: 'post', to, content } }] : [],
  };
}

export const scoring: Command = {
  name: 'status score',
  summary: 'How the team does in this exercise: times, missed steps, and at the end what was planted',
  args: [],
  examples: ['status score'],
  effect: 'read',
  who: 'participant',
  needsIncident: true,
  async run(call) {
    const dossier = call.dossier as Dossier;
    if (dossier.incident.kind !== 'exercise')
      return refuse('not-an-exercise', 'Only an exercise has a score. "audit metrics" measures live incidents.');
    return {
      kind: 'private',
      view: scoreView(dossier.incident, scoreOf(dossier, dossier.exercise.closedAt ?? call.nowAt), isRevealed(dossier)),
    };
  },
};
