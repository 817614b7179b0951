// A CACAO 2.0 playbook as one of ours, for a person to read and finish. Nothing in it can act: every command arrives as text.
import { stringify } from 'yaml';
import { problemText, readPlaybook } from '../load.ts';
import { EXTENSION_ID } from './ids.ts';
import { type CacaoPlaybook, type CacaoStep, readCacao } from './read.ts';

/** An imported playbook as the text of its YAML file, with what a person should look at; or why there is none. */
export type Imported =
  | { readonly kind: 'imported'; readonly id: string; readonly yaml: string; readonly warnings: readonly string[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

interface Draft {
  readonly id: string;
  readonly phase: string;
  readonly title: string;
  kind: string;
  readonly instructions: string;
  readonly depends_on: string[];
  success?: { readonly question: string };
  readonly on_success: string[];
  readonly on_failure: string[];
  max_attempts?: number;
  readonly refs: readonly { readonly name: string; readonly url?: string }[];
}

/** A way into the next step: after one is settled, or on its yes or no. */
interface Way {
  readonly from: string;
  readonly on: 'after' | 'yes' | 'no';
}

interface Work {
  readonly source: CacaoPlaybook;
  readonly drafts: Draft[];
  byCacaoId: Map<string, Draft>;
  readonly path: string[];
  readonly warnings: string[];
}

const LOOP_BOUND = 5;
/** As many steps as a playbook may have; from there on a shared branch is joined instead of written out again. */
const MOST_STEPS = 120;
const PHASES: Readonly<Record<string, string>> = {
  'restrict-access': 'containment',
  'disconnect-system': 'containment',
  'eliminate-risk': 'eradication',
  'revert-system': 'recovery',
  'restore-data': 'recovery',
  'restore-capabilities': 'recovery',
};

/** Reads CACAO 2.0 JSON text into the text of a playbook file that loads. Actions are disabled: their commands become instructions. */
export function importCacao(text: string): Imported {
  const source = readCacao(text);
  if ('problems' in source) return { kind: 'problems', problems: source.problems as readonly string[] };
  const own = ownExtension(source);
  if (own)
    return finished(own.id, own.playbook, [
      'Taken whole from the Countersign extension; the CACAO workflow was not read.',
    ]);
  const work: Work = { source, drafts: [], byCacaoId: new Map(), path: [], warnings: [] };
  follow(work, source.workflow_start, []);
  const lost = Object.entries(source.workflow).filter(
    ([id, step]) => (step.type === 'action' || step.type === 'playbook-action') && !work.byCacaoId.has(id),
  );
  for (const [id, step] of lost)
    work.warnings.push(`${clean(step.name ?? id)} is reached by no step and was left out.`);
  const id = slug(source.name, new Set());
  return finished(id, headOf(work, id), [
    'Every command arrived as text. Make each step that changes a system a containment step before you use this.',
    ...new Set(work.warnings),
  ]);
}

function finished(id: string, playbook: unknown, warnings: readonly string[]): Imported {
  const yaml = stringify(playbook, { lineWidth: 0, aliasDuplicateObjects: false });
  const read = readPlaybook(new TextEncoder().encode(yaml), `${id}.yaml`);
  if (read.kind === 'problems') return { kind: 'problems', problems: read.problems.map(problemText) };
  return { kind: 'imported', id, yaml, warnings };
}

/** Our own export brought back: the head and the steps as the extension holds them, checked like any file. */
function ownExtension(source: CacaoPlaybook): { readonly id: string; readonly playbook: unknown } | null {
  const head = source.playbook_extensions?.[EXTENSION_ID]?.['countersign_playbook'];
  if (typeof head !== 'object' || head === null || !('steps' in head) || !Array.isArray(head.steps)) return null;
  if (!('id' in head) || typeof head.id !== 'string') return null;
  const steps = new Map<unknown, unknown>();
  for (const step of Object.values(source.workflow)) {
    const held = step.step_extensions?.[EXTENSION_ID]?.['countersign_step'];
    if (typeof held === 'object' && held !== null && 'id' in held) steps.set(held.id, held);
  }
  return { id: head.id, playbook: { ...head, steps: head.steps.map((id: unknown) => steps.get(id)) } };
}

/** Drafts the step and what follows it; answers the ways out at the end of this line of steps. */
function follow(work: Work, id: string | undefined, ways: readonly Way[]): readonly Way[] {
  if (id === undefined) return ways;
  const step = Object.hasOwn(work.source.workflow, id) ? work.source.workflow[id] : undefined;
  if (!step) {
    work.warnings.push(`A step that does not exist was named: ${clean(id)}.`);
    return ways;
  }
  if (step.type === 'end') return ways;
  const known = work.byCacaoId.get(id);
  if (known || work.path.includes(id)) {
    if (known && !work.path.includes(id)) enter(work, known, ways);
    else work.warnings.push(`A way back to ${clean(step.name ?? id)} was left out: loops need a bound.`);
    return known ? [] : ways;
  }
  work.path.push(id);
  const out = followStep(work, id, step, ways);
  work.path.pop();
  return out;
}

/** Follows a branch from its first step. One that another branch has used already is written out again: each branch is a line of its own. */
function branch(work: Work, id: string | undefined, ways: readonly Way[]): readonly Way[] {
  const known = id === undefined ? undefined : work.byCacaoId.get(id);
  if (!known || work.path.includes(id!) || work.drafts.length >= MOST_STEPS) return follow(work, id, ways);
  const before = work.byCacaoId;
  work.byCacaoId = new Map();
  const out = follow(work, id, ways);
  work.byCacaoId = new Map([...work.byCacaoId, ...before]);
  work.warnings.push(`${known.title} belongs to more than one branch and stands here once for each.`);
  return out;
}

function followStep(work: Work, id: string, step: CacaoStep, ways: readonly Way[]): readonly Way[] {
  const next = step.on_completion ?? step.on_success;
  switch (step.type) {
    case 'start':
      return follow(work, next, ways);
    case 'parallel': {
      const outs = (step.next_steps ?? []).flatMap((one) => branch(work, one, ways));
      return follow(work, next, after(outs.length > 0 ? outs : ways));
    }
    case 'if-condition': {
      const draft = question(work, id, step, ways, `Is this true: ${clean(step.condition ?? 'no condition given')}`);
      const yes = branch(work, step.on_true, [{ from: draft.id, on: 'yes' }]);
      const no = branch(work, step.on_false, [{ from: draft.id, on: 'no' }]);
      return follow(work, next, after([{ from: draft.id, on: 'after' }, ...yes, ...no]));
    }
    case 'while-condition': {
      const condition = clean(step.condition ?? 'no condition given');
      const draft = question(work, id, step, ways, `Is this true now: ${condition}`);
      const first = work.drafts.length;
      const body = branch(work, step.on_true, [{ from: draft.id, on: 'yes' }]);
      const head = work.drafts[first];
      if (!head) return follow(work, next, after([{ from: draft.id, on: 'after' }]));
      const again = question(
        work,
        null,
        { type: 'check', name: `Check again: ${draft.title}` } as CacaoStep,
        after(body),
        `Is it over, so that this no longer holds: ${condition}`,
      );
      again.on_failure.push(head.id);
      again.max_attempts = LOOP_BOUND;
      work.warnings.push(
        `The loop of ${draft.title} ends after ${LOOP_BOUND} rounds. Set max_attempts to what you need.`,
      );
      return follow(
        work,
        next,
        after([
          { from: draft.id, on: 'after' },
          { from: again.id, on: 'after' },
        ]),
      );
    }
    case 'switch-condition': {
      let before = ways;
      const outs: Way[] = [];
      const cases = Object.entries(step.cases ?? {});
      for (const [value, target] of cases.filter(([value]) => value !== 'default')) {
        const named = { ...step, name: `${step.name ?? 'Choose'}: ${value}` };
        const draft = question(
          work,
          work.byCacaoId.has(id) ? null : id,
          named,
          before,
          `Is ${clean(step.switch ?? 'the value')} equal to ${clean(value)}`,
        );
        outs.push({ from: draft.id, on: 'after' }, ...branch(work, target, [{ from: draft.id, on: 'yes' }]));
        before = [{ from: draft.id, on: 'no' }];
      }
      outs.push(...branch(work, cases.find(([value]) => value === 'default')?.[1], before));
      return follow(work, next, after(outs));
    }
    default: {
      const draft = add(work, id, step, ways);
      if (step.on_failure === undefined) return follow(work, next, [{ from: draft.id, on: 'after' }]);
      draft.kind = 'verify';
      draft.success = { question: 'Did it succeed?' };
      const yes = follow(work, step.on_success ?? step.on_completion, [{ from: draft.id, on: 'yes' }]);
      const no = follow(work, step.on_failure, [{ from: draft.id, on: 'no' }]);
      return [...yes, ...no];
    }
  }
}

const after = (ways: readonly Way[]): readonly Way[] =>
  [...new Set(ways.map((way) => way.from))].map((from) => ({ from, on: 'after' }));

function question(work: Work, id: string | null, step: CacaoStep, ways: readonly Way[], text: string): Draft {
  const draft = add(work, id, step, ways);
  draft.kind = 'decision';
  draft.success = { question: `${text.slice(0, 290)}?` };
  return draft;
}

function add(work: Work, id: string | null, step: CacaoStep, ways: readonly Way[]): Draft {
  const title = clean(step.name ?? step.type).slice(0, 200) || 'Step';
  const refs = (step.external_references ?? []).flatMap((ref) => {
    const name = clean(ref.name ?? '').slice(0, 200);
    if (name === '') return [];
    return [ref.url !== undefined && isHttps(ref.url) ? { name, url: ref.url } : { name }];
  });
  const draft: Draft = {
    id: slug(title, new Set(work.drafts.map((one) => one.id))),
    phase: phaseOf(step),
    title,
    kind: 'human',
    instructions: instructionsOf(step),
    depends_on: [],
    on_success: [],
    on_failure: [],
    refs,
  };
  work.drafts.push(draft);
  if (id !== null) work.byCacaoId.set(id, draft);
  enter(work, draft, ways);
  return draft;
}

function enter(work: Work, draft: Draft, ways: readonly Way[]): void {
  for (const way of ways) {
    const from = work.drafts.find((one) => one.id === way.from)!;
    const isEarlier = work.drafts.indexOf(draft) <= work.drafts.indexOf(from);
    if (way.on === 'no' && isEarlier)
      work.warnings.push(`A way from ${from.title} back to ${draft.title} was left out.`);
    else if (way.on === 'no') push(from.on_failure, draft.id);
    else if (way.on === 'yes') push(from.on_success, draft.id);
    else push(draft.depends_on, from.id);
  }
}

function push(list: string[], id: string): void {
  if (!list.includes(id)) list.push(id);
}

function instructionsOf(step: CacaoStep): string {
  const parts = [cleanText(step.description ?? '')];
  for (const command of step.commands ?? []) {
    const { type, description, command: plain, command_b64: coded, ...rest } = command;
    const text =
      typeof plain === 'string'
        ? plain
        : typeof coded === 'string'
          ? Buffer.from(coded, 'base64').toString('utf8')
          : '';
    const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
    if (typeof description === 'string') parts.push(cleanText(description));
    if (type === 'manual') parts.push(cleanText(text));
    else parts.push(`Disabled ${clean(String(type))} command, never run by Countersign:\n${cleanText(text + more)}`);
  }
  if (step.type === 'playbook-action') parts.push(`Run the other playbook ${clean(step.playbook_id ?? '')}.`);
  const text = parts.filter((part) => part !== '').join('\n') || 'The file gives no instructions. Write them.';
  return text.length > 5900 ? `${text.slice(0, 5900)}\n(cut: the file has more)` : text;
}

function phaseOf(step: CacaoStep): string {
  const activities = (step.commands ?? []).map((command) => String(command['playbook_activity'] ?? ''));
  return activities.map((activity) => PHASES[activity]).find((phase) => phase !== undefined) ?? 'triage';
}

function headOf(work: Work, id: string): unknown {
  const { source } = work;
  const level = (source.markings ?? [])
    .map((marking) => source.data_marking_definitions?.[marking]?.tlpv2_level)
    .find(Boolean);
  const tlp = (level ?? '').replace('TLP:', '');
  const variables = Object.entries(source.playbook_variables ?? {}).map(([name, variable]) => {
    const value =
      typeof variable.value === 'string' && variable.value !== '' ? ` (in the file: ${clean(variable.value)})` : '';
    return [
      slug(name, new Set()).replaceAll('-', '_'),
      { type: 'text', ask: `${clean(variable.description ?? name)}${value}`.slice(0, 300) },
    ];
  });
  return {
    id,
    version: '0.1.0',
    name: clean(source.name).slice(0, 200) || id,
    summary: cleanText(source.description ?? '').slice(0, 5900) || 'Imported from CACAO 2.0.',
    owner_role: 'commander',
    tlp: ['RED', 'AMBER', 'AMBER+STRICT', 'GREEN', 'CLEAR'].includes(tlp) ? tlp : 'AMBER',
    types: ['imported'],
    severity_guide: {},
    applies_when: [`Imported from ${clean(source.id).slice(0, 120)}: say when it applies`],
    roles: { responder: {} },
    variables: Object.fromEntries(variables),
    steps: work.drafts.map((draft) =>
      Object.fromEntries(Object.entries(draft).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
    ),
  };
}

function slug(text: string, taken: ReadonlySet<string>): string {
  const words =
    text
      .toLowerCase()
      .normalize('NFKD')
      .match(/[a-z0-9]+/g) ?? [];
  const joined = words.join('-').slice(0, 40).replace(/-$/, '') || 'step';
  const base = /^[a-z]/.test(joined) ? joined : `s-${joined}`;
  let free = base;
  for (let n = 2; taken.has(free); n += 1) free = `${base}-${n}`;
  return free;
}

/** Foreign text on one line, without control and direction characters. */
function clean(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

function cleanText(text: string): string {
  return text
    .replace(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/g,
      ' ',
    )
    .trim();
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
