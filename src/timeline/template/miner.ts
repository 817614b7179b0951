// The streaming template miner: one configuration for every format, linear in the input, memory bounded by the groups kept.
import { createHash } from 'node:crypto';
import type { LogRecord } from '../record.ts';
import { groupedOf } from './group.ts';
import { tokensOf, WILDCARD } from './tokens.ts';

/** Groups kept apart; beyond this, new shapes of a message share one group a shape. */
const MOST_GROUPS = 50_000;

// So many different words at one place of otherwise equal templates are values, not kinds. Words that look like names or
// codes need fewer than words of the language; and where a value with digits was seen, one word is enough.
const WORDS_AT_A_PLACE = 8;
const NAMES_AT_A_PLACE = 5;
const LETTERS_AT_A_PLACE = 4;
const BESIDE_A_VALUE = 2;

function leastAt(values: readonly string[]): number {
  if (values.includes(WILDCARD)) return BESIDE_A_VALUE;
  if (values.every((value) => value.length === 1)) return LETTERS_AT_A_PLACE;
  return values.every((value) => /^[A-Z]{2,}$|[._$]|[a-z][A-Z]/.test(value)) ? NAMES_AT_A_PLACE : WORDS_AT_A_PLACE;
}

interface Group {
  readonly kind: string;
  parts: string[];
  readonly isPairs: boolean;
  count: number;
}

/** Learns templates from messages in the order they come. */
export interface TemplateMiner {
  /** The group of a record: a small number, provisional until `settle`. */
  add(record: LogRecord): number;
  /** The group of a bare message. `kind` keeps apart what a header tells apart. */
  assign(message: string, kind?: string): number;
  /** Merges groups that differ only in values; call once all messages are in. Idempotent. */
  settle(): void;
  /** The group that a group was merged into, or itself. */
  rootOf(group: number): number;
  /** A stable id of a group's template: the same template has the same id in every paste. */
  idOf(group: number): string;
  /** The template as text, wildcards for values. */
  templateOf(group: number): string;
  readonly groupCount: number;
}

const keyOf = (kind: string, parts: readonly string[]): string => `${kind}\u0000${parts.join('\u0001')}`;
const isWord = (part: string): boolean => /^[A-Za-z]/.test(part);

// Punctuation binds as it does in text, so that a template reads like its lines.
function textOf(parts: readonly string[]): string {
  let text = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const before = parts[i - 1];
    const binds = before === undefined || /^[,.;:!?)\]}'"=/|>-]$/.test(part) || /^[([{'"=/|<-]$/.test(before);
    text += (binds ? '' : ' ') + part;
  }
  return text;
}

/** A new miner with nothing learned. */
export function createTemplateMiner(): TemplateMiner {
  const groups: Group[] = [];
  const byKey = new Map<string, number>();
  const mergedInto: number[] = [];
  const ids: (string | undefined)[] = [];

  const rootOf = (group: number): number => {
    let at = group;
    while (mergedInto[at] !== undefined && mergedInto[at] !== at) at = mergedInto[at]!;
    return at;
  };

  // One place after another: groups equal but for the word there are gathered, and merged when the words are many.
  const mergeOnce = (): boolean => {
    let hasMerged = false;
    const buckets = new Map<string, { members: number[]; at: number }>();
    for (let i = 0; i < groups.length; i++) {
      if (rootOf(i) !== i || groups[i]!.isPairs) continue;
      const { kind, parts } = groups[i]!;
      const words = parts.filter(isWord).length;
      for (let at = 0; at < parts.length && at < 40; at++) {
        const part = parts[at]!;
        if (!isWord(part) && part !== WILDCARD) continue;
        // The first word of a short message is what it is about, never a value.
        const others = words - (isWord(part) ? 1 : 0);
        if (others < (at === 0 ? 3 : 1)) continue;
        const key = `${at}\u0002${keyOf(kind, parts.with(at, ''))}`;
        const bucket = buckets.get(key);
        if (bucket) bucket.members.push(i);
        else buckets.set(key, { members: [i], at });
      }
    }
    for (const { members, at } of buckets.values()) {
      const alive = members.filter((i) => rootOf(i) === i);
      if (alive.length < 2 || alive.length < leastAt(alive.map((i) => groups[i]!.parts[at]!))) continue;
      const into = alive[0]!;
      for (const one of alive.slice(1)) {
        mergedInto[one] = into;
        groups[into]!.count += groups[one]!.count;
      }
      groups[into]!.parts = groups[into]!.parts.with(at, WILDCARD);
      hasMerged = true;
    }
    return hasMerged;
  };

  const place = (kind: string, parts: readonly string[], isPairs: boolean): number => {
    const kept = groups.length < MOST_GROUPS ? parts : parts.map((part) => (isWord(part) ? WILDCARD : part));
    const key = keyOf(kind, kept);
    let group = byKey.get(key);
    if (group === undefined) {
      group = groups.length;
      groups.push({ kind, parts: [...kept], isPairs, count: 0 });
      byKey.set(key, group);
    }
    groups[group]!.count++;
    return group;
  };

  return {
    get groupCount() {
      return groups.length;
    },
    add(record) {
      const { kind, text, template } = groupedOf(record);
      if (template) return place(kind, template, true);
      const { parts, isPairs } = tokensOf(text);
      // Where nothing but values is left, the program is all that tells one line from another.
      return place(
        parts.some(isWord) ? kind : `${kind} ${record.format} ${record.fields['process'] ?? ''}`,
        parts,
        isPairs,
      );
    },
    assign(message, kind = '') {
      const { parts, isPairs } = tokensOf(message);
      return place(kind, parts, isPairs);
    },
    settle() {
      for (let round = 0; round < 3 && mergeOnce(); round++);
      ids.length = 0;
    },
    rootOf,
    idOf(group) {
      const root = rootOf(group);
      ids[root] ??= createHash('sha256')
        .update(keyOf(groups[root]!.kind, groups[root]!.parts))
        .digest('hex')
        .slice(0, 12);
      return ids[root];
    },
    templateOf(group) {
      return textOf(groups[rootOf(group)]!.parts);
    },
  };
}
