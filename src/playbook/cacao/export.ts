// A playbook as CACAO Security Playbooks 2.0 (OASIS). CACAO has no approval: every step is a manual command, and what CACAO
// cannot say goes whole into an extension, so that an import of our own export loses nothing.
import { graphOf, leavesOf } from '../graph.ts';
import type { Condition, ConditionLeaf, Playbook, Step } from '../types.ts';
import { cacaoId, EXTENSION_ID, IDENTITY_ID, TLP_MARKINGS } from './ids.ts';

type Json = Readonly<Record<string, unknown>>;

/** When and by whom the export is made. Times are ISO 8601 UTC with milliseconds. */
export interface ExportContext {
  readonly created: string;
  readonly modified: string;
  /** A STIX identity id; ours when left out. */
  readonly createdBy?: string;
}

const ACTIVITIES: Readonly<Record<string, string>> = {
  'isolate-host': 'disconnect-system',
  'stop-service': 'disconnect-system',
  'quarantine-mail': 'eliminate-risk',
  'remove-persistence': 'eliminate-risk',
  'remove-access': 'eliminate-risk',
  'release-host': 'restore-capabilities',
  'enable-account': 'restore-capabilities',
  'unblock-indicator': 'restore-capabilities',
  'release-mail': 'restore-capabilities',
  'activate-key': 'restore-capabilities',
  'restore-service': 'restore-capabilities',
  'snapshot-host': 'configure-systems',
};

/** The playbook as a CACAO 2.0 object: the steps in waves of those that may run side by side, a condition around each step that is not always shown. */
export function exportCacao(playbook: Playbook, context: ExportContext): Json {
  const createdBy = context.createdBy ?? IDENTITY_ID;
  const waves = wavesOf(playbook);
  const workflow: Record<string, Json> = {};
  const startId = idOf(playbook, 'start', 'start');
  const endId = idOf(playbook, 'end', 'end');
  workflow[endId] = { type: 'end', name: 'End' };
  let next = endId;
  for (const [index, wave] of [...waves.entries()].reverse()) next = addWave(playbook, workflow, wave, index, next);
  workflow[startId] = { type: 'start', name: 'Start', on_completion: next };
  const types = new Set(Object.values(workflow).map((step) => step['type']));
  const roles = [...new Set(playbook.steps.map((step) => step.role))];
  const refs = [...new Map(playbook.steps.flatMap((step) => step.refs).map((ref) => [ref.name, ref])).values()];
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: cacaoId('playbook', playbook.id),
    name: playbook.name,
    description: playbook.summary,
    playbook_types: ['investigation', 'mitigation', 'remediation'],
    playbook_activities: [...new Set(playbook.steps.map(activityOf))],
    playbook_processing_summary: {
      manual_playbook: true,
      parallel_processing: types.has('parallel'),
      if_logic: types.has('if-condition'),
      data_markings: true,
      extensions: true,
    },
    created_by: createdBy,
    created: context.created,
    modified: context.modified,
    labels: [...new Set(playbook.types)],
    ...(refs.length > 0 ? { external_references: refs.map(referenceOf) } : {}),
    markings: [TLP_MARKINGS[playbook.tlp]],
    playbook_variables: variablesOf(playbook),
    workflow_start: startId,
    workflow,
    playbook_extensions: {
      [EXTENSION_ID]: { countersign_playbook: { ...playbook, steps: playbook.steps.map((s) => s.id) } },
    },
    agent_definitions: Object.fromEntries(
      roles.map((role) => [idOf(playbook, 'group', role), { type: 'group', name: role }]),
    ),
    extension_definitions: {
      [EXTENSION_ID]: {
        type: 'extension-definition',
        name: 'Countersign playbook',
        description: 'What CACAO has no words for: approval, reversibility, rollback, required fields and evidence.',
        created_by: IDENTITY_ID,
        schema:
          'The object is one step, or the head, of a Countersign playbook as its playbook.schema.json describes it.',
        version: '1.0.0',
      },
    },
    data_marking_definitions: {
      [TLP_MARKINGS[playbook.tlp]]: {
        type: 'marking-tlp',
        id: TLP_MARKINGS[playbook.tlp],
        created_by: 'identity--5abe695c-7bd5-4c31-8824-2528696cdbf1',
        created: '2022-10-01T00:00:00.000Z',
        tlpv2_level: `TLP:${playbook.tlp}`,
      },
    },
  };
}

