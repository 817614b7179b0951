import type { FieldValue, Variable } from './types.ts';

const LONGEST_VALUE = 10_000;
const LONGEST_LIST = 500;
const ISO_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A value read for a variable, or a sentence that says what to write instead. */
export type ReadValue = { readonly value: FieldValue } | { readonly problem: string };

/** Reads what a person typed for a variable: trims, splits lists at line ends and commas, checks the type. */
export function readValue(variable: Variable, raw: unknown): ReadValue {
  if (variable.many) {
    const parts = Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(/[\n,]/) : [raw];
    const items: string[] = [];
    for (const part of parts) {
      if (typeof part === 'string' && part.trim() === '') continue;
      const one = readOne(variable, part);
      if ('problem' in one) return one;
      items.push(String(one.value));
    }
    if (items.length === 0) return { problem: `"${variable.ask}" needs at least one value, one per line.` };
    if (items.length > LONGEST_LIST) {
      return { problem: `"${variable.ask}" takes at most ${LONGEST_LIST} values; attach a longer list as evidence.` };
    }
    return { value: [...new Set(items)] };
  }
  return readOne(variable, raw);
}

function readOne(variable: Variable, raw: unknown): ReadValue {
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') {
    return { problem: `"${variable.ask}" needs text.` };
  }
  const text = String(raw).trim();
  if (text === '')
    return { problem: `"${variable.ask}" is empty; write the answer, or ask the commander to waive it.` };
  if (text.length > LONGEST_VALUE) {
    return {
      problem: `"${variable.ask}" is over ${LONGEST_VALUE} characters; attach it as evidence and cite it here.`,
    };
  }
  switch (variable.type) {
    case 'number': {
      const number = Number(text);
      return Number.isFinite(number) ? { value: number } : { problem: `"${variable.ask}" needs a number, such as 12.` };
    }
    case 'yes_no': {
      const word = text.toLowerCase();
      if (word === 'yes' || word === 'y' || word === 'true') return { value: 'yes' };
      if (word === 'no' || word === 'n' || word === 'false') return { value: 'no' };
      return { problem: `"${variable.ask}" is answered with yes or no.` };
    }
    case 'choice': {
      const choices = variable.choices ?? [];
      const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
      return found ? { value: found } : { problem: `"${variable.ask}" takes one of: ${choices.join(', ')}.` };
    }
    case 'time': {
      const at = ISO_TIME.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
      if (Number.isNaN(at)) {
        return { problem: `"${variable.ask}" needs a date and time with its offset, such as 2026-11-20T14:05Z.` };
      }
      return { value: new Date(at).toISOString() };
    }
    case 'text':
      return { value: text };
    case 'account':
    case 'mailbox':
    case 'host':
    case 'address':
    case 'domain':
    case 'url':
    case 'hash':
    case 'key':
    case 'service':
      return text.includes('\n') ? { problem: `"${variable.ask}" takes one line.` } : { value: text };
  }
}

/** A value as a person reads it. */
export function valueText(value: FieldValue | undefined): string {
  if (value === undefined) return 'not answered';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
