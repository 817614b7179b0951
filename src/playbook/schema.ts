// The playbook file format, said once: the loader parses with it, the types are inferred from it, and editors get it as JSON Schema.
import { z } from 'zod';

const slug = (what: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, `${what} is written in small letters, digits and hyphens, such as isolate-host`);
const fieldName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'a variable name is written in small letters, digits and underscores');
const line = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => !text.includes('\n'), 'this is one line of text');
const prose = z.string().min(1).max(6000);
const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,4}(m|h|d)$/, 'a duration is a whole number with m, h or d, such as 30m, 4h or 2d');

const PHASES = ['triage', 'containment', 'eradication', 'recovery', 'review'] as const;
const KINDS = ['human', 'collect', 'assistant_draft', 'notice', 'decision', 'containment', 'verify'] as const;
const ROLES = ['commander', 'deputy', 'scribe', 'liaison', 'responder', 'challenger', 'observer'] as const;
const REVERSIBILITY = ['read_only', 'reversible', 'externally_reversible', 'irreversible'] as const;
const VARIABLE_TYPES = [
  'text',
  'number',
  'yes_no',
  'choice',
  'time',
  'account',
  'mailbox',
  'host',
  'address',
  'domain',
  'url',
  'hash',
  'key',
  'service',
] as const;

const role = z.enum(ROLES);

const conditionLeaf = z
  .strictObject({
    variable: fieldName.optional(),
    step: slug('a step id').optional(),
    is: z.union([z.string(), z.number()]).optional(),
    is_not: z.union([z.string(), z.number()]).optional(),
    in: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .optional(),
    at_least: z.number().optional(),
    at_most: z.number().optional(),
    answered: z.boolean().optional(),
    outcome: z.enum(['done', 'skipped', 'yes', 'no']).optional(),
  })
  .describe('One test: a variable with is, is_not, in, at_least, at_most or answered; or a step with outcome.');

const condition = z
  .union([
    conditionLeaf,
    z.strictObject({ all: z.array(conditionLeaf).min(1) }),
    z.strictObject({ any: z.array(conditionLeaf).min(1) }),
  ])
  .describe('When the step is shown. A variable nobody answered yet keeps the step undecided, never hidden.');

const variable = z.strictObject({
  type: z.enum(VARIABLE_TYPES),
  many: z.boolean().default(false).describe('Takes a list, one per line.'),
  ask: line.describe('The question a person reads.'),
  required: z.boolean().default(false).describe('Asked when the playbook is started.'),
  source: z.enum(['human', 'evidence', 'config']).default('human'),
  choices: z.array(line).min(2).max(20).optional().describe('For type choice.'),
});

const evidence = z.strictObject({
  id: slug('an evidence id'),
  what: line.describe('What to collect.'),
  how: prose.optional().describe('Where it is and how to take it.'),
});

const preCheck = z.strictObject({
  id: slug('a check id').describe('evidence-preserved is the one an irreversible step must have.'),
  question: line,
});

const action = z.strictObject({
  type: slug('an action type').describe("A type the organisation's file knows, such as isolate-host."),
  targets: z.strictObject({
    variables: z.array(fieldName).default([]).describe('Variables whose values become targets.'),
    indicators: z
      .array(z.enum(['address', 'domain', 'url', 'hash', 'account', 'host', 'mailbox']))
      .default([])
      .describe('Kinds of confirmed indicators that are offered as targets.'),
  }),
  parameters: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
      z.union([z.string(), z.number(), z.boolean(), z.strictObject({ variable: fieldName })]),
    )
    .default({})
    .describe(
      "Filled into the proposal; named as in the organisation's file. {variable: name} fills in what people answered.",
    ),
});

const approval = z.strictObject({
  role: slug('a role')
    .optional()
    .describe("A role every approver must hold as well, as the organisation's file names it, such as legal."),
  quorum: z.number().int().min(1).max(5).default(1),
  expires: duration.default('30m'),
  reason_required: z.boolean().default(true),
  forbid: z
    .array(z.enum(['proposer', 'requester', 'last_editor']))
    .default(['proposer', 'requester', 'last_editor'])
    .describe('Who may never approve. proposer must be in it.'),
});

const rollback = z
  .union([
    z.strictObject({ step: slug('a step id') }),
    z.strictObject({ none: prose.describe('Why it cannot be undone, in words for the approver.') }),
  ])
  .describe('The containment step that undoes this one, or none with the reason.');

const due = z
  .union([duration, z.strictObject({ within: duration, of: z.union([z.literal('start'), slug('a step id')]) })])
  .describe('30m means 30 minutes after the run started; or {within: 30m, of: <step id>} after that step was settled.');

