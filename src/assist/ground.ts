// Grounding: a claim holds only when one event of this prompt says it, field by field. Whatever fails is dropped and counted.
import { z } from 'zod';
import { refang } from '../evidence/defang.ts';
import { againstCause } from './against.ts';
import { ABSENCE_NAMES, ABSENCES, ASSUMPTION_NAMES, CAUSE_NAMES, CAUSES } from './causes.ts';
import { areRelated, isSevere } from './material.ts';
import { absenceText, causeGrounds, causeText, countText, eventText, plainText } from './render.ts';
import {
  type CauseClaim,
  type ClaimKind,
  type Dropped,
  type Grounds,
  type Line,
  type Material,
  SLOTS,
} from './types.ts';

const LONGEST_ANSWER = 200_000;
const MOST_CLAIMS = 100;
const id = z.string().min(1).max(20);
const ids = z.array(id).max(100);
const slot = z.string().max(300).nullable().optional();

const eventClaim = z.strictObject({
  line: id,
  slots: z.strictObject({
    time: slot,
    actor: slot,
    source: slot,
    target: slot,
    host: slot,
    action: slot,
    outcome: slot,
  }),
  quote: z.string().max(600).nullable(),
});
const countClaim = z.strictObject({ lines: ids.min(1), count: z.number().int().min(0) });
const causeClaim = z.strictObject({
  cause: z.enum(CAUSE_NAMES),
  line: id,
  support: ids,
  against: ids,
  assumptions: z.array(z.enum(ASSUMPTION_NAMES)).min(1).max(6),
  alternatives: z.array(z.enum(CAUSE_NAMES)).min(2).max(6),
  confidence: z.number().int().min(0).max(100),
});

/** The whole answer's shape; a model behind structured outputs is held to its JSON Schema. */
export const outputSchema = z.strictObject({
  events: z.array(eventClaim),
  counts: z.array(countClaim),
  causes: z.array(causeClaim),
  absences: z.array(z.enum(ABSENCE_NAMES)),
  steps: z.array(id),
  recorded: z.array(id),
});
// One bad claim costs that claim; an answer that is not this object at all costs everything.
const loose = z.array(z.unknown()).max(1000);
const envelope = z.strictObject({
  events: loose,
  counts: loose,
  causes: loose,
  absences: loose,
  steps: loose,
  recorded: loose,
});

/** A claim that held; cites are keys of the incident. */
export interface Held {
  readonly kind: ClaimKind;
  readonly text: string;
  readonly cites: readonly string[];
  /** Only an explanation has them. */
  readonly cause?: Grounds;
  /** Only a step has it. */
  readonly step?: { readonly run: string; readonly step: string };
  /** Only a sentence of the record has it. */
  readonly lane?: string;
}

export interface Grounded {
  readonly held: readonly Held[];
  readonly dropped: readonly Dropped[];
  /** Severe events, verified findings and open questions that the answer left out. */
  readonly omitted: readonly string[];
  /** Sentences that were offered for a draft and not chosen, as code writes them. */
  readonly leftOut: readonly string[];
}

const normal = (value: string): string => refang(value).normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();

function isSlot(name: (typeof SLOTS)[number], said: string, is: string | null): boolean {
  if (is === null) return false;
  if (name === 'time') return Number.isFinite(Date.parse(said)) && Date.parse(said) === Date.parse(is);
  return normal(said) === normal(is);
}

type Checked = Held | string;

function checkEvent(claim: z.infer<typeof eventClaim>, lines: ReadonlyMap<string, Line>, isPlain: boolean): Checked {
  const line = lines.get(claim.line);
  if (!line) return 'it names a line that was not in the prompt';
  for (const name of SLOTS) {
    const said = claim.slots[name];
    if (said === null || said === undefined) continue;
    if (!isSlot(name, said, line.slots[name])) return `its ${name} is not the one in ${line.event.key}`;
  }
  if (claim.quote !== null && claim.quote.trim() !== '' && !normal(line.text).includes(normal(claim.quote)))
    return `it quotes words that are not in ${line.event.key}`;
  return { kind: 'event', text: isPlain ? plainText(line) : eventText(line), cites: [line.event.key] };
}

