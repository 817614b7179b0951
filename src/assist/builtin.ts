// The assistant that needs no model: it chooses lines, causes and steps by rules, and passes the same checks as any other.

import { matchScore, termsOf } from '../finding/ask.ts';
import { againstCause, contradicting } from './against.ts';
import { ABSENCE_NAMES, ABSENCES, type Assumption, CAUSE_NAMES, CAUSES, type Cause } from './causes.ts';
import { areRelated } from './material.ts';
import type { Assistant, CauseClaim, CountClaim, EventClaim, Line, Material, Output } from './types.ts';

const MOST_EVENTS = 12;
const MOST_CAUSES = 3;
/** Failed logins before a successful one that make it look guessed. */
const TRIES = 2;
/** The rest happens after somebody is in. */
const WAYS_IN: ReadonlySet<Cause> = new Set([
  'guessed-password',
  'stolen-credential',
  'web-exploit',
  'web-shell',
  'phished-user',
]);
const MOST_SUPPORT = 6;
const RELATED = 6;
const MOST_STEPS = 3;
const MOST_ANSWERS = 8;
/** Share of a question's words that a sentence must have. */
const FITS = 0.34;
/** Sentences in a draft that a tired reader still takes in. */
const MOST_SENTENCES = 7;
/** Strongest first; they stand for the rank, not for a probability. */
const CONFIDENCE = [55, 40, 25] as const;

const claimOf = (line: Line): EventClaim => ({ line: line.id, slots: line.slots, quote: null });
const severity = (l: Line): number => l.event.severity * 10 + (l.event.derived?.score ?? 0);

/** The lines worth reading: every severe one, and the best of the rest; in order of time. */
function worthReading(material: Material): readonly Line[] {
  const ranked = material.lines.toSorted((a, b) => severity(b) - severity(a));
  const chosen = new Set([...ranked.slice(0, MOST_EVENTS), ...material.lines.filter((l) => l.isSevere)]);
  return material.lines.filter((l) => chosen.has(l));
}

/** How often one source did the same with the same outcome, where that is more than once. */
function counts(material: Material): readonly CountClaim[] {
  const groups = new Map<string, Line[]>();
  for (const l of material.lines.filter((one) => one.slots.source !== null && one.slots.action !== null)) {
    const what = `${l.slots.source} ${l.slots.action} ${l.slots.outcome}`;
    groups.set(what, [...(groups.get(what) ?? []), l]);
  }
  return [...groups.values()]
    .map((lines) => ({
      lines: lines.map((l) => l.id),
      count: lines.reduce((sum, l) => sum + l.event.count, 0),
    }))
    .filter((c) => c.count > 2)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 5);
}

// What the engine's reasons say of a login, and then whatever the event can bear out, most telling first.
const ORDER: readonly Cause[] = [
  'web-shell',
  'web-exploit',
  'phished-user',
  'data-theft',
  'log-tampering',
  'persistence',
  'guessed-password',
  'stolen-credential',
  'insider',
  'administration',
];

const isLogin = (l: Line, outcome: string): boolean => l.slots.action === 'login' && l.slots.outcome === outcome;

/** How often the same source or account was turned away before this line. */
const failuresBefore = (line: Line, material: Material): number =>
  material.lines
    .filter((l) => isLogin(l, 'failure') && l.event.occurredAt <= line.event.occurredAt)
    .filter((l) =>
      [l.slots.source, l.slots.actor].some((v, i) => v !== null && v === [line.slots.source, line.slots.actor][i]),
    )
    .reduce((sum, l) => sum + l.event.count, 0);

/** What a line can bear out, most telling first; a password counts as guessed only after it was tried. */
function causesOf(line: Line, material: Material): readonly Cause[] {
  const fitting = ORDER.filter((c) => CAUSES[c].fits(line.event));
  const wasTried =
    failuresBefore(line, material) >= TRIES || (line.event.derived?.reasons.some((r) => /fail/i.test(r)) ?? false);
  return wasTried
    ? fitting
    : [...fitting.filter((c) => c !== 'guessed-password'), ...fitting.filter((c) => c === 'guessed-password')];
}

const ASSUMED: Readonly<Record<Cause, readonly Assumption[]>> = {
  'guessed-password': ['address-is-attacker', 'log-complete'],
  'stolen-credential': ['account-not-shared', 'address-is-attacker'],
  'web-exploit': ['log-complete', 'log-untouched'],
  'web-shell': ['not-authorised', 'log-untouched'],
  'phished-user': ['log-complete', 'account-not-shared'],
  insider: ['account-not-shared', 'clock-right'],
  administration: ['log-untouched', 'account-not-shared'],
  persistence: ['not-authorised', 'log-untouched'],
  'data-theft': ['not-authorised', 'log-complete'],
  'log-tampering': ['not-authorised', 'clock-right'],
};

/** One explanation of a line, with at least two others, what goes with it and what speaks against it; null when none fits. */
export function explain(line: Line, rank: number, material: Material): CauseClaim | null {
  const [cause, ...others] = causesOf(line, material);
  if (cause === undefined) return null;
  const alternatives = [...new Set<Cause>([...others, 'administration', 'insider', 'stolen-credential'])]
    .filter((c) => c !== cause && CAUSE_NAMES.includes(c))
    .slice(0, 3);
  const against = againstCause(cause, line, material);
  const support = material.lines
    .filter((l) => l !== line && !against.includes(l.id) && l.event.severity >= 4 && areRelated(l.event, line.event))
    .toSorted((a, b) => severity(b) - severity(a))
    .slice(0, MOST_SUPPORT)
    .map((l) => l.id);
  const confidence = Math.max(10, (CONFIDENCE[rank] ?? 15) - against.length * 5);
  return { cause, line: line.id, support, against, assumptions: ASSUMED[cause], alternatives, confidence };
}

