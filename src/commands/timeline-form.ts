import type { Form } from '../view/types.ts';
import { incidentOf } from './status.ts';
import type { Answer, Call } from './types.ts';

/** A form that runs a timeline command of this incident when it is sent. */
export const form = (
  call: Call,
  title: string,
  verb: string,
  fields: Form['fields'],
  args: Readonly<Record<string, string>> = {},
): Answer => ({
  kind: 'form',
  form: {
    title,
    submitLabel: 'Record',
    intent: { verb, args: { incident: incidentOf(call), ...args } },
    intro: [],
    fields,
  },
});

/** Asks for the reason that goes on record. */
export const why = { kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 } as const;