function checkCount(claim: z.infer<typeof countClaim>, lines: ReadonlyMap<string, Line>): Checked {
  const named = [...new Set(claim.lines)].map((l) => lines.get(l));
  const found = named.filter((l): l is Line => l !== undefined);
  if (found.length !== named.length) return 'it counts a line that was not in the prompt';
  const [first] = found;
  if (found.some((l) => l.slots.action !== first?.slots.action || l.slots.outcome !== first?.slots.outcome))
    return 'it counts different things together';
  const count = found.reduce((sum, l) => sum + l.event.count, 0);
  if (count !== claim.count) return `it says ${claim.count} and code counts ${count}`;
  return { kind: 'count', text: countText(found, count), cites: found.map((l) => l.event.key) };
}

function checkCause(claim: CauseClaim, lines: ReadonlyMap<string, Line>, material: Material): Checked {
  const line = lines.get(claim.line);
  if (!line || [...claim.support, ...claim.against].some((l) => !lines.has(l)))
    return 'it names a line that was not in the prompt';
  if (!CAUSES[claim.cause].fits(line.event)) return `${line.event.key} cannot bear out "${claim.cause}"`;
  const support = [...new Set(claim.support)].filter((l) => l !== claim.line).map((l) => lines.get(l) as Line);
  const strange = support.find((l) => !areRelated(l.event, line.event));
  if (strange) return `${strange.event.key} has nothing in common with ${line.event.key}`;
  const alternatives = [...new Set(claim.alternatives)].filter((a) => a !== claim.cause);
  if (alternatives.length < 2) return 'it names fewer than two alternatives';
  // What code knows to speak against it is shown whether or not the assistant says so.
  const against = [...new Set([...claim.against, ...againstCause(claim.cause, line, material)])];
  if (support.some((l) => against.includes(l.id))) return 'it takes the same line for and against';
  const keys = (all: readonly string[]): readonly string[] => all.map((l) => (lines.get(l) as Line).event.key);
  return {
    kind: 'cause',
    text: causeText(claim, line),
    cites: [line.event.key, ...support.map((l) => l.event.key)],
    cause: {
      support: support.map((l) => l.event.key),
      against: keys(against),
      confidence: claim.confidence,
      ...causeGrounds({ ...claim, alternatives }),
    },
  };
}

function checkAbsence(absence: (typeof ABSENCE_NAMES)[number], material: Material): Checked {
  const found = material.collected.filter((e) => ABSENCES[absence].matches(e));
  if (found.length > 0)
    return `it says that there was no ${ABSENCES[absence].says}, and ${found
      .slice(0, 3)
      .map((e) => e.key)
      .join(', ')} may show it`;
  if (material.collected.length === 0) return 'nothing was collected that could show an absence';
  return { kind: 'absence', text: absenceText(absence, material), cites: material.evidence };
}

function checkStep(step: string, material: Material): Checked {
  const offer = material.steps.find((s) => s.id === step);
  if (!offer) return 'it names a step that no playbook offers now';
  const { run, step: key } = offer;
  return { kind: 'step', text: offer.title, cites: [], step: { run, step: key } };
}

function checkOffer(id: string, material: Material): Checked {
  const offer = material.offers.find((o) => o.id === id);
  if (!offer) return 'it names a sentence that the record does not hold';
  return { kind: 'recorded', text: offer.text, cites: offer.cites, lane: offer.lane };
}

const nothingBut = (why: string, material: Material): Grounded => ({
  held: [],
  dropped: [{ kind: 'answer', why }],
  omitted: omittedFrom([], material),
  leftOut: leftOutOf([], material),
});

const MUST_COVER = new Set<Material['task']>(['summarise', 'catch-up', 'translate']);

