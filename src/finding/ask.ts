// Questions answered without a model: what stands in the record is found and cited, and what was searched is said. Pure.
import type { Dossier } from '../incident/dossier.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import type { Finding, Question } from './types.ts';

const STOP_WORDS = new Set(
  'a about after all an and any are as at be been before but by can could did do does for from had has have how i if in into is it its me my no not of on or our out she he so than that the their them then there they this to up us was we were what when where which while who why will with would you your happen happened anybody somebody anyone someone'.split(
    ' ',
  ),
);
// What people ask for, and what logs write instead.
const SAME: Readonly<Record<string, readonly string[]>> = {
  login: ['accepted', 'logon', 'session opened', '4624'],
  logged: ['accepted', 'logon', 'session opened', '4624'],
  log: ['accepted', 'logon'],
  signed: ['signin', 'accepted', 'logon'],
  failed: ['failure', 'invalid', '4625'],
  download: ['get ', 'getobject', 'wget', 'curl'],
  downloaded: ['get ', 'getobject', 'wget', 'curl'],
  upload: ['post ', 'putobject', 'put '],
  uploaded: ['post ', 'putobject', 'put '],
  delete: ['deleted', 'removed', 'rm '],
  deleted: ['delete', 'removed', 'rm '],
  password: ['passwd', 'credential'],
  admin: ['root', 'administrator', 'sudo'],
  administrator: ['root', 'admin', 'sudo'],
  exfiltrated: ['getobject', 'upload', 'scp', 'rsync', 'curl'],
  exfiltration: ['getobject', 'upload', 'scp', 'rsync', 'curl'],
};
const MOST_TERMS = 12;

export interface Term {
  readonly word: string;
  readonly also: readonly string[];
  /** An address, path, name with digits: worth more than an everyday word. */
  readonly isSpecific: boolean;
}

/** The words of a question worth searching for, specific ones first; quoted phrases stay whole. At most 12. */
export function termsOf(question: string): readonly Term[] {
  const text = question.slice(0, 1000);
  const phrases = [...text.matchAll(/"([^"]{2,80})"/g)].map((m) => (m[1] as string).toLowerCase());
  const words = text
    .replace(/"[^"]{2,80}"/g, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}._@:/\\-]+/u)
    .map((w) => w.replace(/^[.:,-]+|[.:,/-]+$/g, ''))
    .filter((w) => w.length >= 2 && !STOP_WORDS.has(w));
  const all = [...new Set([...phrases, ...words])].map(
    (word): Term => ({
      word,
      also: Object.hasOwn(SAME, word) ? (SAME[word] as readonly string[]) : [],
      isSpecific: phrases.includes(word) || /[\d._@:/\\]/.test(word),
    }),
  );
  return all.toSorted((a, b) => Number(b.isSpecific) - Number(a.isSpecific)).slice(0, MOST_TERMS);
}

/** How well a text answers: the share of terms it has, specific ones counting three times; 0 when it has none. */
export function matchScore(text: string, terms: readonly Term[]): number {
  const hay = text.toLowerCase();
  const weight = (t: Term): number => (t.isSpecific ? 3 : 1);
  const total = terms.reduce((sum, t) => sum + weight(t), 0);
  const got = terms.reduce(
    (sum, t) => sum + (hay.includes(t.word) ? weight(t) : t.also.some((a) => hay.includes(a)) ? weight(t) * 0.8 : 0),
    0,
  );
  return total === 0 ? 0 : got / total;
}

export interface Answered {
  readonly terms: readonly Term[];
  readonly findings: readonly Finding[];
  readonly questions: readonly Question[];
  readonly events: readonly TimelineEvent[];
  /** Events that match in all, of which `events` are the best. */
  readonly matching: number;
}

const MOST_EVENTS = 8;

/** What the record holds on a question: findings, questions and events that share its words, best first; events in order of time. */
export function answer(question: string, dossier: Dossier, events: readonly TimelineEvent[]): Answered {
  const terms = termsOf(question);
  const scored = events
    .filter((e) => !e.isRetracted)
    .map((event) => {
      const entities = event.derived ? Object.values(event.derived.entities).join(' ') : '';
      return { event, score: matchScore(`${event.text} ${entities} ${event.evidence ?? ''}`, terms) };
    })
    .filter((s) => s.score > 0);
  // With a name or an address in the question, everyday words alone are no answer.
  const best = Math.max(0, ...scored.map((s) => s.score));
  const near = scored.filter((s) => s.score >= best * 0.6);
  const chosen = new Set(
    near
      .toSorted((a, b) => b.score - a.score || b.event.severity - a.event.severity)
      .slice(0, MOST_EVENTS)
      .map((s) => s.event),
  );
  const fits = (text: string): boolean => matchScore(text, terms) >= 0.34;
  return {
    terms,
    findings: dossier.finding.findings.filter((f) => fits(`${f.claim} ${f.plain ?? ''}`)),
    questions: dossier.finding.questions.filter((q) => fits(`${q.text} ${q.answer?.text ?? ''}`)),
    events: events.filter((e) => chosen.has(e)),
    matching: near.length,
  };
}