/** Adds one wave in front of `next` and answers the id to enter it by. */
function addWave(
  playbook: Playbook,
  workflow: Record<string, Json>,
  wave: readonly Step[],
  index: number,
  next: string,
): string {
  if (wave.length === 1) return addStep(playbook, workflow, wave[0]!, next);
  const id = idOf(playbook, 'parallel', String(index));
  const heads = wave.map((step) => {
    const end = idOf(playbook, 'end', `branch ${step.id}`);
    workflow[end] = { type: 'end', name: `End of ${step.title}` };
    return addStep(playbook, workflow, step, end);
  });
  workflow[id] = { type: 'parallel', name: 'Side by side', next_steps: heads, on_completion: next };
  return id;
}

function addStep(playbook: Playbook, workflow: Record<string, Json>, step: Step, next: string): string {
  const actionId = idOf(playbook, 'action', step.id);
  const condition = conditionText(playbook, step);
  const inner = condition === null ? next : idOf(playbook, 'end', `condition ${step.id}`);
  const results = [...step.requires, ...(step.success ? [answerName(step.id)] : [])];
  const read = step.inputs.filter((name) => !step.requires.includes(name));
  workflow[actionId] = {
    type: 'action',
    name: step.title,
    description: step.instructions.trim(),
    ...(step.refs.length > 0 ? { external_references: step.refs.map(referenceOf) } : {}),
    commands: [{ type: 'manual', command: commandText(step), playbook_activity: activityOf(step) }],
    agent: idOf(playbook, 'group', step.role),
    ...(read.length > 0 ? { in_args: read.map(variableName) } : {}),
    ...(results.length > 0 ? { out_args: results.map(variableName) } : {}),
    on_completion: inner,
    step_extensions: { [EXTENSION_ID]: { countersign_step: step } },
  };
  if (condition === null) return actionId;
  const ifId = idOf(playbook, 'if-condition', step.id);
  workflow[inner] = { type: 'end', name: `End of ${step.title}` };
  workflow[ifId] = {
    type: 'if-condition',
    name: `Needed: ${step.title}`,
    condition,
    on_true: actionId,
    on_completion: next,
  };
  return ifId;
}

/** Steps by the longest way that leads to them; the steps of one wave do not wait for each other. Rollbacks come last. */
function wavesOf(playbook: Playbook): readonly (readonly Step[])[] {
  const graph = graphOf(playbook);
  const depth = new Map<string, number>();
  const depthOf = (step: Step): number => {
    const known = depth.get(step.id);
    if (known !== undefined) return known;
    const before = [
      ...(graph.into.get(step.id) ?? []).map((edge) => edge.from),
      ...(step.when ? leavesOf(step.when).map((leaf) => leaf.step) : []),
    ];
    const found = playbook.steps.filter((other) => before.includes(other.id)).map((other) => depthOf(other) + 1);
    const deepest = Math.max(0, ...found);
    depth.set(step.id, deepest);
    return deepest;
  };
  const waves: Step[][] = [];
  for (const step of playbook.steps) {
    if (graph.undoes.has(step.id)) continue;
    (waves[depthOf(step)] ??= []).push(step);
  }
  const undoing = playbook.steps.filter((step) => graph.undoes.has(step.id));
  return undoing.length > 0 ? [...waves, undoing] : waves;
}