function omittedFrom(held: readonly Held[], material: Material): readonly string[] {
  if (!MUST_COVER.has(material.task)) return [];
  const said = new Set(held.filter((h) => h.kind === 'event').flatMap((h) => h.cites));
  const chosen = new Set(held.filter((h) => h.kind === 'recorded').map((h) => h.text));
  return [
    ...material.all.filter((e) => isSevere(e) && !said.has(e.key)).map((e) => e.key),
    ...material.offers.filter((o) => o.mustShow && !chosen.has(o.text)).map((o) => o.key),
  ];
}

const leftOutOf = (held: readonly Held[], material: Material): readonly string[] =>
  material.task === 'draft'
    ? material.offers.map((o) => o.text).filter((t) => !held.some((h) => h.kind === 'recorded' && h.text === t))
    : [];

// What a task may answer with: an explanation slipped into a summary is dropped like any other stray claim.
const ANSWERS: Readonly<Record<Material['task'], ReadonlySet<ClaimKind>>> = {
  summarise: new Set(['event', 'count', 'absence']),
  translate: new Set(['event']),
  hypotheses: new Set(['cause']),
  explain: new Set(['event', 'count', 'cause']),
  contradict: new Set(['event', 'count']),
  suggest: new Set(['step']),
  'catch-up': new Set(['event', 'recorded']),
  ask: new Set(['event', 'count', 'recorded']),
  draft: new Set(['recorded']),
};

/** Whether an answer repeats the canary, also with its letters spread out. */
export const hasCanary = (text: string, canary: string): boolean =>
  canary !== '' &&
  text
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase()
    .includes(canary.replace(/[^a-z0-9]/gi, '').toLowerCase());

/** Checks an answer against its own material. `restore` puts the real values back where placeholders stand. */
export function ground(
  answer: string,
  material: Material,
  canary: string,
  restore: (text: string) => string = (text) => text,
): Grounded {
  if (answer.length > LONGEST_ANSWER) return nothingBut('the answer is far too long', material);
  if (hasCanary(answer, canary)) return nothingBut('the answer repeats its own instructions', material);
  const parsed = readJson(answer, restore);
  const shape = envelope.safeParse(parsed);
  if (!shape.success) return nothingBut('the answer is not the JSON that was asked for', material);
  const lines = new Map(material.lines.map((l) => [l.id, l]));
  const held: Held[] = [];
  const dropped: Dropped[] = [];
  const allowed = ANSWERS[material.task];
  const take = <T>(
    kind: ClaimKind,
    claims: readonly unknown[],
    schema: z.ZodType<T>,
    check: (c: T) => Checked,
  ): void => {
    const seen = new Set<string>();
    for (const [at, claim] of claims.entries()) {
      const read = schema.safeParse(claim);
      const result = !allowed.has(kind)
        ? 'it answers something that was not asked'
        : at >= MOST_CLAIMS
          ? 'there are too many of them'
          : read.success
            ? check(read.data)
            : 'it does not have the shape that was asked for';
      if (typeof result === 'string') dropped.push({ kind, why: result });
      else if (!seen.has(result.text)) {
        seen.add(result.text);
        held.push(result);
      }
    }
  };
  const isPlain = material.task === 'translate';
  take('event', shape.data.events, eventClaim, (c) => checkEvent(c, lines, isPlain));
  take('count', shape.data.counts, countClaim, (c) => checkCount(c, lines));
  take('cause', shape.data.causes, causeClaim, (c) => checkCause(c, lines, material));
  take('absence', shape.data.absences, z.enum(ABSENCE_NAMES), (c) => checkAbsence(c, material));
  take('step', shape.data.steps, id, (c) => checkStep(c, material));
  take('recorded', shape.data.recorded, id, (c) => checkOffer(c, material));
  return { held, dropped, omitted: omittedFrom(held, material), leftOut: leftOutOf(held, material) };
}

function readJson(answer: string, restore: (text: string) => string): unknown {
  try {
    return JSON.parse(answer, (key, value: unknown) =>
      key === '__proto__' ? undefined : typeof value === 'string' ? restore(value) : value,
    );
  } catch {
    return null;
  }
}
