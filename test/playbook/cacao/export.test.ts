import { describe, expect, it } from 'vitest';
import { exportCacao } from '../../../src/playbook/cacao/export.ts';
import { importCacao } from '../../../src/playbook/cacao/import.ts';
import { loadPlaybooks, readPlaybook } from '../../../src/playbook/load.ts';
import { contain, HOSTS, loaded, S, step } from '../given.ts';
import { cacaoProblems, isCondition } from './validator.ts';

const library = [...loadPlaybooks('playbooks').playbooks.values()];
const byName = library.map((one) => [one.playbook.id, one.playbook] as const);
const context = { created: '2026-11-01T08:00:00.000Z', modified: '2026-11-20T08:00:00.000Z' };

type Workflow = Record<
  string,
  { type: string; name?: string; condition?: string; commands?: { type: string; command: string }[] }
>;
const workflowOf = (exported: Readonly<Record<string, unknown>>) => Object.values(exported['workflow'] as Workflow);

describe('the CACAO 2.0 export', () => {
  it.each(byName)('of %s is valid', (_id, playbook) => {
    expect(cacaoProblems(exportCacao(playbook, context))).toEqual([]);
  });

  it.each(byName)('of %s has every step once, and comes back without a loss', (_id, playbook) => {
    const exported = exportCacao(playbook, context);
    const actions = workflowOf(exported).filter((one) => one.type === 'action');
    expect(actions.map((one) => one.name).sort()).toEqual(playbook.steps.map((one) => one.title).sort());
    const back = importCacao(JSON.stringify(exported));
    if (back.kind === 'problems') throw new Error(back.problems.join('\n'));
    const read = readPlaybook(new TextEncoder().encode(back.yaml), `${back.id}.yaml`);
    expect(read.kind === 'loaded' && read.loaded.playbook).toEqual(playbook);
  });

  it('is the same for the same playbook, and has other ids for another', () => {
    const [first, second] = library as [(typeof library)[0], (typeof library)[0]];
    expect(exportCacao(first.playbook, context)).toEqual(exportCacao(first.playbook, context));
    expect(exportCacao(first.playbook, context)['id']).not.toBe(exportCacao(second.playbook, context)['id']);
  });

  it('holds nothing a machine would run, and says that containment needs approval', () => {
    const { playbook } = loaded(HOSTS + S + contain('c'));
    const [action] = workflowOf(exportCacao(playbook, context)).filter((one) => one.type === 'action');
    expect(action?.commands).toEqual([
      {
        type: 'manual',
        command: 'Do it. Needs approval before it is carried out: 1 named person who did not propose it.',
        playbook_activity: 'disconnect-system',
      },
    ]);
  });

  it('puts a condition around a step that is not always shown', () => {
    const yn = 'variables: { v: { type: choice, ask: Which?, choices: ["it\'s", no] } }\n';
    const { playbook } = loaded(
      `${yn}${S}${step('a', 'requires: [v], success: { question: Q? }, on_success: [b]')}${step('b', 'when: { variable: v, is: "it\'s" }')}`,
    );
    const found = workflowOf(exportCacao(playbook, context)).find((one) => one.type === 'if-condition');
    expect(found?.condition).toBe("__answer_a__:value = 'yes' AND __v__:value = 'it\\'s'");
  });

  it('says conditions in the grammar of STIX patterns', () => {
    const conditions = library.flatMap(({ playbook }) =>
      workflowOf(exportCacao(playbook, context)).flatMap((one) => one.condition ?? []),
    );
    expect(conditions.length).toBeGreaterThan(30);
    expect(conditions.filter((one) => !isCondition(one))).toEqual([]);
    const wrong = [
      "__a__ = 'x'",
      "__a__:value = 'x",
      "__a__:value = 'it's'",
      "(__a__:value = 'x'",
      '__a__:value IN ()',
      '',
    ];
    expect(wrong.filter(isCondition)).toEqual([]);
  });

  it('is not taken for valid by a validator that sees nothing', () => {
    const good = exportCacao(library[0]!.playbook, context);
    const broken: readonly (readonly [string, unknown])[] = [
      ['an unknown property', { ...good, colour: 'red' }],
      ['a missing property', { ...good, created_by: undefined }],
      ['a bad time', { ...good, created: '2026-11-01' }],
      ['a start that is not there', { ...good, workflow_start: 'start--00000000-0000-4000-8000-000000000000' }],
      ['no agents', { ...good, agent_definitions: {} }],
      ['an activity nobody does', { ...good, playbook_activities: ['map-network'] }],
      ['an undefined marking', { ...good, data_marking_definitions: {} }],
      [
        'a reference the head lacks',
        { ...good, external_references: [{ name: 'Other', url: 'https://example.test' }] },
      ],
      ['an undefined extension', { ...good, extension_definitions: {} }],
      ['undeclared variables', { ...good, playbook_variables: {} }],
    ];
    for (const [name, object] of broken) expect(cacaoProblems(object), name).not.toEqual([]);
  });
});
