// Which of our own records belong on the timeline, and in what words. One line a record type.
import type { LedgerRecord } from '../audit/record.ts';

type Say = (body: Record<string, unknown>, who: string) => string;

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const label = (value: unknown): string => words((value as { label?: unknown } | null)?.label);

const DECISIONS: Readonly<Record<string, Say>> = {
  'incident.declared': (b, who) => `${who} declared the incident as ${words(b['severity'])}`,
  'incident.severity-changed': (b, who) =>
    `${who} changed the severity from ${words(b['from'])} to ${words(b['to'])}: ${words(b['reason'])}`,
  'incident.phase-changed': (b, who) => `${who} moved the incident to ${words(b['to'])}`,
  'role.assigned': (b, who) =>
    `${label(b['person'])} took the role of ${words(b['role'])}${label(b['person']) === who ? '' : ` (given by ${who})`}`,
  'handover.acknowledged': (b) => `${label(b['to'])} took command from ${label(b['from'])}`,
  'incident.closed': (b, who) => `${who} closed the incident: ${words(b['outcome'])}`,
  'incident.reopened': (b, who) => `${who} reopened the incident: ${words(b['reason'])}`,
};

/** The words of a record that is a decision worth an event; null for any other. */
export function decisionText(record: LedgerRecord): string | null {
  const say = DECISIONS[record.type];
  return say ? say(record.body as Record<string, unknown>, record.actor.label) : null;
}
