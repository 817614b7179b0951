// Every export against the JSON Schemas that authors of CACAO publish. They are no part of this repository: the folder that
// CACAO_SCHEMAS names holds them, or scripts/thirdparty.mjs fetched them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportCacao } from '../../src/playbook/cacao/export.ts';
import { loadPlaybooks } from '../../src/playbook/load.ts';
import { cacaoProblems } from '../playbook/cacao/validator.ts';
import { fetched } from './fetched.ts';

const BASE = 'https://cacao.test/';
const named = process.env['CACAO_SCHEMAS'];
const there = fetched('cacao');
const folder = named ?? (there === null ? null : join(there, 'schemas'));

type Mend = (path: string, schema: AnySchemaObject) => AnySchemaObject;

/** The playbook schema, with what it refers to read when it is met. A file that is missing refuses everything. */
async function validator(ajv: Ajv | Ajv2019, mend: Mend): Promise<ValidateFunction> {
  const read = (path: string): AnySchemaObject => {
    const file = join(folder as string, path);
    if (!existsSync(file)) return { not: {} };
    // By its place, not by its own $id: that names another branch in some files.
    return { ...mend(path, JSON.parse(readFileSync(file, 'utf8')) as AnySchemaObject), $id: BASE + path };
  };
  ajv.opts.loadSchema = async (uri) => read(uri.slice(BASE.length));
  return ajv.compileAsync(read('playbook.json'));
}

const options = { strict: false, allErrors: true };
/** Draft 2019-09 is the first with `unevaluatedProperties`, which the schemas use though they declare draft 7. */
const asDraft2019: Mend = (_path, { $schema: _draft, ...schema }) => schema;
/** The closed command is the one their own manual.json extends, so it must be open, and manual.json be what is asked for. */
const withCommands: Mend = (path, schema) => {
  const mended = asDraft2019(path, schema);
  if (path === 'commands/command-data.json') delete mended['unevaluatedProperties'];
  if (path !== 'workflows/action.json') return mended;
  return JSON.parse(JSON.stringify(mended).replace('commands/command-data.json', 'commands/manual.json'));
};

const library = [...loadPlaybooks('playbooks').playbooks.values()].map(({ playbook }) => playbook);
const context = { created: '2026-11-01T08:00:00.000Z', modified: '2026-11-20T08:00:00.000Z' };
const exports = library.map((one) => [one.id, exportCacao(one, context)] as const);

describe.skipIf(folder === null)('the CACAO export before the published schemas', () => {
  let declared: ValidateFunction;
  let closed: ValidateFunction;
  let unmended: ValidateFunction;
  beforeAll(async () => {
    if (!existsSync(join(folder as string, 'playbook.json')))
      throw new Error(
        `${folder} has no playbook.json. CACAO_SCHEMAS names the folder "schemas" of cacao-json-schemas.`,
      );
    declared = await validator(new Ajv(options), (_path, schema) => schema);
    closed = await validator(new Ajv2019(options), withCommands);
    unmended = await validator(new Ajv2019(options), asDraft2019);
  });
  const problems = (check: ValidateFunction, object: unknown) => (check(object) ? [] : check.errors);

  it.each(exports)(
    'of %s passes as the schemas declare themselves, and closed against unknown properties',
    (_id, one) => {
      expect(problems(declared, one)).toEqual([]);
      expect(problems(closed, one)).toEqual([]);
    },
  );

  it.each(exports)(
    'of %s would be refused over nothing but the text of its commands, were they closed as written',
    (_id, one) => {
      const texts = structuredClone(one) as { workflow: Record<string, { commands?: { command?: string }[] }> };
      expect(problems(unmended, texts)).not.toEqual([]);
      for (const step of Object.values(texts.workflow))
        for (const command of step.commands ?? []) delete command.command;
      expect(problems(unmended, texts)).toEqual([]);
    },
  );

  it('is refused when it is broken', () => {
    const [, good] = exports[0]!;
    const workflow = good['workflow'] as Record<string, Record<string, unknown>>;
    const [id, action] = Object.entries(workflow).find(([, step]) => step['type'] === 'action')!;
    const withAction = (more: object) => ({ ...good, workflow: { ...workflow, [id]: { ...action, ...more } } });
    const broken: readonly (readonly [string, unknown])[] = [
      ['no author', { ...good, created_by: undefined }],
      ['another version', { ...good, spec_version: 'cacao-1.1' }],
      ['a bad time', { ...good, created: '2026-11-01' }],
      ['a bad identifier', { ...good, workflow_start: 'the beginning' }],
      ['an action nobody does', withAction({ agent: undefined })],
      ['an action without commands', withAction({ commands: [] })],
      ['a step that is something else', withAction({ type: 'end' })],
    ];
    for (const [name, object] of broken) {
      const sent: unknown = JSON.parse(JSON.stringify(object));
      expect(problems(declared, sent), name).not.toEqual([]);
      expect(problems(closed, sent), name).not.toEqual([]);
    }
    const unknown: readonly (readonly [string, unknown])[] = [
      ['a property nobody knows', { ...good, colour: 'red' }],
      ['a step with one', withAction({ approval: 2 })],
      ['a command with one', withAction({ commands: [{ type: 'manual', command: 'Look.', shell: 'sh' }] })],
      ['a workflow with a stranger', { ...good, workflow: { ...workflow, elsewhere: {} } }],
    ];
    for (const [name, object] of unknown) expect(problems(closed, object), name).not.toEqual([]);
  });

  it('is judged more strictly by our own validator, where the specification has rules in words', () => {
    const [, good] = exports[0]!;
    const workflow = good['workflow'] as Record<string, Record<string, unknown>>;
    const changed = (type: string, more: (step: Record<string, unknown>) => object) => {
      const [id, step] = Object.entries(workflow).find(([, one]) => one['type'] === type)!;
      return { ...good, workflow: { ...workflow, [id]: { ...step, ...more(step) } } };
    };
    const loose: readonly (readonly [string, unknown])[] = [
      [
        'one branch in parallel',
        changed('parallel', (step) => ({ next_steps: (step['next_steps'] as string[]).slice(1, 2) })),
      ],
      ['two ways on', changed('action', (step) => ({ on_success: step['on_completion'] }))],
      ['a condition of any text', changed('if-condition', () => ({ condition: 'when in doubt' }))],
      ['a reference without a place', { ...good, external_references: [{ name: 'Somewhere' }] }],
    ];
    for (const [name, object] of loose) {
      expect(problems(closed, object), name).toEqual([]);
      expect(cacaoProblems(object), name).not.toEqual([]);
    }
  });
});
