// The words that narrow a timeline: host:web-01 user:"k. beispiel" severity>=7 technique:T1110 after:2026-11-19T22:00 -host:web-02 sudo
import ipaddr from 'ipaddr.js';
import { refang } from '../evidence/defang.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { DerivedEvent } from './types.ts';

/** What a filter looks at; `source` is the evidence key or the name of the source. */
export type Filterable = Pick<
  DerivedEvent,
  'occurredAt' | 'lastAt' | 'message' | 'severity' | 'entities' | 'techniques'
> & {
  readonly evidence?: string | null;
  readonly source?: string | null;
  /** Worth reading first: severe, telling, or put there by a person. */
  readonly isImportant?: boolean;
  readonly isStarred?: boolean;
};

/** A parsed filter: every term must hold. Terms on the same field, such as two hosts, are alternatives. */
export interface EventFilter {
  readonly terms: readonly FilterTerm[];
}

interface FilterTerm {
  readonly field: Field | 'text';
  readonly operator: ':' | '>' | '>=' | '<' | '<=' | '=';
  readonly value: string;
  readonly isNegated: boolean;
}

const FIELDS = ['source', 'host', 'user', 'address', 'severity', 'technique', 'after', 'before', 'is'] as const;
type Field = (typeof FIELDS)[number];

const LONGEST_FILTER = 1_000;
const EXAMPLE =
  'Write it like: host:web-01 user:root address:203.0.113.0/24 severity>=7 technique:T1110 after:2026-11-19T22:00Z';
// One word, or one in quotes, with what stands before it; classes of neighbours do not overlap, so it is linear.
const TERM = /(-?)(?:([a-z]+)(:|>=|<=|>|<|=))?("[^"]*"|[^\s"]+)/giy;

/** Reads the words of a filter; refuses with what is wrong and how to write it. Times without a zone are UTC. */
export function parseFilter(text: string): EventFilter | Refusal<'bad-filter'> {
  if (text.length > LONGEST_FILTER) return refuse('bad-filter', `A filter has at most ${LONGEST_FILTER} characters.`);
  const terms: FilterTerm[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    TERM.lastIndex = at;
    const match = TERM.exec(text);
    if (!match) return refuse('bad-filter', `"${text.slice(at)}" has a quote that is never closed. ${EXAMPLE}`);
    at = TERM.lastIndex;
    const term = termOf(match, text[at] === '"');
    if ('kind' in term) return term;
    terms.push(term);
  }
  return { terms };
}

function termOf(
  [whole, minus, word, operator, quoted]: RegExpExecArray,
  isOpen: boolean,
): FilterTerm | Refusal<'bad-filter'> {
  // What is copied from our own answers is defanged and means the value itself.
  const value = refang(quoted!.startsWith('"') ? quoted!.slice(1, -1) : quoted!);
  const isNegated = minus === '-';
  if (/^-?[a-z]+(?::|>=?|<=?|=)$/i.test(whole) && !isOpen)
    return refuse('bad-filter', `${whole} has nothing behind it. ${EXAMPLE}`);
  if (word === undefined) return { field: 'text', operator: ':', value, isNegated };
  const field = FIELDS.find((f) => f === word.toLowerCase());
  if (!field)
    return refuse(
      'bad-filter',
      `There is no filter "${word}". There are ${FIELDS.join(', ')}. To look for ${whole} as text, put it in quotes.`,
    );
  const why = complaint(field, operator!, value);
  if (why) return refuse('bad-filter', `${whole}: ${why}`);
  const stored = field === 'after' || field === 'before' ? timeOf(value)! : value;
  return { field, operator: operator as FilterTerm['operator'], value: stored, isNegated };
}

function complaint(field: Field, operator: string, value: string): string | null {
  if (field !== 'severity' && operator !== ':' && operator !== '=')
    return `${field} takes a colon, such as ${field}:${value}.`;
  if (value === '') return `${field} needs a value.`;
  switch (field) {
    case 'severity':
      return /^(?:[0-9]|10)$/.test(value) ? null : 'severity is a whole number from 0 to 10, such as severity>=7.';
    case 'after':
    case 'before':
      return timeOf(value)
        ? null
        : `write the ${/^\d{1,2}[:.]?\d{0,2}/.test(value) && value.length < 10 ? 'day and the time' : 'time'} as ${field}:2026-11-19, ${field}:2026-11-19T22:00 (UTC) or with a zone, ${field}:2026-11-19T23:00+01:00.`;
    case 'address':
      return ipaddr.isValid(value) || ipaddr.isValidCIDR(value)
        ? null
        : 'address is an IPv4 or IPv6 address or a range, such as 203.0.113.0/24.';
    case 'technique':
      return /^T\d{4}(?:\.\d{3})?$/i.test(value) ? null : 'technique is an ATT&CK number, such as T1110 or T1110.001.';
    case 'is':
      return /^(?:important|starred)$/i.test(value) ? null : 'there is is:important and is:starred.';
    case 'source':
    case 'host':
    case 'user':
      return null;
  }
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

function timeOf(value: string): string | null {
  const match = TIME.exec(value);
  if (!match) return null;
  const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** Whether an event passes: alternatives within a field, all fields together, negated terms never. An event spans from its first to its last time. */
export function passesFilter(filter: EventFilter, event: Filterable): boolean {
  const wanted = new Map<string, boolean>();
  for (const term of filter.terms) {
    const holds = termHolds(term, event);
    if (term.isNegated) {
      if (holds) return false;
      continue;
    }
    // Bounds and text narrow each on its own; names of one field are alternatives.
    const key = ['severity', 'after', 'before', 'text'].includes(term.field)
      ? `${wanted.size} ${term.field}`
      : term.field;
    wanted.set(key, (wanted.get(key) ?? false) || holds);
  }
  return [...wanted.values()].every(Boolean);
}

function termHolds(term: FilterTerm, event: Filterable): boolean {
  const { value } = term;
  switch (term.field) {
    case 'text':
      return event.message.toLowerCase().includes(value.toLowerCase());
    case 'source':
      return same(event.evidence, value) || same(event.source, value);
    case 'host':
      return same(event.entities.host, value);
    case 'user':
      return same(event.entities.user, value);
    case 'address':
      return [event.entities.srcIp, event.entities.dstIp].some((ip) => ip !== undefined && isWithin(ip, value));
    case 'technique':
      return event.techniques.some(
        (t) => same(t.id, value) || t.id.toUpperCase().startsWith(`${value.toUpperCase()}.`),
      );
    case 'severity':
      return compares(event.severity, term.operator, Number(value));
    case 'after':
      return event.lastAt >= value;
    case 'before':
      return event.occurredAt < value;
    case 'is':
      return (same(value, 'starred') ? event.isStarred : event.isImportant) ?? false;
  }
}

const same = (a: string | null | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();

function compares(a: number, operator: FilterTerm['operator'], b: number): boolean {
  switch (operator) {
    case ':':
    case '=':
      return a === b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
  }
}

function isWithin(ip: string, range: string): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  if (!range.includes('/')) return address.toString() === ipaddr.process(range).toString();
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network as never, bits);
}
