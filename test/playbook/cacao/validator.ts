// The parts of CACAO Security Playbooks 2.0 that an export uses, written from the specification: properties and forms as in
// the published schemas, closed against anything else, and the rules the specification states in words beside them. The
// schemas themselves are asked by test/thirdparty/cacao-schemas.ts.
import { z } from 'zod';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const id = (type: string) => z.string().regex(new RegExp(`^${type}--${UUID}$`));
const anyId = id('[a-z][a-z0-9-]+[a-z0-9]');
// The specification wants version 4 for steps.
const stepId = z
  .string()
  .regex(/^[a-z][a-z-]+[a-z]--[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const variableName = z.string().regex(/^__[a-zA-Z][a-zA-Z0-9_-]{0,199}__$/);
const extensions = z.record(id('extension-definition'), z.record(z.string().regex(/^[a-z0-9_]{3,250}$/), z.unknown()));

const reference = z
  .strictObject({
    name: z.string(),
    description: z.string().optional(),
    source: z.string().optional(),
    url: z.string().optional(),
    external_id: z.string().optional(),
    reference_id: z.string().optional(),
  })
  .refine((ref) => Object.keys(ref).length > 1, 'a reference needs more than its name');

const common = {
  name: z.string().optional(),
  description: z.string().optional(),
  external_references: z.array(reference).min(1).optional(),
  step_extensions: extensions.optional(),
};

const steps = {
  start: z.strictObject({ type: z.literal('start'), ...common, on_completion: anyId }),
  end: z.strictObject({ type: z.literal('end'), ...common }),
  action: z.strictObject({
    type: z.literal('action'),
    ...common,
    on_completion: anyId,
    commands: z
      .array(z.strictObject({ type: z.literal('manual'), command: z.string().min(1), playbook_activity: z.string() }))
      .min(1),
    agent: anyId,
    in_args: z.array(variableName).min(1).optional(),
    out_args: z.array(variableName).min(1).optional(),
  }),
  'if-condition': z.strictObject({
    type: z.literal('if-condition'),
    ...common,
    condition: z.string().min(1),
    on_true: anyId,
    on_false: anyId.optional(),
    on_completion: anyId,
  }),
  parallel: z.strictObject({
    type: z.literal('parallel'),
    ...common,
    next_steps: z.array(anyId).min(2),
    on_completion: anyId,
  }),
};

const workflowStep = z.union([steps.start, steps.end, steps.action, steps['if-condition'], steps.parallel]);

const cacaoSchema = z.strictObject({
  type: z.literal('playbook'),
  spec_version: z.literal('cacao-2.0'),
  id: id('playbook'),
  name: z.string().min(1),
  description: z.string(),
  playbook_types: z.array(z.string()),
  playbook_activities: z.array(z.string()).min(1),
  playbook_processing_summary: z.partialRecord(
    z.enum(['manual_playbook', 'parallel_processing', 'if_logic', 'data_markings', 'extensions']),
    z.boolean(),
  ),
  created_by: id('identity'),
  created: timestamp,
  modified: timestamp,
  labels: z.array(z.string()).min(1),
  external_references: z.array(reference).min(1).optional(),
  markings: z.array(id('marking-tlp')).min(1),
  playbook_variables: z.record(
    variableName,
    z.strictObject({
      type: z.enum(['string', 'hash', 'uri']),
      description: z.string().optional(),
      value: z.string().nullable().optional(),
      external: z.boolean().optional(),
    }),
  ),
  workflow_start: id('start'),
  workflow: z.record(stepId, workflowStep),
  playbook_extensions: extensions,
  agent_definitions: z.record(id('group'), z.strictObject({ type: z.literal('group'), name: z.string() })),
  extension_definitions: z.record(
    id('extension-definition'),
    z.strictObject({
      type: z.literal('extension-definition'),
      name: z.string(),
      description: z.string(),
      created_by: id('identity'),
      schema: z.string(),
      version: z.string(),
    }),
  ),
  data_marking_definitions: z.record(
    id('marking-tlp'),
    z.strictObject({
      type: z.literal('marking-tlp'),
      id: id('marking-tlp'),
      created_by: id('identity'),
      created: timestamp,
      tlpv2_level: z.enum(['TLP:RED', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:GREEN', 'TLP:CLEAR']),
    }),
  ),
});

const LITERAL = String.raw`(?:'(?:[^'\\]|\\['\\])*'|-?\d+(?:\.\d+)?)`;
const COMPARISON = new RegExp(
  String.raw`\b__[a-zA-Z]\w*__:value (?:(?:=|!=|>=|<=) ${LITERAL}|IN \(${LITERAL}(?:, ${LITERAL})*\))`,
  'g',
);

/** Whether a condition follows the grammar of STIX patterns, as far as an export uses it: comparisons, AND, OR and brackets. */
export function isCondition(text: string): boolean {
  let before = '';
  let rest = text.replace(COMPARISON, '?');
  while (rest !== before) {
    before = rest;
    rest = rest.replace(/\? (?:AND|OR) \?|\(\?\)/g, '?');
  }
  return rest === '?';
}

/** What is wrong with a CACAO object, as sentences; empty when it is valid. */
export function cacaoProblems(object: unknown): readonly string[] {
  const parsed = cacaoSchema.safeParse(object);
  if (!parsed.success) return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const { workflow, workflow_start, ...playbook } = parsed.data;
  const problems: string[] = [];
  const entered = new Map<string, number>();
  const enter = (from: string, to: string) => {
    if (!workflow[to]) problems.push(`${from} goes to ${to}, which does not exist`);
    entered.set(to, (entered.get(to) ?? 0) + 1);
  };
  const used = new Set<string>();
  for (const [key, step] of Object.entries(workflow)) {
    if (!key.startsWith(`${step.type}--`)) problems.push(`${key} is a ${step.type}`);
    if ('on_completion' in step) enter(key, step.on_completion);
    if (step.type === 'if-condition') enter(key, step.on_true);
    if (step.type === 'parallel') for (const next of step.next_steps) enter(key, next);
    if (step.type === 'action') {
      if (!playbook.agent_definitions[step.agent]) problems.push(`${key} has an unknown agent`);
      for (const command of step.commands) used.add(command.playbook_activity);
      for (const name of [...(step.in_args ?? []), ...(step.out_args ?? [])]) {
        if (!playbook.playbook_variables[name]) problems.push(`${key} names ${name}, which is not declared`);
      }
    }
    for (const used of Object.keys(step.step_extensions ?? {})) {
      if (!playbook.extension_definitions[used]) problems.push(`${key} has an unknown extension`);
    }
    for (const { name } of step.external_references ?? []) {
      if (!playbook.external_references?.some((one) => one.name === name)) problems.push(`the head lacks ${name}`);
    }
    if (step.type === 'if-condition') {
      if (!isCondition(step.condition)) problems.push(`the condition of ${key} is no STIX comparison`);
      for (const [name] of step.condition.matchAll(/__[a-z0-9_]+?__(?=:value)/g)) {
        if (!playbook.playbook_variables[name]) problems.push(`the condition of ${key} names ${name}`);
      }
    }
  }
  if (!workflow[workflow_start]) problems.push('workflow_start does not exist');
  for (const [key, step] of Object.entries(workflow)) {
    const times = entered.get(key) ?? 0;
    if (step.type === 'start' ? times !== 0 : times !== 1) problems.push(`${key} is entered ${times} times`);
  }
  const { agent_definitions, data_marking_definitions, extension_definitions } = playbook;
  const objects = [workflow, agent_definitions, data_marking_definitions, extension_definitions].flatMap(Object.keys);
  const uuids = [playbook.id, ...objects].map((key) => key.split('--')[1]);
  if (new Set(uuids).size !== uuids.length) problems.push('a UUID is used twice');
  for (const activity of playbook.playbook_activities)
    if (!used.has(activity)) problems.push(`nothing does ${activity}`);
  for (const marking of playbook.markings) {
    if (playbook.data_marking_definitions[marking]?.id !== marking) problems.push(`${marking} is not defined`);
  }
  if (playbook.modified < playbook.created) problems.push('modified before created');
  return problems;
}
