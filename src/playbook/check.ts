// The rules a playbook must pass beyond its shape: one function a rule, one table.

import { CONDITION_RULES } from './check-conditions.ts';
import { plantsRule } from './check-plants.ts';
import { graphOf } from './graph.ts';
import type { CheckContext, Finding, Rule } from './rule.ts';
import type { Playbook, Step, Variable } from './types.ts';

/** What an assistant may be asked for in a step: drafts, nothing else. */
const DRAFT_TASKS = ['draft-notice', 'draft-briefing', 'draft-summary', 'draft-questions', 'draft-review'];

/** The kinds of containment target that a variable of this type can name. */
function kindsOf(type: Variable['type']): readonly string[] {
  switch (type) {
    case 'host':
    case 'account':
    case 'service':
      return [type];
    case 'mailbox':
      return ['mail', 'account'];
    case 'key':
      return ['credential'];
    case 'address':
      return ['indicator', 'network'];
    case 'domain':
    case 'url':
    case 'hash':
      return ['indicator'];
    case 'text':
    case 'number':
    case 'yes_no':
    case 'choice':
    case 'time':
      return [];
  }
}

type StepRule = (
  step: Step,
  playbook: Playbook,
  context: CheckContext,
) => readonly { readonly at?: readonly PropertyKey[]; readonly message: string; readonly remedy: string }[];

const perStep =
  (rule: StepRule): Rule =>
  (playbook, context) =>
    playbook.steps.flatMap((step, index) =>
      rule(step, playbook, context).map(({ at = [], ...rest }) => ({ path: ['steps', index, ...at], ...rest })),
    );

