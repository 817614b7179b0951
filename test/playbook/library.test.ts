import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLOCK_RULE_IDS } from '../../src/notice/clocks/regimes.ts';
import { loadOrganisation } from '../../src/organisation/load.ts';
import { decidePlaybook } from '../../src/playbook/decide.ts';
import { evolvePlaybooks, noRuns } from '../../src/playbook/evolve.ts';
import { loadPlaybooks, problemText, readPlaybook } from '../../src/playbook/load.ts';
import { checkContextOf } from '../../src/playbook/organisation-rules.ts';
import { playbookJsonSchema } from '../../src/playbook/schema.ts';
import { currentSteps, outstandingSteps, type StepLine, stepLines } from '../../src/playbook/steps.ts';
import type {
  LoadedPlaybook,
  PlaybookCommand,
  PlaybookRun,
  PlaybookState,
  Variable,
} from '../../src/playbook/types.ts';
import { at, START_MS } from './given.ts';

const { organisation } = loadOrganisation(readFileSync('countersign.example.yml', 'utf8'), 'countersign.example.yml');
const shelf = loadPlaybooks('playbooks', checkContextOf(organisation, CLOCK_RULE_IDS));
const library = [...shelf.playbooks.values()];
const byName = library.map((loaded) => [loaded.playbook.id, loaded] as const);

describe('the playbook library', () => {
  it('loads every file without a problem, with the actions, approvers, clocks and audiences of the sample organisation', () => {
    expect(shelf.problems.map(problemText)).toEqual([]);
  });

  it('has the ten playbooks and one exercise', () => {
    expect([...shelf.playbooks.keys()].sort()).toEqual([
      ...['compromised-credentials', 'data-exfiltration', 'denial-of-service', 'exercise-night-shift', 'insider'],
      ...['leaked-cloud-keys', 'lsass-credential-dumping', 'malware-endpoint', 'phishing-mailbox', 'ransomware'],
      'web-compromise',
    ]);
    expect(library.filter((one) => one.playbook.exercise).map((one) => one.playbook.id)).toEqual([
      'exercise-night-shift',
    ]);
  });

  it('ships the JSON Schema that the loader parses with', () => {
    expect(readFileSync('playbooks/playbook.schema.json', 'utf8')).toBe(playbookJsonSchema());
  });

  it('has a README whose example loads, and which names every key', () => {
    const readme = readFileSync('playbooks/README.md', 'utf8');
    const example = readme.split('```yaml\n')[1]!.split('```')[0]!;
    expect(readPlaybook(new TextEncoder().encode(example), 'lost-laptop.yaml', { clocks: CLOCK_RULE_IDS }).kind).toBe(
      'loaded',
    );
    const keys = new Set<string>();
    const gather = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node && typeof node.properties === 'object') {
        for (const key of Object.keys(node.properties ?? {})) if (!/^SEV/.test(key)) keys.add(key);
      }
      for (const value of Object.values(node)) gather(value);
    };
    gather(JSON.parse(playbookJsonSchema()));
    expect([...keys].filter((key) => !readme.includes(`\`${key}\``))).toEqual([]);
    for (const id of shelf.playbooks.keys()) expect(readme).toContain(`\`${id}\``);
  });

  it.each(byName)('%s points only at playbooks that exist', (_id, { playbook }) => {
    const ids = playbook.out_of_scope.map((one) => one.use).filter((use) => /^[a-z0-9-]+$/.test(use));
    for (const id of ids) expect(shelf.playbooks.has(id)).toBe(true);
  });

  it.each(byName)('%s asks to keep evidence, cites its sources, and ends with a review', (_id, { playbook }) => {
    expect(playbook.steps.some((step) => step.evidence_required.length > 0 && step.phase === 'triage')).toBe(true);
    expect(playbook.steps.flatMap((step) => step.refs).some((ref) => ref.name.startsWith('NIST'))).toBe(true);
    expect(playbook.steps.flatMap((step) => step.refs).length).toBeGreaterThan(2);
    expect(playbook.steps.at(-1)?.phase).toBe('review');
    expect(playbook.steps.some((step) => step.kind === 'notice')).toBe(true);
  });

  it.each(byName)('%s can be read aloud: no sentence is longer than a breath', (_id, { playbook }) => {
    for (const step of playbook.steps) {
      for (const sentence of step.instructions.split(/[.?!:;\n]\s/)) {
        expect(sentence.split(/\s+/).length, `${step.id}: ${sentence}`).toBeLessThanOrEqual(42);
      }
    }
  });
});