function hypotheses(material: Material): readonly CauseClaim[] {
  const candidates = material.candidates.flatMap((id) => material.lines.find((l) => l.id === id) ?? []);
  const severe = material.lines.filter((l) => l.event.severity >= 5);
  const striking = [...candidates, ...severe];
  const logins = material.lines.filter(
    (l) => isLogin(l, 'success') && striking.some((s) => s !== l && areRelated(s.event, l.event)),
  );
  // A way in comes before what was done once inside, and a password that was tried before one that was only used.
  const weight = (line: Line, cause: Cause): number =>
    (WAYS_IN.has(cause) ? 100 : 0) +
    (cause === 'guessed-password' ? 20 + Math.min(20, failuresBefore(line, material)) : 0) +
    (candidates.includes(line) ? 15 - 5 * candidates.indexOf(line) : 0) +
    severity(line) / 10;
  const weighed = [...new Set([...striking, ...logins])]
    .flatMap((line) => {
      const claim = explain(line, 0, material);
      return claim ? [{ line, cause: claim.cause, weight: weight(line, claim.cause) }] : [];
    })
    .toSorted((a, b) => b.weight - a.weight);
  const seen = new Set<string>();
  const found: CauseClaim[] = [];
  for (const { line, cause } of weighed) {
    if (found.length === MOST_CAUSES) break;
    const what = `${cause} ${line.slots.source} ${line.slots.actor}`;
    const claim = seen.has(what) ? null : explain(line, found.length, material);
    seen.add(what);
    if (claim) found.push(claim);
  }
  return found;
}

function around(material: Material): readonly Line[] {
  const subject = material.lines.filter((l) => material.subjectLines.includes(l.id));
  const related = material.lines
    .filter((l) => !subject.includes(l) && subject.some((s) => areRelated(s.event, l.event)))
    .toSorted((a, b) => severity(b) - severity(a))
    .slice(0, RELATED);
  return material.lines.filter((l) => subject.includes(l) || related.includes(l));
}

const NOTHING: Output = { events: [], counts: [], causes: [], absences: [], steps: [], recorded: [] };

/** Lines and sentences that share the words of a question, best first; a name or an address counts more than an everyday word. */
function answering(material: Material): Output {
  const terms = termsOf(material.question ?? '');
  const best = material.lines
    .map((l) => ({ l, score: matchScore(`${l.text} ${Object.values(l.slots).join(' ')}`, terms) }))
    .filter((s) => s.score > 0)
    .toSorted((a, b) => b.score - a.score || severity(b.l) - severity(a.l));
  const near = new Set(
    best
      .filter((s) => s.score >= (best[0]?.score ?? 0) * 0.6)
      .slice(0, MOST_ANSWERS)
      .map((s) => s.l),
  );
  return {
    ...NOTHING,
    events: material.lines.filter((l) => near.has(l)).map(claimOf),
    recorded: material.offers.filter((o) => matchScore(o.text, terms) >= FITS).map((o) => o.id),
  };
}

/** What the rules choose for a question. */
export function chooseByRules(material: Material): Output {
  const byId = new Map(material.lines.map((l) => [l.id, l]));
  switch (material.task) {
    case 'summarise':
      return {
        ...NOTHING,
        events: worthReading(material).map(claimOf),
        counts: counts(material),
        absences:
          material.collected.length === 0
            ? []
            : ABSENCE_NAMES.filter((a) => !material.collected.some((e) => ABSENCES[a].matches(e))),
      };
    case 'catch-up':
      return {
        ...NOTHING,
        events: worthReading(material).map(claimOf),
        recorded: material.offers.map((o) => o.id),
      };
    case 'ask':
      return answering(material);
    case 'draft':
      return { ...NOTHING, recorded: material.offers.slice(0, MOST_SENTENCES).map((o) => o.id) };
    case 'translate':
      return { ...NOTHING, events: worthReading(material).map(claimOf) };
    case 'hypotheses':
      return { ...NOTHING, causes: hypotheses(material) };
    case 'explain':
      return {
        ...NOTHING,
        events: around(material).map(claimOf),
        causes: material.subjectLines.flatMap((id, i) => {
          const line = byId.get(id);
          return line ? (explain(line, i, material) ?? []) : [];
        }),
      };
    case 'contradict':
      return {
        ...NOTHING,
        events: contradicting(material).flatMap((id) => {
          const line = byId.get(id);
          return line ? [claimOf(line)] : [];
        }),
      };
    case 'suggest':
      return { ...NOTHING, steps: material.steps.slice(0, MOST_STEPS).map((s) => s.id) };
  }
}

/** The built-in assistant: always there, needs nothing, never fails. */
export const builtIn: Assistant = {
  name: 'built-in rules',
  isModel: false,
  answer: async ({ material }) => ({ kind: 'answered', text: JSON.stringify(chooseByRules(material)), tokens: 0 }),
};