/** When a step is needed, as a STIX-like comparison over the playbook's variables; null when always. */
function conditionText(playbook: Playbook, step: Step): string | null {
  const graph = graphOf(playbook);
  if (graph.undoes.has(step.id)) return `${variableName(undoName(step.id))}:value = 'yes'`;
  const branches = (graph.into.get(step.id) ?? []).filter(
    (edge) => edge.why === 'on_success' || edge.why === 'on_failure',
  );
  const taken = branches.map(
    (edge) => `${variableName(answerName(edge.from))}:value = '${edge.why === 'on_success' ? 'yes' : 'no'}'`,
  );
  const parts = [taken.length > 1 ? `(${taken.join(' OR ')})` : taken[0], step.when ? whenText(step.when) : undefined];
  const said = parts.filter((part) => part !== undefined);
  return said.length > 0 ? said.join(' AND ') : null;
}

function whenText(condition: Condition): string {
  const tests = leavesOf(condition).map(leafText);
  return tests.length === 1 ? tests[0]! : `(${tests.join('any' in condition ? ' OR ' : ' AND ')})`;
}

function leafText(leaf: ConditionLeaf): string {
  if (leaf.step !== undefined)
    return `${variableName(answerName(leaf.step))}:value = ${quoted(leaf.outcome ?? 'done')}`;
  const name = `${variableName(leaf.variable!)}:value`;
  if (leaf.answered !== undefined) return `${name} ${leaf.answered ? '!=' : '='} ''`;
  if (leaf.is !== undefined) return `${name} = ${quoted(leaf.is)}`;
  if (leaf.is_not !== undefined) return `${name} != ${quoted(leaf.is_not)}`;
  if (leaf.in !== undefined) return `${name} IN (${leaf.in.map(quoted).join(', ')})`;
  const range = [];
  if (leaf.at_least !== undefined) range.push(`${name} >= ${leaf.at_least}`);
  if (leaf.at_most !== undefined) range.push(`${name} <= ${leaf.at_most}`);
  return range.join(' AND ');
}

function variablesOf(playbook: Playbook): Json {
  const declared = Object.entries(playbook.variables).map(([name, variable]) => [
    variableName(name),
    {
      type:
        !variable.many && variable.type === 'hash'
          ? 'hash'
          : !variable.many && variable.type === 'url'
            ? 'uri'
            : 'string',
      description: `${variable.ask}${variable.choices ? ` One of: ${variable.choices.join(', ')}.` : ''}${variable.many ? ' One per line.' : ''}`,
      value: null,
      external: variable.required,
    },
  ]);
  const asked = playbook.steps.flatMap((step) => {
    const isTested = playbook.steps.some((s) => s.when && leavesOf(s.when).some((leaf) => leaf.step === step.id));
    return step.success || isTested
      ? [
          [
            variableName(answerName(step.id)),
            { type: 'string', description: step.success?.question ?? step.title, value: null },
          ],
        ]
      : [];
  });
  const undone = [...graphOf(playbook).undoes].map(([id, of]) => [
    variableName(undoName(id)),
    { type: 'string', description: `yes when ${of} must be undone`, value: 'no' },
  ]);
  return Object.fromEntries([...declared, ...asked, ...undone]);
}

function commandText(step: Step): string {
  const text = step.instructions.trim().replace(/\s+/g, ' ');
  if (step.kind !== 'containment') return text;
  return `${text} Needs approval before it is carried out: ${step.approval?.quorum ?? 1} named ${step.approval?.quorum === 1 ? 'person' : 'people'} who did not propose it.`;
}

function activityOf(step: Step): string {
  if (step.action) return ACTIVITIES[step.action.type] ?? 'restrict-access';
  return step.kind === 'notice' ? 'deliver-content' : 'analyze-collected-data';
}

function referenceOf(ref: { readonly name: string; readonly url?: string | undefined }): Json {
  return ref.url === undefined ? { name: ref.name, description: ref.name } : { name: ref.name, url: ref.url };
}

const idOf = (playbook: Playbook, type: string, seed: string): string => cacaoId(type, `${playbook.id}:${seed}`);
const variableName = (name: string): string => `__${name}__`;
const answerName = (step: string): string => `answer_${step.replaceAll('-', '_')}`;
const undoName = (step: string): string => `undo_${step.replaceAll('-', '_')}`;
const quoted = (value: string | number): string => `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
