// One question to the assistant from asking to the record: what it rests on, who may be asked, what came back. It holds nobody up.
import { type Asked, ask, eventsNamed, inPlaceOf, type Prepared, prepare } from '../assist/ask.ts';
import { builtIn } from '../assist/builtin.ts';
import type { Held } from '../assist/ground.ts';
import { materialFor } from '../assist/material.ts';
import { recordOffers } from '../assist/offers.ts';
import { promptText } from '../assist/prompt.ts';
import {
  type Assistant,
  type AssistantRecord,
  type Dropped,
  type Kept,
  MODEL_OFF,
  type Task,
} from '../assist/types.ts';
import type { Actor } from '../audit/record.ts';
import { maskSecrets } from '../evidence/secrets.ts';
import { answer as searched } from '../finding/ask.ts';
import type { Dossier } from '../incident/dossier.ts';
import { readWhen } from '../incident/when.ts';
import type { Organisation } from '../organisation/schema.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { clip } from '../view/escape.ts';
import type { View } from '../view/types.ts';
import { cardMessage, cardView } from './assist-card.ts';
import { draftOffersFor } from './assist-draft.ts';
import { collectedEvents, eventsOf } from './events.ts';
import type { Message, Services } from './types.ts';

const MOST_RECORDED = 60;

/** What is asked, in the words of a command. */
export interface Wanted {
  readonly task: Task;
  /** Key of an event or a finding. */
  readonly about?: string;
  /** As typed: -30m or a time. */
  readonly since?: string;
  readonly question?: string;
  /** Key of the audience of a draft. */
  readonly audience?: string;
}

/** Who asks, about which incident, and when. */
export interface Asker {
  readonly services: Services;
  readonly dossier: Dossier;
  readonly actor: Actor;
  /** ISO 8601 UTC. */
  readonly nowAt: string;
  /** Nobody asked: the setting and people's verdicts let it. */
  readonly isAutomatic: boolean;
}

/** Whether a model may be asked: a person's choice in this incident first, then the organisation's file. Both switches must be on. */
export function isModelOn(dossier: Dossier, org: Organisation, audience: string | null = null): boolean {
  const { assist, incident } = dossier;
  if (!(assist.isModelOn ?? (!incident.isPrivate || org.assistant.private_incidents))) return false;
  if (audience === null) return true;
  const setting = Object.hasOwn(org.audiences, audience) ? org.audiences[audience]?.model : undefined;
  return assist.audiences[audience] ?? setting ?? true;
}

/** Whoever would answer now. */
export const assistantFor = (services: Services, dossier: Dossier, audience: string | null = null): Assistant =>
  services.model && isModelOn(dossier, services.organisation.organisation, audience) ? services.model : builtIn;

const namesOf = (org: Organisation): readonly string[] =>
  org.people.flatMap((p) => [p.name, ...p.name.split(' ').filter((w) => w.length > 3)]);

/** Everything a question rests on, or why it cannot be asked. */
export async function prepared(asker: Asker, wanted: Wanted): Promise<Prepared | Refusal> {
  const { services, dossier, nowAt } = asker;
  const org = services.organisation.organisation;
  const { task, about = '', since = '', question = null, audience = null } = wanted;
  const timeline = await eventsOf(services, dossier);
  // Readers of a draft get sentences of the record: no log line is needed to choose among them.
  const events = task === 'draft' ? [] : timeline;
  const subject = about.trim().toUpperCase();
  const finding = dossier.finding.findings.find((f) => f.key === subject);
  const named = subject === '' ? [] : eventsNamed(subject, finding?.cites ?? [], events);
  if (subject !== '' && named.length === 0)
    return refuse(
      'no-such-event',
      finding
        ? `${subject} cites nothing on the timeline, so there is nothing to compare. Complete it: finding edit ${subject}`
        : `There is no ${subject.slice(0, 20)} on the timeline. "timeline" shows the keys, such as EV-1:12 or TE-3.`,
    );
  const zone = dossier.incident.zone ?? org.zone;
  const from = since.trim() === '' ? null : readWhen(since, { nowAt, zone });
  if (isRefusal(from)) return from;
  const candidates: string[] = [];
  for (const a of task === 'draft' ? [] : dossier.timeline.additions) {
    const result = await services.intake.result(a.result);
    candidates.push(...(result?.initialAccess ?? []).map((c) => `${a.evidence}:${c.line}`));
  }
  const offers =
    task === 'draft'
      ? draftOffersFor(asker, audience ?? '', timeline)
      : task === 'ask' || task === 'catch-up'
        ? recordOffers(dossier)
        : [];
  if (isRefusal(offers)) return offers;
  const found = question === null ? [] : searched(question, dossier, events).events.map((e) => e.key);
  const material = materialFor(
    {
      task,
      subject: subject || null,
      subjectKeys: [...named, ...found],
      sinceAt: from?.at ?? null,
      nowMs: services.now(),
      candidates,
      question,
      audience,
      offers,
    },
    dossier,
    events,
    task === 'summarise' ? await collectedEvents(services, dossier) : events,
  );
  return prepare(material, namesOf(org), services.randomId);
}

const keptOf = (key: string, held: readonly Held[]): readonly Kept[] =>
  held.slice(0, MOST_RECORDED).map((h, i) => ({
    key: `${key}.${i + 1}`,
    kind: h.kind,
    text: maskSecrets(clip(h.text, 300)),
    cites: h.cites.slice(0, 20),
    ...(h.cause ? { cause: h.cause } : {}),
    ...(h.lane ? { lane: h.lane } : {}),
  }));

