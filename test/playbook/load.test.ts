import { describe, expect, it } from 'vitest';
import { RULE_NAMES } from '../../src/playbook/check.ts';
import { problemText, readPlaybook, readPlaybookFile } from '../../src/playbook/load.ts';
import { read, step } from './given.ts';
import { organisation, refused } from './refused.ts';

const S = 'steps:\n';

describe('a playbook is refused at load, with file, line and remedy, for', () => {
  it.each(refused)('$name', ({ rule, line, body, says }) => {
    const one = read(body, organisation);
    const problems = one.kind === 'problems' ? one.problems : [];
    const found = problems.find((p) => p.rule === rule);
    expect(problems.map((p) => p.rule)).toContain(rule);
    expect(problemText(found!)).toMatch(says);
    expect(problemText(found!)).toMatch(/^sample\.yaml:\d+: /);
    expect(found!.line).toBe(line);
  });

  it('every rule in the table of rules', () => {
    const tested = new Set(refused.map((one) => one.rule));
    expect(RULE_NAMES.filter((name) => !tested.has(name))).toEqual([]);
  });

  it('a file name that is not its id', () => {
    const text = new TextEncoder().encode('id: other\n');
    expect(readPlaybook(text, 'sample.yaml')).toMatchObject({ kind: 'problems' });
    const named = read(
      S + step('a'),
      {},
      'id: other\nversion: 1.0.0\nname: S\nsummary: S.\nowner_role: commander\ntlp: GREEN\ntypes: [s]\nseverity_guide: {}\napplies_when: [S]\nroles: { responder: {} }\n',
    );
    expect(named.kind === 'problems' && named.problems[0]).toMatchObject({ rule: 'file-name', line: 1 });
  });

  it('bytes that are not UTF-8, files that are not there, and playbooks too large for one record', () => {
    expect(readPlaybook(new Uint8Array([0xff, 0xfe, 0]), 'sample.yaml')).toMatchObject({
      problems: [{ rule: 'not-utf8' }],
    });
    expect(readPlaybookFile('no-such.yaml')).toMatchObject({ problems: [{ rule: 'unreadable' }] });
    const many = Array.from({ length: 100 }, (_, i) => step(`s${i}`).replace('Do it.', 'x'.repeat(900))).join('');
    expect(read(S + many)).toMatchObject({ problems: [{ rule: 'too-large' }] });
  });

  it('empty, scalar, list and billion-laughs files without a throw', () => {
    for (const text of [
      '',
      '3',
      '- a\n- b',
      'a: [',
      '%YAML 3',
      '---\na: 1\n---\nb: 2',
      'a: &a [x,x]\nb: [*a,*a]',
      '\0',
    ]) {
      expect(readPlaybook(new TextEncoder().encode(text), 'sample.yaml').kind).toBe('problems');
    }
  });
});

describe('a playbook that loads', () => {
  it('has its defaults filled in and the hash of its exact bytes', () => {
    const one = read(S + step('a'));
    const other = read(`${S}${step('a')}\n`);
    if (one.kind !== 'loaded' || other.kind !== 'loaded') throw new Error('did not load');
    expect(one.loaded.playbook.steps[0]).toMatchObject({ role: 'responder', depends_on: [], requires: [] });
    expect(one.loaded.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(other.loaded.hash).not.toBe(one.loaded.hash);
  });
});