function sample(variable: Variable, pick: number): string {
  switch (variable.type) {
    case 'number':
      return '4';
    case 'yes_no':
      return pick % 2 === 0 ? 'yes' : 'no';
    case 'choice':
      return variable.choices![pick % variable.choices!.length]!;
    case 'time':
      return '2026-11-20T13:00Z';
    default:
      return 'sample-1';
  }
}

function actOn(line: StepLine, run: PlaybookRun, pick: number, n: number): readonly PlaybookCommand[] {
  const to = { runId: run.id, stepId: line.step.id };
  const values = Object.fromEntries(
    line.missing.filter((m) => m.what === 'field').map((m) => [m.id, sample(run.playbook.variables[m.id]!, pick)]),
  );
  const evidence = Object.fromEntries(line.missing.filter((m) => m.what === 'evidence').map((m) => [m.id, ['EV-1']]));
  const checks = Object.fromEntries(line.missing.filter((m) => m.what === 'check').map((m) => [m.id, 'yes' as const]));
  const fill: PlaybookCommand[] = line.missing.length > 0 ? [{ kind: 'save', ...to, values, evidence, checks }] : [];
  if (line.acts.includes('propose')) {
    return [
      ...fill,
      { kind: 'propose', ...to, proposal: `CA-${n}` },
      { kind: 'linkOutcome', ...to, proposal: `CA-${n}`, outcome: 'executed' },
    ];
  }
  if (line.acts.includes('answer'))
    return [...fill, { kind: 'answer', ...to, answer: pick % 2 === 0 ? 'yes' : 'no', reason: 'Looked at it' }];
  return [...fill, { kind: 'done', ...to, without: 'Told by phone' }];
}

function walk(loaded: LoadedPlaybook, pick: number): PlaybookRun {
  const context = at(0, { exercise: loaded.playbook.exercise, roles: ['commander'] });
  const required = Object.entries(loaded.playbook.variables).filter(([, variable]) => variable.required);
  const values = Object.fromEntries(required.map(([name, variable]) => [name, sample(variable, pick)]));
  let state: PlaybookState = noRuns;
  const play = (command: PlaybookCommand) => {
    const decided = decidePlaybook(command, state, context);
    if ('kind' in decided) throw new Error(`${loaded.playbook.id}: ${decided.message}`);
    state = decided.reduce(evolvePlaybooks, state);
  };
  play({ kind: 'start', loaded, values });
  for (let n = 1; n < 400 && state.runs[0]!.status === 'open'; n += 1) {
    const [line] = currentSteps(state.runs[0]!, START_MS);
    if (!line)
      throw new Error(
        `${loaded.playbook.id} has nothing to do and is open: ${outstandingSteps(state.runs[0]!, START_MS).map((l) => l.why)}`,
      );
    for (const command of actOn(line, state.runs[0]!, pick, n)) play(command);
  }
  return state.runs[0]!;
}

describe('a walk to the end', () => {
  it.each(byName)('of %s finishes whatever the answers are', (_id, loaded) => {
    const ways = [0, 1, 2, 3].map((pick) => walk(loaded, pick));
    expect(ways.map((run) => run.status)).toEqual(['finished', 'finished', 'finished', 'finished']);
  });

  it.each(byName)('of %s with yes settles the review and hides nothing without a reason', (_id, loaded) => {
    const lines = stepLines(walk(loaded, 0), START_MS);
    expect(lines.at(-1)?.standing).toBe('done');
    for (const line of lines) expect(line.why).toMatch(/[.!?a-z0-9]$/i);
  });

  it('sees every step of every playbook in one of the ways', () => {
    const unseen = library.flatMap((loaded) => {
      const seen = new Set(
        [0, 1, 2, 3].flatMap((pick) =>
          stepLines(walk(loaded, pick), START_MS)
            .filter((l) => l.standing !== 'hidden')
            .map((l) => l.step.id),
        ),
      );
      return loaded.playbook.steps
        .filter((step) => !seen.has(step.id))
        .map((step) => `${loaded.playbook.id}/${step.id}`);
    });
    expect(unseen).toEqual([]);
  });
});
