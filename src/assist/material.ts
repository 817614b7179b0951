// What one question rests on: the incident's own events, the newest and the most severe kept, every cut counted.
import type { Dossier } from '../incident/dossier.ts';
import { currentSteps } from '../playbook/steps.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { clip, reveal } from '../view/escape.ts';
import type { Line, Material, Offer, Slots, StepOffer, Task } from './types.ts';

const NEWEST_KEPT = 20;
const LONGEST_TEXT = 600;
const LINE_COST = 160;
/** Characters of lines in a prompt: about 12,000 tokens. */
const MOST_CHARACTERS = 36_000;
const MOST_STEPS = 12;
const MOST_OFFERS = 60;
/** From here on the engine says: look at this now. */
const SEVERE = 7;

/** What an event says, from its parsed fields alone. */
export const slotsOf = (event: TimelineEvent): Slots => {
  const e = event.derived?.entities;
  return {
    time: event.occurredAt,
    actor: e?.user ?? null,
    source: e?.srcIp ?? null,
    target: e?.dstIp ?? null,
    host: e?.host ?? null,
    action: e?.action ?? null,
    outcome: e?.outcome ?? null,
  };
};

/** Whether no summary may leave it out: severe by the engine, or it tries to give instructions. */
export const isSevere = (event: TimelineEvent): boolean =>
  event.severity >= SEVERE || (event.derived?.flags.includes('possible-manipulation') ?? false);

/** Whether two events name the same account, source or host. Written events share nothing that code can compare. */
export function areRelated(a: TimelineEvent, b: TimelineEvent): boolean {
  const [x, y] = [a.derived?.entities, b.derived?.entities];
  if (!x || !y) return false;
  return (['srcIp', 'user', 'host', 'dstIp'] as const).some((k) => x[k] !== undefined && x[k] === y[k]);
}

/** Which events go in: the subject's, the newest 20, the most severe, then the newest, until the room is used up. In order of time. */
export function selectEvents(
  events: readonly TimelineEvent[],
  subject: ReadonlySet<string>,
  room = MOST_CHARACTERS,
): readonly TimelineEvent[] {
  const cost = (e: TimelineEvent): number => Math.min(LONGEST_TEXT, e.text.length) + LINE_COST;
  const newest = events.slice(-NEWEST_KEPT);
  const order = [
    ...events.filter((e) => subject.has(e.key)),
    ...newest,
    ...events.filter(isSevere).toSorted((a, b) => b.severity - a.severity || (a.occurredAt < b.occurredAt ? 1 : -1)),
    ...events.toReversed(),
  ];
  const chosen = new Set<TimelineEvent>();
  let used = 0;
  for (const event of order) {
    if (chosen.has(event)) continue;
    const isPromised = chosen.size < NEWEST_KEPT && newest.includes(event);
    if (used + cost(event) > room && !isPromised) continue;
    chosen.add(event);
    used += cost(event);
  }
  return events.filter((e) => chosen.has(e));
}

const stepsOf = (dossier: Dossier, nowMs: number): readonly StepOffer[] =>
  dossier.playbook.runs
    .filter((r) => r.status === 'open')
    .flatMap((run) => currentSteps(run, nowMs).map((s) => ({ run: run.key, step: s.step.id, title: s.step.title })))
    .slice(0, MOST_STEPS)
    .map((s, i) => ({ ...s, id: `S${i + 1}` }));

export interface Question {
  readonly task: Task;
  /** Event or finding key, or null. */
  readonly subject: string | null;
  /** Keys of the events the subject is or cites. */
  readonly subjectKeys: readonly string[];
  /** Only what came after, UTC ISO 8601; null: everything. */
  readonly sinceAt: string | null;
  readonly nowMs: number;
  /** First lines of the engine's candidates for the way in, as event keys, best first. */
  readonly candidates: readonly string[];
  /** A person's own words, when they asked in words. */
  readonly question?: string | null;
  readonly audience?: string | null;
  /** Sentences of the record that may be chosen, in the order the rules would read them. */
  readonly offers?: readonly Omit<Offer, 'id'>[];
}

/** The material for a question. `events` is the merged timeline of this incident and of no other. */
export function materialFor(
  question: Question,
  dossier: Dossier,
  events: readonly TimelineEvent[],
  collected: readonly TimelineEvent[],
): Material {
  const all = events.filter((e) => !e.isRetracted && e.provenance !== 'decision');
  const asked = question.sinceAt === null ? all : all.filter((e) => e.occurredAt > (question.sinceAt as string));
  const subject = new Set([...question.subjectKeys, ...question.candidates]);
  const chosen = selectEvents(asked, subject);
  let characters = 0;
  const lines = chosen.map((event, i): Line => {
    const shown = reveal(event.text).replace(/\s+/g, ' ').trim();
    characters += Math.max(0, shown.length - LONGEST_TEXT);
    return {
      id: `L${i + 1}`,
      event,
      slots: slotsOf(event),
      text: clip(shown, LONGEST_TEXT),
      isSevere: isSevere(event),
    };
  });
  const kept = new Set(chosen);
  const idOf = (keys: readonly string[]): readonly string[] =>
    keys.flatMap((k) => lines.find((l) => l.event.key === k)?.id ?? []);
  return {
    incident: dossier.incident.key,
    task: question.task,
    subject: question.subject,
    question: question.question ?? null,
    audience: question.audience ?? null,
    subjectLines: idOf(question.subjectKeys),
    candidates: idOf(question.candidates),
    lines,
    steps: question.task === 'suggest' ? stepsOf(dossier, question.nowMs) : [],
    offers: (question.offers ?? []).slice(0, MOST_OFFERS).map((o, i) => ({ ...o, id: `F${i + 1}` })),
    all: asked,
    collected,
    evidence: dossier.evidence.items.map((e) => e.key),
    cut: {
      events: asked.length - chosen.length,
      severe: asked.filter((e) => isSevere(e) && !kept.has(e)).map((e) => e.key),
      characters,
    },
  };
}
