import { z } from 'zod';

const LARGEST_TEXT = 1_000_000;
const MOST_STEPS = 100;

const reference = z.looseObject({ name: z.string().optional(), url: z.string().optional() });

const step = z.looseObject({
  type: z.enum([
    ...['start', 'end', 'action', 'playbook-action', 'parallel', 'if-condition', 'while-condition', 'switch-condition'],
  ] as [string, ...string[]]),
  name: z.string().optional(),
  description: z.string().optional(),
  external_references: z.array(reference).optional(),
  on_completion: z.string().optional(),
  on_success: z.string().optional(),
  on_failure: z.string().optional(),
  commands: z.array(z.record(z.string(), z.unknown())).optional(),
  playbook_id: z.string().optional(),
  next_steps: z.array(z.string()).optional(),
  condition: z.string().optional(),
  on_true: z.string().optional(),
  on_false: z.string().optional(),
  switch: z.string().optional(),
  cases: z.record(z.string(), z.string()).optional(),
  step_extensions: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const playbook = z.looseObject({
  type: z.literal('playbook'),
  spec_version: z.literal('cacao-2.0'),
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  external_references: z.array(reference).optional(),
  markings: z.array(z.string()).optional(),
  data_marking_definitions: z.record(z.string(), z.looseObject({ tlpv2_level: z.string().optional() })).optional(),
  playbook_variables: z
    .record(
      z.string(),
      z.looseObject({
        description: z.string().optional(),
        value: z.unknown().optional(),
        external: z.boolean().optional(),
      }),
    )
    .optional(),
  workflow_start: z.string(),
  workflow: z.record(z.string(), step),
  playbook_extensions: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

/** The parts of a CACAO 2.0 playbook that an import looks at. */
export type CacaoPlaybook = z.output<typeof playbook>;
/** One workflow step of it. */
export type CacaoStep = z.output<typeof step>;

/** Reads CACAO 2.0 JSON text, or says in sentences why it cannot be read. */
export function readCacao(text: string): CacaoPlaybook | { readonly problems: readonly string[] } {
  if (text.length > LARGEST_TEXT) return { problems: [`The file is over ${LARGEST_TEXT} characters. Split it.`] };
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { problems: ['This is not JSON. Export the playbook as CACAO 2.0 JSON and try again.'] };
  }
  const parsed = playbook.safeParse(raw);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues
        .slice(0, 20)
        .map((i) => `${i.path.map(String).join('.') || 'the file'}: ${i.message}.`),
    };
  }
  const count = Object.keys(parsed.data.workflow).length;
  if (count > MOST_STEPS)
    return { problems: [`The workflow has ${count} steps; at most ${MOST_STEPS} can be imported. Split it.`] };
  return parsed.data;
}
