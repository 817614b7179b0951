// The card of an answer of the assistant: drawn from the record whenever it is looked at, and where it stands in the channel.
import { evolveAssists } from '../assist/evolve.ts';
import { type Levels, levelsOf } from '../assist/precision.ts';
import { type AssistantAnswer, noAssists } from '../assist/types.ts';
import { answerView } from '../assist/view.ts';
import { live, outgoing } from '../chat/outbox.ts';
import type { Conversation } from '../chat/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { View } from '../view/types.ts';
import { eventsOf } from './events.ts';
import type { Message, Services } from './types.ts';

/** How each kind of claim is shown now, by people's verdicts over all real incidents; no word of one reaches another's prompt. */
export async function levelsNow({ store, organisation }: Services): Promise<Levels> {
  const judged = (await store.find({ typePrefix: 'assistant.judged' })).map((s) => s.record.incident);
  const incidents = [...new Set(judged)].filter((key) => key?.startsWith('INC-'));
  const answers: AssistantAnswer[] = [];
  for (const incident of incidents) {
    const records = await store.find({ incident: incident as string, typePrefix: 'assistant.' });
    answers.push(...records.map((r) => r.record).reduce(evolveAssists, noAssists).answers);
  }
  return levelsOf(answers, organisation.organisation.assistant);
}

/** The message of an answer's card; `stage` tells one edit from another. */
export const cardMessage = (incident: string, answer: string, to: Conversation, stage: string): Message => ({
  key: `assist/${incident}/${answer}/${stage}`,
  message: { op: 'put', name: `assist/${incident}/${answer}`, to, content: live('assistant', incident, answer) },
});

/** The card of an answer as it stands; null when there is none of that key. */
export async function cardView(
  services: Services,
  dossier: Dossier,
  key: string,
  isAllShown = false,
): Promise<View | null> {
  const answer = dossier.assist.answers.find((a) => a.key === key);
  if (!answer) return null;
  const incident = dossier.incident.key;
  return answerView({
    answer,
    incident,
    events: answer.omitted.length > 0 ? await eventsOf(services, dossier) : [],
    findings: dossier.finding,
    levels: await levelsNow(services),
    isAllShown,
    progress: services.asking.progress(`${incident}/${key}`),
  });
}

/** Draws the cards anew whose answers a stop has lost, so that none says for ever that it is working. Called at the start. */
export async function showLost(services: Services, incident: string): Promise<void> {
  const { assist, incident: about } = (await services.incidents.load(incident)).state;
  const { conversation } = about;
  if (!conversation) return;
  const lost = assist.answers.filter(
    (a) => a.answeredAt === null && services.asking.progress(`${incident}/${a.key}`) === null,
  );
  await services.store.enqueue(
    lost
      .map((a) => cardMessage(incident, a.key, conversation, `lost-${services.now()}`))
      .map((m) => outgoing(m.key, m.message)),
  );
}
