// What managers want to hear of what happened in the response: one line a record type, in plain words.
import type { LedgerRecord } from '../audit/record.ts';

/** Something worth a line in the next briefing. `cite` names the record's subject, or is empty. */
export interface Milestone {
  readonly at: string;
  readonly text: string;
  readonly cite: string;
}

type Say = (body: Record<string, unknown>) => string | null;

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const label = (value: unknown): string => words((value as { label?: unknown } | null)?.label);
const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

const PHASES: Readonly<Record<string, string>> = {
  triage: 'finding out what happened',
  containment: 'stopping it from spreading',
  eradication: 'removing the cause',
  recovery: 'bringing services back',
  review: 'learning from it',
};
const TIMES: Readonly<Record<string, string>> = {
  containedAt: 'The commander recorded the incident as contained.',
  recoveredAt: 'The commander recorded services as recovered.',
};

const SAY: Readonly<Record<string, Say>> = {
  'incident.severity-changed': (b) =>
    `The severity went from ${words(b['from'])} to ${words(b['to'])}: ${sentence(words(b['reason']))}`,
  'incident.phase-changed': (b) => `The team moved on to ${PHASES[words(b['to'])] ?? words(b['to'])}.`,
  'incident.time-set': (b) => TIMES[words(b['which'])] ?? null,
  'incident.reopened': (b) => `The incident was opened again: ${sentence(words(b['reason']))}`,
  'handover.acknowledged': (b) => `${label(b['to'])} took command.`,
  'execution.succeeded': (b) => `Done: ${sentence(words(b['summary']))}`,
  'execution.failed': (b) => `Tried without success: ${sentence(words(b['summary']))}`,
  'execution.unknown': () => 'A containment step was started and nobody knows yet how it ended.',
};

/** The line a record is worth, or null. */
export function milestoneOf(record: LedgerRecord): Milestone | null {
  const text = SAY[record.type]?.(record.body as Record<string, unknown>) ?? null;
  return text === null
    ? null
    : { at: record.ts, text, cite: /^CA-\d+$/.test(record.subject ?? '') ? (record.subject as string) : '' };
}