export const stepSchema = z.strictObject({
  id: slug('a step id'),
  phase: z.enum(PHASES),
  title: line,
  kind: z.enum(KINDS),
  instructions: prose.describe('How to do it, written to be read aloud at 3 a.m.'),
  when: condition.optional(),
  depends_on: z.array(slug('a step id')).default([]),
  role: role.default('responder'),
  inputs: z.array(fieldName).default([]).describe('Variables shown here; they may be filled here and do not block.'),
  requires: z
    .array(fieldName)
    .default([])
    .describe('Variables that must be answered or waived before the step is done.'),
  evidence_required: z.array(evidence).default([]).describe('Evidence that must be attached or waived.'),
  action: action.optional(),
  reversibility: z.enum(REVERSIBILITY).optional(),
  blast_radius_note: prose.optional().describe('What else breaks, in words for the approver.'),
  approval: approval.optional(),
  executor: z
    .union([z.literal('human'), z.strictObject({ adapter: slug('an adapter') })])
    .optional()
    .describe('Who carries it out after approval.'),
  pre_checks: z.array(preCheck).default([]),
  rollback: rollback.optional(),
  success: z.strictObject({ question: line }).optional().describe('A yes or no question that settles the step.'),
  on_success: z.array(slug('a step id')).default([]),
  on_failure: z.array(slug('a step id')).default([]),
  max_attempts: z
    .number()
    .int()
    .min(2)
    .max(10)
    .optional()
    .describe('Needed when on_failure names an earlier step: how often the loop may run.'),
  next: z.array(slug('a step id')).default([]).describe('Steps that wait for this one; the same as depends_on there.'),
  due: due.optional(),
  timeout: duration.optional().describe('How long the step may be open before the walker says to stop waiting.'),
  clocks_suggested: z.array(slug('a clock rule')).default([]).describe('Regulatory clocks a person should consider.'),
  notices: z
    .array(z.strictObject({ audience: slug('an audience'), template: slug('a template').optional() }))
    .default([]),
  assistant: z
    .strictObject({ allowed: z.boolean(), task: slug('a task').optional(), verify_by: role.optional() })
    .optional(),
  refs: z.array(z.strictObject({ name: line, url: z.url({ protocol: /^https$/ }).optional() })).default([]),
});

const plant = z.strictObject({
  id: slug('a plant id'),
  says: line.describe('Who says it, such as "Operations, on the phone".'),
  claim: line.describe('What they say, with great certainty.'),
  is_true: z.boolean().default(false).describe('Most are false; a true one among them keeps people from doubting all.'),
  cites: z
    .array(
      z
        .string()
        .regex(
          /^(EV-[1-9]\d{0,5}(:\d{1,9}(-\d{1,9})?)?|(TE|FI)-[1-9]\d{0,5})$/,
          'evidence is named as EV-1:12 or TE-4',
        ),
    )
    .max(10)
    .default([])
    .describe('What they point at, such as EV-1:12.'),
  why: line.describe('What shows that it is true or false; read at the score.'),
  after: slug('a step id').describe('It is said once this step is settled.'),
  delay: duration.optional().describe('How long after that; at once when left out.'),
});

export const playbookSchema = z.strictObject({
  id: slug('a playbook id'),
  version: z
    .string()
    .regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, 'a version is three numbers in quotes or plain, such as 1.0.0'),
  name: line,
  summary: prose,
  owner_role: role,
  tlp: z.enum(['RED', 'AMBER', 'AMBER+STRICT', 'GREEN', 'CLEAR']),
  types: z.array(slug('an incident type')).min(1),
  exercise: z.boolean().default(false).describe('True for a playbook that only an exercise may run.'),
  severity_guide: z.partialRecord(z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4']), prose),
  applies_when: z.array(line).min(1),
  out_of_scope: z.array(z.strictObject({ situation: line, use: line })).default([]),
  roles: z.partialRecord(
    role,
    z.strictObject({ min: z.number().int().min(0).max(50).default(1), distinct_from: z.array(role).default([]) }),
  ),
  variables: z.record(fieldName, variable).default({}),
  steps: z.array(stepSchema).min(1).max(120),
  plants: z
    .array(plant)
    .max(10)
    .default([])
    .describe('Claims that an exercise puts among the findings; players learn at the end which.'),
});

/** The JSON Schema (2020-12) editors use for playbook files; `playbooks/playbook.schema.json` is its committed text. */
export function playbookJsonSchema(): string {
  const schema = z.toJSONSchema(playbookSchema, { io: 'input', target: 'draft-2020-12' });
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title: 'Countersign playbook', ...rest }, null, 2)}\n`;
}
