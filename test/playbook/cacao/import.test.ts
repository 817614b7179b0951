import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importCacao } from '../../../src/playbook/cacao/import.ts';
import { readPlaybook } from '../../../src/playbook/load.ts';
import type { Playbook } from '../../../src/playbook/types.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const A = (n: number) => `action--${uuid(n)}`;
const END = `end--${uuid(900)}`;
const START = `start--${uuid(901)}`;
const end = (n: number) => `end--${uuid(910 + n)}`;

const action = (name: string, next: string, more: object = {}) => ({
  type: 'action',
  name,
  commands: [{ type: 'manual', command: `Do ${name}.` }],
  agent: `individual--${uuid(950)}`,
  on_completion: next,
  ...more,
});

function file(first: string, workflow: object, more: object = {}): string {
  return JSON.stringify({
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${uuid(999)}`,
    name: 'Borrowed playbook',
    created_by: `identity--${uuid(998)}`,
    created: '2024-01-01T00:00:00.000Z',
    modified: '2024-01-01T00:00:00.000Z',
    workflow_start: START,
    workflow: { [START]: { type: 'start', on_completion: first }, [END]: { type: 'end' }, ...workflow },
    ...more,
  });
}

function read(text: string): { readonly playbook: Playbook; readonly warnings: readonly string[] } {
  const imported = importCacao(text);
  if (imported.kind === 'problems') throw new Error(imported.problems.join('\n'));
  const one = readPlaybook(new TextEncoder().encode(imported.yaml), `${imported.id}.yaml`);
  if (one.kind === 'problems') throw new Error('does not load');
  return { playbook: one.loaded.playbook, warnings: imported.warnings };
}

const shape = (playbook: Playbook) =>
  playbook.steps.map((s) => [s.id, [...s.depends_on], [...s.on_success], [...s.on_failure]]);

describe('a CACAO 2.0 import', () => {
  it('disables every action: commands of machines become text, and nothing is containment', () => {
    const commands = [
      { type: 'ssh', command: 'iptables -A INPUT -s 203.0.113.9 -j DROP' },
      { type: 'bash', command_b64: Buffer.from('rm -rf /srv/app').toString('base64') },
      { type: 'openc2-http', headers: {}, content: '{"action":"deny"}' },
      { type: 'http-api', command: 'POST /block' },
      { type: 'powershell', command: 'Stop-Computer' },
    ];
    const { playbook, warnings } = read(file(A(1), { [A(1)]: action('Block it', END, { commands }) }));
    const [only] = playbook.steps;
    expect(only).toMatchObject({ kind: 'human' });
    expect(only?.action).toBeUndefined();
    expect(only?.instructions).toContain('Disabled ssh command, never run by Countersign:\niptables -A INPUT');
    expect(only?.instructions).toContain('rm -rf /srv/app');
    expect(only?.instructions.match(/Disabled/g)).toHaveLength(5);
    expect(warnings[0]).toMatch(/containment step before you use this/);
  });

  it('keeps the order of a line of steps', () => {
    const { playbook } = read(
      file(A(1), { [A(1)]: action('One', A(2)), [A(2)]: action('Two', A(3)), [A(3)]: action('Three', END) }),
    );
    expect(shape(playbook)).toEqual([
      ['one', [], [], []],
      ['two', ['one'], [], []],
      ['three', ['two'], [], []],
    ]);
  });

  it('opens parallel branches together and joins them again', () => {
    const parallel = { type: 'parallel', next_steps: [A(2), A(3)], on_completion: A(4) };
    const { playbook } = read(
      file(A(1), {
        [A(1)]: action('One', `parallel--${uuid(5)}`),
        [`parallel--${uuid(5)}`]: parallel,
        [A(2)]: action('Left', end(1)),
        [A(3)]: action('Right', end(2)),
        [A(4)]: action('Join', END),
        [end(1)]: { type: 'end' },
        [end(2)]: { type: 'end' },
      }),
    );
    expect(shape(playbook)).toEqual([
      ['one', [], [], []],
      ['left', ['one'], [], []],
      ['right', ['one'], [], []],
      ['join', ['left', 'right'], [], []],
    ]);
  });

  it('turns an if into a decision with both ways, and goes on after either', () => {
    const condition = {
      type: 'if-condition',
      name: 'Is it bad',
      condition: "__ip__:value = '203.0.113.9'",
      on_true: A(1),
      on_false: A(2),
      on_completion: A(3),
    };
    const { playbook } = read(
      file(`if-condition--${uuid(7)}`, {
        [`if-condition--${uuid(7)}`]: condition,
        [A(1)]: action('Yes', end(1)),
        [A(2)]: action('No', end(2)),
        [A(3)]: action('Then', END),
        [end(1)]: { type: 'end' },
        [end(2)]: { type: 'end' },
      }),
    );
    expect(playbook.steps[0]).toMatchObject({
      kind: 'decision',
      success: { question: "Is this true: __ip__:value = '203.0.113.9'?" },
    });
    expect(shape(playbook)).toEqual([
      ['is-it-bad', [], ['yes'], ['no']],
      ['yes', [], [], []],
      ['no', [], [], []],
      ['then', ['is-it-bad', 'yes', 'no'], [], []],
    ]);
  });

  it('writes a branch out once for each way that leads to it, as a public example of SOARCA shares one', () => {
    const IF = `if-condition--${uuid(1)}`;
    const WHILE = `while-condition--${uuid(2)}`;
    const SWITCH = `switch-condition--${uuid(3)}`;
    const { playbook, warnings } = read(
      file(IF, {
        [IF]: { type: 'if-condition', condition: 'a', on_true: A(1), on_false: A(2), on_completion: WHILE },
        [WHILE]: { type: 'while-condition', condition: 'b <= 10', on_true: A(2), on_completion: SWITCH },
        [SWITCH]: { type: 'switch-condition', switch: 'c', cases: { 0: A(2), default: A(1) }, on_completion: END },
        [A(1)]: action('One', end(1)),
        [A(2)]: action('Two', end(2)),
        [end(1)]: { type: 'end' },
        [end(2)]: { type: 'end' },
      }),
    );
    const titles = playbook.steps.map((s) => s.title);
    expect(titles.filter((t) => t === 'One')).toHaveLength(2);
    expect(titles.filter((t) => t === 'Two')).toHaveLength(3);
    expect(warnings).toContain('Two belongs to more than one branch and stands here once for each.');
    expect(playbook.steps.find((s) => s.id === 'choose-0')?.on_success).toEqual(['two-3']);
  });

  it('gives a while loop a bound, and says so', () => {
    const loop = {
      type: 'while-condition',
      name: 'Until quiet',
      condition: '__noise__:value > 3',
      on_true: A(1),
      on_completion: A(2),
    };
    const { playbook, warnings } = read(
      file(`while-condition--${uuid(7)}`, {
        [`while-condition--${uuid(7)}`]: loop,
        [A(1)]: action('Turn it down', end(1)),
        [A(2)]: action('Rest', END),
        [end(1)]: { type: 'end' },
      }),
    );
    expect(playbook.steps.find((s) => s.max_attempts)).toMatchObject({ max_attempts: 5, on_failure: ['turn-it-down'] });
    expect(warnings.join(' ')).toMatch(/ends after 5 rounds/);
  });

  it('turns a switch into questions, one after the other', () => {
    const choose = {
      type: 'switch-condition',
      name: 'Kind',
      switch: '__kind__:value',
      cases: { red: A(1), green: A(2), default: A(3) },
      on_completion: END,
    };
    const { playbook } = read(
      file(`switch-condition--${uuid(7)}`, {
        [`switch-condition--${uuid(7)}`]: choose,
        [A(1)]: action('Red', end(1)),
        [A(2)]: action('Green', end(2)),
        [A(3)]: action('Other', end(3)),
        ...Object.fromEntries([1, 2, 3].map((n) => [end(n), { type: 'end' }])),
      }),
    );
    expect(playbook.steps.map((s) => s.id)).toEqual(['kind-red', 'red', 'kind-green', 'green', 'other']);
    expect(playbook.steps[2]).toMatchObject({ kind: 'decision', on_success: ['green'], on_failure: ['other'] });
  });

  it('takes on_failure of an action as a question, and drops a way back with a warning', () => {
    const { playbook, warnings } = read(
      file(A(1), {
        [A(1)]: action('Try', END, { on_completion: undefined, on_success: A(2), on_failure: A(3) }),
        [A(2)]: action('Good', END),
        [A(3)]: action('Bad', A(1)),
      }),
    );
    expect(playbook.steps[0]).toMatchObject({ kind: 'verify', on_success: ['good'], on_failure: ['bad'] });
    expect(warnings.join(' ')).toMatch(/way back to Try was left out/);
  });

  it('names a step that is never reached, and other playbooks', () => {
    const other = { type: 'playbook-action', name: 'Call it', playbook_id: `playbook--${uuid(3)}`, on_completion: END };
    const { playbook, warnings } = read(
      file(`playbook-action--${uuid(1)}`, { [`playbook-action--${uuid(1)}`]: other, [A(9)]: action('Lonely', END) }),
    );
    expect(playbook.steps[0]?.instructions).toContain(`Run the other playbook playbook--${uuid(3)}`);
    expect(warnings.join(' ')).toMatch(/Lonely is reached by no step/);
  });

  it('reads the marking, and cleans control and direction characters out of foreign text', () => {
    const marking = `marking-tlp--${uuid(4)}`;
    const { playbook } = read(
      file(
        A(1),
        { [A(1)]: action('Plain \u202e\u0000\u001b[31m name', END) },
        { markings: [marking], data_marking_definitions: { [marking]: { tlpv2_level: 'TLP:GREEN' } } },
      ),
    );
    expect(playbook.tlp).toBe('GREEN');
    expect(playbook.steps[0]?.title).toBe('Plain [31m name');
  });

  it.each([
    ['no JSON', 'hello', /not JSON/],
    ['another version', JSON.stringify({ type: 'playbook', spec_version: '1.0' }), /spec_version/],
    [
      'too many steps',
      file(A(1), Object.fromEntries(Array.from({ length: 120 }, (_, n) => [A(n), action('x', END)]))),
      /at most 100/,
    ],
    ['too much text', ' '.repeat(1_000_001), /over 1000000 characters/],
    ['no steps', file(END, {}), /steps/],
  ])('refuses %s with a sentence', (_name, text, says) => {
    const imported = importCacao(text);
    expect(imported.kind === 'problems' && imported.problems.join(' ')).toMatch(says);
  });

  it('answers for every graph, without a throw and without a hang', () => {
    const targets = fc.integer({ min: 0, max: 7 });
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('action', 'parallel', 'if-condition', 'while-condition', 'switch-condition'),
            targets,
            targets,
            targets,
          ),
          { minLength: 8, maxLength: 8 },
        ),
        (nodes) => {
          const idOf = (n: number) => (n === 7 ? END : `${nodes[n]![0]}--${uuid(n)}`);
          const workflow = Object.fromEntries(
            nodes.slice(0, 7).map(([type, a, b, c], n) => [
              `${type}--${uuid(n)}`,
              {
                type,
                name: `N${n}`,
                on_completion: idOf(a),
                next_steps: [idOf(b), idOf(c)],
                condition: 'x',
                on_true: idOf(b),
                on_false: idOf(c),
                switch: 'x',
                cases: { a: idOf(b), default: idOf(c) },
                commands: [],
              },
            ]),
          );
          const imported = importCacao(file(idOf(0), workflow));
          if (imported.kind === 'problems') expect(imported.problems.length).toBeGreaterThan(0);
          else expect(imported.warnings.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