const droppedOf = (dropped: readonly Dropped[]): readonly Dropped[] =>
  dropped.slice(0, MOST_RECORDED).map((d) => ({ kind: d.kind, why: clip(d.why, 200) }));

/** The answer's card in the incident's channel: one message, edited in place. */
const cardOf = (dossier: Dossier, answer: string, stage: string): readonly Message[] => {
  const { key, conversation } = dossier.incident;
  return conversation ? [cardMessage(key, answer, conversation, stage)] : [];
};

interface Begun {
  readonly key: string;
  readonly assistant: Assistant;
  readonly tokensLeft: number;
}

async function begin(asker: Asker, ready: Prepared, isOnCard: boolean): Promise<Begun | Refusal> {
  const { services, actor, isAutomatic } = asker;
  const { material, prompt, redact } = ready;
  const assistant = assistantFor(services, asker.dossier, material.audience);
  const sent = assistant.isModel ? await services.blobs.keep(new TextEncoder().encode(promptText(prompt))) : null;
  const asked = await services.act(material.incident, actor, (dossier) => {
    const key = `AR-${dossier.assist.answers.length + 1}`;
    const record: AssistantRecord = {
      type: 'assistant.asked',
      subject: key,
      body: {
        key,
        task: material.task,
        subject: material.subject,
        question: material.question === null ? null : maskSecrets(clip(material.question, 500)),
        audience: material.audience,
        isAutomatic,
        assistant: assistant.name,
        isModel: assistant.isModel,
        prompt:
          sent === null ? { absent: 'built-in rules read the record itself; nothing was sent' } : { sha256: sent },
        events: material.lines.slice(0, 500).map((l) => l.event.key),
        of: material.all.length,
        cut: { events: material.cut.events, characters: material.cut.characters },
        replaced: sent === null ? {} : redact.counts(),
      },
    };
    return { records: [record], say: isOnCard && assistant.isModel ? cardOf(dossier, key, 'asked') : [] };
  });
  if (isRefusal(asked)) return asked;
  const tokensLeft = services.assistantTokens - asked.state.assist.tokens;
  return { key: asked.records[0]?.subject as string, assistant, tokensLeft };
}

/** Puts what came back on record. A model that was switched off while it answered is not listened to. */
async function finish(
  asker: Asker,
  ready: Prepared,
  begun: Begun,
  isOnCard: boolean,
  onText?: (characters: number) => void,
): Promise<Dossier | Refusal> {
  const { services, actor } = asker;
  const { material } = ready;
  const { key, assistant, tokensLeft } = begun;
  const given = await ask(assistant, ready, tokensLeft, onText);
  const first = services.model && !assistant.isModel ? { ...given, fellBack: MODEL_OFF } : given;
  const output = first.output === null ? null : await services.blobs.keep(new TextEncoder().encode(first.output));
  const written = await services.act(material.incident, actor, async (dossier) => {
    const isOff = first.by.isModel && !isModelOn(dossier, services.organisation.organisation, material.audience);
    const done: Asked = isOff
      ? await inPlaceOf(first, ready, 'the model was switched off while it answered, so what it said was thrown away.')
      : first;
    const records: readonly AssistantRecord[] = [
      {
        type: 'assistant.answered',
        subject: key,
        body: {
          key,
          assistant: done.by.name,
          isModel: done.by.isModel,
          output: output === null ? { absent: done.fellBack ?? 'nothing came back' } : { sha256: output },
          fellBack: done.fellBack,
          tokens: done.tokens,
        },
      },
      {
        type: 'assistant.checked',
        subject: key,
        body: {
          key,
          kept: keptOf(key, done.grounded.held),
          dropped: droppedOf(done.grounded.dropped),
          omitted: done.grounded.omitted.slice(0, 200),
          planted: material.all
            .filter((e) => e.derived?.flags.includes('possible-manipulation'))
            .map((e) => e.key)
            .slice(0, 200),
          leftOut: done.grounded.leftOut.slice(0, MOST_RECORDED),
        },
      },
    ];
    return { records, say: isOnCard ? cardOf(dossier, key, 'answered') : [] };
  });
  return isRefusal(written) ? written : written.state;
}

/** What became of a question: its answer's card, or the key of the card in the channel that will hold it. */
export type Outcome =
  | { readonly kind: 'answered'; readonly key: string; readonly view: View }
  | { readonly kind: 'working'; readonly key: string };

/**
 * Asks. The rules answer at once. A model is waited for beside the chat when `isHere` (the incident's own channel): its card stands
 * there from the start, says that it is at work, and is edited in place. Anywhere else the answer is for the asker alone.
 */
export async function asked(asker: Asker, wanted: Wanted, isHere: boolean): Promise<Outcome | Refusal> {
  const ready = await prepared(asker, wanted);
  if (isRefusal(ready)) return ready;
  const { services, dossier } = asker;
  const incident = dossier.incident.key;
  const begun = await begin(asker, ready, isHere);
  if (isRefusal(begun)) return begun;
  const { key } = begun;
  if (isHere && begun.assistant.isModel) {
    services.asking.start(`${incident}/${key}`, async (progress) => {
      await finish(asker, ready, begun, true, progress);
    });
    return { kind: 'working', key };
  }
  const state = await finish(asker, ready, begun, asker.isAutomatic);
  if (isRefusal(state)) return state;
  return { kind: 'answered', key, view: (await cardView(services, state, key)) as View };
}
