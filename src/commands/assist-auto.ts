// What the assistant does without being asked: read and draft, when the organisation's file says so and people's verdicts have earned it.
import { decideAssist } from '../assist/decide.ts';
import { automaticNow } from '../assist/precision.ts';
import { ASSISTANT_ACTOR, type Task } from '../assist/types.ts';
import { isRefusal } from '../refusal.ts';
import { asked } from './assist-ask.ts';
import { levelsNow } from './assist-card.ts';
import { findingCard } from './finding-act.ts';
import type { Services } from './types.ts';

/** Called when evidence was added to a timeline; returns at once. What it writes is labelled, cited and verified by nobody. */
export async function afterEvidence(services: Services, incident: string): Promise<void> {
  const setting = services.organisation.organisation.assistant;
  if (setting.automatic.length === 0) return;
  const earned = automaticNow(setting, await levelsNow(services));
  const mayExplain = earned.includes('hypotheses') || earned.includes('propose');
  const tasks: readonly Task[] = [
    ...(earned.includes('summarise') ? (['summarise'] as const) : []),
    ...(mayExplain ? (['hypotheses'] as const) : []),
  ];
  if (tasks.length === 0) return;
  services.asking.start(`${incident}/by-itself`, async () => {
    for (const task of tasks) {
      const dossier = (await services.incidents.load(incident)).state;
      const nowAt = new Date(services.now()).toISOString();
      const asker = { services, dossier, actor: ASSISTANT_ACTOR, nowAt, isAutomatic: true };
      const done = await asked(asker, { task }, false);
      if (!isRefusal(done) && task === 'hypotheses' && earned.includes('propose'))
        await propose(services, incident, done.key);
    }
  });
}

/** The first explanation as a finding of the assistant's, unless the same stands on record already. */
async function propose(services: Services, incident: string, answer: string): Promise<void> {
  await services.act(incident, ASSISTANT_ACTOR, (dossier) => {
    const first = dossier.assist.answers.find((a) => a.key === answer)?.kept.find((k) => k.kind === 'cause');
    if (!first || dossier.finding.findings.some((f) => f.claim === first.text)) return { records: [] };
    const records = decideAssist({ do: 'propose', claim: first.key }, dossier.assist, dossier.finding, ASSISTANT_ACTOR);
    if (isRefusal(records)) return { records: [] };
    return {
      records,
      say: records.filter((r) => r.type === 'finding.added').flatMap((r) => findingCard(dossier, r.subject ?? '')),
    };
  });
}