const RULES: Readonly<Record<string, Rule>> = {
  plants: plantsRule,

  'duplicate-step': perStep((step, playbook) => {
    const first = playbook.steps.find((other) => other.id === step.id);
    if (first === step) return [];
    return [{ at: ['id'], message: `Two steps are called ${step.id}`, remedy: 'Give every step an id of its own' }];
  }),

  'containment-without-approval': perStep((step) => {
    if (step.kind !== 'containment') return [];
    const needed = ['action', 'approval', 'reversibility', 'blast_radius_note', 'rollback'] as const;
    return needed
      .filter((key) => step[key] === undefined && !(key === 'rollback' && step.reversibility === 'read_only'))
      .map((key) => ({
        message: `Containment step ${step.id} has no ${key}`,
        remedy: key === 'approval' ? 'Add approval with a quorum: containment waits for a named human' : `Add ${key}`,
      }));
  }),

  'action-outside-containment': perStep((step) => {
    if (step.kind === 'containment') return [];
    const keys = (['action', 'approval', 'executor', 'rollback', 'reversibility'] as const).filter(
      (k) => step[k] !== undefined,
    );
    return keys.map((key) => ({
      at: [key],
      message: `Step ${step.id} is of kind ${step.kind} and has ${key}`,
      remedy: 'Only a containment step acts: change the kind, or remove this key',
    }));
  }),

  'self-approval': perStep((step) => {
    if (!step.approval || step.approval.forbid.includes('proposer')) return [];
    return [
      {
        at: ['approval', 'forbid'],
        message: `In ${step.id} the proposer could approve their own proposal`,
        remedy: 'Put proposer into forbid, or leave forbid out',
      },
    ];
  }),

  quorum: perStep((step, _playbook, context) => {
    if (!step.approval) return [];
    const { role, quorum } = step.approval;
    const found = [];
    if (step.reversibility === 'irreversible' && quorum < 2) {
      found.push({
        at: ['approval', 'quorum'],
        message: `${step.id} is irreversible and asks for one approver`,
        remedy: 'Write quorum: 2',
      });
    }
    if (!context.eligible || !step.action) return found;
    const eligible = context.eligible(step.action.type, step.reversibility ?? 'irreversible', role);
    if (quorum > eligible) {
      found.push({
        at: ['approval', 'quorum'],
        message: `${step.id} asks for ${quorum} approvers and ${eligible} may approve ${step.action.type}`,
        remedy: 'Add people under approvers in countersign.yml, or lower the quorum',
      });
    }
    return found;
  }),

  'unknown-action': perStep((step, _playbook, context) => {
    const found = [];
    const known = step.action && context.actions?.get(step.action.type);
    if (step.action && context.actions && !known) {
      found.push({
        at: ['action', 'type'],
        message: `Nobody knows the action type ${step.action.type}`,
        remedy: `Use one of: ${[...context.actions.keys()].join(', ')}; or declare it under actions in countersign.yml`,
      });
    }
    for (const name of known ? Object.keys(step.action?.parameters ?? {}) : []) {
      if (known?.parameters.has(name)) continue;
      found.push({
        at: ['action', 'parameters', name],
        message: `${step.action?.type} has no parameter ${name}`,
        remedy: `Use one of: ${[...(known?.parameters ?? [])].join(', ') || 'none'}; or declare it in countersign.yml`,
      });
    }
    if (typeof step.executor === 'object' && context.adapters && !context.adapters.has(step.executor.adapter)) {
      found.push({
        at: ['executor', 'adapter'],
        message: `There is no adapter ${step.executor.adapter}`,
        remedy: 'Write executor: human, or declare the adapter in countersign.yml',
      });
    }
    return found;
  }),

  'irreversible-unprotected': perStep((step) => {
    if (step.reversibility !== 'irreversible') return [];
    if (step.pre_checks.some((check) => check.id === 'evidence-preserved')) return [];
    return [
      {
        message: `${step.id} is irreversible and has no evidence-preserved check`,
        remedy: 'Add a pre_check with id: evidence-preserved that names memory, disk and logs',
      },
    ];
  }),

  targets: perStep((step, playbook, context) => {
    if (!step.action) return [];
    const { variables, indicators } = step.action.targets;
    const unknown = variables.filter((name) => !playbook.variables[name]);
    const found = unknown.map((name) => ({
      at: ['action', 'targets', 'variables', variables.indexOf(name)],
      message: `Target variable ${name} is not declared`,
      remedy: 'Declare it under variables',
    }));
    const kind = context.actions?.get(step.action.type)?.targets;
    for (const [index, name] of variables.entries()) {
      const type = playbook.variables[name]?.type;
      if (!kind || !type || kindsOf(type).includes(kind)) continue;
      found.push({
        at: ['action', 'targets', 'variables', index],
        message: `${step.action.type} acts on a ${kind}, and ${name} is of type ${type}`,
        remedy: `Name a variable that holds a ${kind}, or use another action`,
      });
    }
    if (variables.length + indicators.length > 0) return found;
    return [
      ...found,
      {
        at: ['action', 'targets'],
        message: `${step.id} names no targets`,
        remedy: 'Name variables or indicators to act on',
      },
    ];
  }),

  dangling: perStep((step, playbook) => {
    const { position } = graphOf(playbook);
    const lists = ['depends_on', 'next', 'on_success', 'on_failure'] as const;
    const found: { at: readonly PropertyKey[]; message: string; remedy: string }[] = lists.flatMap((list) =>
      step[list].flatMap((id, index) =>
        position.has(id)
          ? []
          : [
              {
                at: [list, index],
                message: `${step.id} points at ${id}, which is no step`,
                remedy: 'Correct the id, or add the step',
              },
            ],
      ),
    );
    const single: readonly (readonly [readonly PropertyKey[], string | undefined])[] = [
      [['rollback', 'step'], step.rollback && 'step' in step.rollback ? step.rollback.step : undefined],
      [['due', 'of'], typeof step.due === 'object' && step.due.of !== 'start' ? step.due.of : undefined],
    ];
    for (const [at, id] of single) {
      if (id === undefined || position.has(id)) continue;
      found.push({
        at,
        message: `${step.id} points at ${id}, which is no step`,
        remedy: 'Correct the id, or add the step',
      });
    }
    return found;
  }),

  rollback: perStep((step, playbook) => {
    if (!step.rollback || 'none' in step.rollback) return [];
    const { step: id } = step.rollback;
    const undo = playbook.steps.find((other) => other.id === id);
    if (!undo || (undo.kind === 'containment' && undo !== step)) return [];
    return [
      {
        at: ['rollback', 'step'],
        message: `${id} undoes ${step.id} and is not another containment step`,
        remedy: 'Undoing a containment is a containment: give it an action and an approval of its own',
      },
    ];
  }),

  'branch-without-question': perStep((step) => {
    const isAsking = step.kind === 'decision' || step.kind === 'verify';
    if (step.success) return [];
    if (step.on_success.length + step.on_failure.length === 0 && !isAsking) return [];
    return [
      {
        message: `${step.id} ${isAsking ? `is a ${step.kind}` : 'branches'} and asks no question`,
        remedy: 'Add success with a question that is answered yes or no',
      },
    ];
  }),

  assistant: perStep((step) => {
    const { assistant } = step;
    const remedy = 'An assistant only drafts, and a named person verifies';
    if (step.kind === 'assistant_draft' && !(assistant?.allowed && assistant.task && assistant.verify_by)) {
      return [{ message: `${step.id} needs assistant with allowed: true, task and verify_by`, remedy }];
    }
    if (!assistant?.allowed) return [];
    const found = [];
    if (step.kind === 'containment' || step.kind === 'decision') {
      found.push({ at: ['assistant'], message: `The assistant may not take part in a ${step.kind} step`, remedy });
    }
    if (!assistant.task || !DRAFT_TASKS.includes(assistant.task)) {
      found.push({
        at: ['assistant', 'task'],
        message: `${step.id} asks the assistant for more than a draft`,
        remedy: `Use one of: ${DRAFT_TASKS.join(', ')}`,
      });
    }
    if (!assistant.verify_by)
      found.push({
        at: ['assistant'],
        message: `Nobody verifies the draft of ${step.id}`,
        remedy: 'Add verify_by with a role',
      });
    return found;
  }),

  evidence: perStep((step) => {
    if (step.kind !== 'collect' || step.evidence_required.length > 0) return [];
    return [
      { message: `Collect step ${step.id} asks for no evidence`, remedy: 'Add evidence_required, or use kind: human' },
    ];
  }),

  notice: perStep((step, _playbook, context) => {
    const found = [];
    if (step.kind === 'notice' && step.notices.length === 0) {
      found.push({ message: `Notice step ${step.id} names no audience`, remedy: 'Add notices with an audience' });
    }
    if (step.kind === 'notice' && step.success) {
      found.push({
        at: ['success'],
        message: `Notice step ${step.id} ends with an answer`,
        remedy: 'It is settled by the notice that was sent: ask the question in a verify step after it',
      });
    }
    for (const [index, { audience, template }] of step.notices.entries()) {
      if (template !== undefined && context.templates && !context.templates.has(template)) {
        const known = [...context.templates].join(', ');
        found.push({
          at: ['notices', index, 'template'],
          message: `There is no template ${template}`,
          remedy: known
            ? `Use one of: ${known}`
            : 'Name a folder under templates in countersign.yml and put the file there, or take the key out',
        });
      }
      if (!context.audiences || context.audiences.has(audience)) continue;
      const known = [...context.audiences].join(', ');
      found.push({
        at: ['notices', index, 'audience'],
        message: `There is no audience ${audience}`,
        remedy: `Use one of: ${known}`,
      });
    }
    return found;
  }),

  clocks: perStep((step, _playbook, context) =>
    step.clocks_suggested.flatMap((id, index) =>
      !context.clocks || context.clocks.has(id)
        ? []
        : [
            {
              at: ['clocks_suggested', index],
              message: `There is no clock rule ${id}`,
              remedy: `Use one of: ${[...context.clocks].join(', ')}`,
            },
          ],
    ),
  ),

  'choices-missing': (playbook) =>
    Object.entries(playbook.variables)
      .filter(([, variable]) => (variable.type === 'choice') !== (variable.choices !== undefined))
      .map(([name, variable]) => ({
        path: ['variables', name],
        message: variable.choices
          ? `${name} has choices and is of type ${variable.type}`
          : `${name} is a choice without choices`,
        remedy: variable.choices ? 'Write type: choice' : 'Add choices',
      })),

  ...CONDITION_RULES,
};

/** Every load rule by name, for the documentation and for table-driven tests. */
export const RULE_NAMES: readonly string[] = Object.keys(RULES);

/** What every load rule finds in a playbook, in the order of the rules; empty when it may be used. */
export function findingsOf(playbook: Playbook, context: CheckContext = {}): readonly Finding[] {
  return Object.entries(RULES).flatMap(([rule, find]) => find(playbook, context).map((found) => ({ rule, ...found })));
}
