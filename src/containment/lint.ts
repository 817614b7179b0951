// What the schema cannot see in the containment part of the organisation's file. A file with a fault is not loaded.
import type { Organisation } from '../organisation/schema.ts';
import { peopleOn, quorumOf } from './policy.ts';

export interface PolicyFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Every fault, with its place in the file and what to write instead. */
export const lintContainment = (org: Organisation): readonly PolicyFault[] => [
  ...lintApprovers(org),
  ...lintActions(org),
  ...lintWebhooks(org),
  ...lintRest(org),
];

function lintApprovers(org: Organisation): PolicyFault[] {
  const keys = new Set(org.people.map((p) => p.key));
  const faults: PolicyFault[] = [];
  org.approvers.forEach((list, i) => {
    const at = (...rest: PropertyKey[]): readonly PropertyKey[] => ['approvers', i, ...rest];
    list.people.forEach((person, j) => {
      if (!keys.has(person))
        faults.push({
          path: at('people', j),
          message: `no person has the key ${person}; add them under people or correct it`,
        });
    });
    list.actions.forEach((action, j) => {
      if (action !== '*' && !(action in org.actions))
        faults.push({
          path: at('actions', j),
          message: `no action is called ${action}; declare it under actions or use one of ${Object.keys(org.actions).join(', ') || 'none yet'}`,
        });
      const other = org.approvers.findIndex(
        (o) => o.actions.includes(action) && o.reversibility.some((r) => list.reversibility.includes(r)),
      );
      if (other < i)
        faults.push({
          path: at('actions', j),
          message: `${action} is ruled by entry ${other + 1} already; one action of one class has one list`,
        });
    });
    const needed = quorumOf(list);
    const people = peopleOn(org, list);
    // An empty list is allowed: it means nobody, and doctor says so.
    if (people.length > 0 && people.length < needed)
      faults.push({
        path: at('quorum'),
        message: `${needed} people are needed and ${people.length} are listed, so nothing could ever be approved; list more people or lower the quorum`,
      });
    if (list.reversibility.includes('irreversible') && list.quorum === 1 && !list.needs_role)
      faults.push({
        path: at('quorum'),
        message: 'one person may approve what is irreversible only with needs_role; ask for 2, or name the role',
      });
    if (list.needs_role && people.length > 0 && !people.some((p) => p.roles.includes(list.needs_role!)))
      faults.push({
        path: at('needs_role'),
        message: `nobody on this list has the role ${list.needs_role}, so nothing could ever be approved`,
      });
  });
  return faults;
}

function lintActions(org: Organisation): PolicyFault[] {
  const keys = new Set(org.people.map((p) => p.key));
  return Object.entries(org.actions).flatMap(([name, action]) => {
    const faults: PolicyFault[] = [];
    const at = (...rest: PropertyKey[]): readonly PropertyKey[] => ['actions', name, ...rest];
    if (action.undo_action && !(action.undo_action in org.actions))
      faults.push({ path: at('undo_action'), message: `no action is called ${action.undo_action}` });
    if (action.reversibility === 'irreversible' && action.preserve.length === 0)
      faults.push({
        path: at('preserve'),
        message: 'what cannot be undone asks at least one question about what it destroys',
      });
    if (action.executor.kind === 'webhook' && !(action.executor.webhook in org.webhooks))
      faults.push({
        path: at('executor', 'webhook'),
        message: `no webhook is called ${action.executor.webhook}; declare it under webhooks`,
      });
    if (action.executor.kind === 'manual')
      action.executor.people.forEach((person, j) => {
        if (!keys.has(person))
          faults.push({ path: at('executor', 'people', j), message: `no person has the key ${person}` });
      });
    for (const reserved of ['reason', 'targets', 'evidence', 'executor'])
      if (reserved in action.parameters)
        faults.push({
          path: at('parameters', reserved),
          message: `${reserved} is asked for every action; use another name`,
        });
    return faults;
  });
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

function lintWebhooks(org: Organisation): PolicyFault[] {
  return Object.entries(org.webhooks).flatMap(([name, hook]) => {
    const url = new URL(hook.url);
    const faults: PolicyFault[] = [];
    if (url.protocol === 'http:' && !isLoopback(url.hostname))
      faults.push({ path: ['webhooks', name, 'url'], message: 'use https: approvals do not travel in the clear' });
    if (url.username || url.password)
      faults.push({
        path: ['webhooks', name, 'url'],
        message: 'leave the password out: requests are signed, and this file is shown to people',
      });
    if (isLoopback(url.hostname) && !hook.allow_private)
      faults.push({
        path: ['webhooks', name, 'allow_private'],
        message: 'a loopback address needs allow_private: true',
      });
    return faults;
  });
}

function lintRest(org: Organisation): PolicyFault[] {
  const keys = new Set(org.people.map((p) => p.key));
  const glass = org.containment.break_glass;
  const faults: PolicyFault[] = [];
  for (const list of ['people', 'reviewers'] as const)
    glass[list].forEach((person, j) => {
      if (!keys.has(person))
        faults.push({ path: ['containment', 'break_glass', list, j], message: `no person has the key ${person}` });
    });
  if (glass.enabled && glass.people.length === 0)
    faults.push({
      path: ['containment', 'break_glass', 'people'],
      message: 'name who may break the glass, or leave it off',
    });
  if (glass.enabled && glass.people.some((p) => glass.reviewers.every((r) => r === p)))
    faults.push({
      path: ['containment', 'break_glass', 'reviewers'],
      message: 'each use needs a reviewer other than whoever may break the glass',
    });
  const assets = new Set(org.assets.map((a) => a.name));
  for (const [name, members] of Object.entries(org.groups))
    members.forEach((member, j) => {
      if (!assets.has(member)) faults.push({ path: ['groups', name, j], message: `no asset is called ${member}` });
    });
  return faults;
}
