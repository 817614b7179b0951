import { describe, expect, it } from 'vitest';
import { RULE_NAMES } from '../../src/playbook/check.ts';
import { problemText, readPlaybook, readPlaybookFile } from '../../src/playbook/load.ts';
import type { CheckContext } from '../../src/playbook/rule.ts';
import { contain, HOSTS, read, step } from './given.ts';

const organisation: CheckContext = {
  actionTypes: new Set(['isolate-host']),
  adapters: new Set(['edr']),
  eligible: () => 2,
  clocks: new Set(['gdpr-authority']),
  audiences: new Set(['executive']),
};

interface Refused {
  readonly name: string;
  readonly rule: string;
  readonly line: number;
  readonly body: string;
  readonly says: RegExp;
}

const S = 'steps:\n';
const YN = 'variables: { v: { type: yes_no, ask: Is it? } }\n';
const refused: readonly Refused[] = [
  {
    name: 'an unknown key in a step',
    rule: 'unknown-key',
    line: 12,
    body: S + step('a', 'colour: red'),
    says: /Unknown key colour in steps\.0\. Remove it/,
  },
  {
    name: 'an unknown key at the top',
    rule: 'unknown-key',
    line: 11,
    body: `author: me\n${S}${step('a')}`,
    says: /Unknown key author/,
  },
  {
    name: 'a text broken by a comma inside braces',
    rule: 'unknown-key',
    line: 12,
    body: S + step('a', 'success: { question: Is it on, and whole? }'),
    says: /double quotes/,
  },
  {
    name: 'a step that starts a clock',
    rule: 'starts-clock',
    line: 12,
    body: S + step('a', 'start_clock: gdpr-authority'),
    says: /a person does: write clocks_suggested/,
  },
  {
    name: 'a missing key',
    rule: 'shape',
    line: 12,
    body: `${S}  - { id: a, phase: triage, title: A, kind: human }\n`,
    says: /steps\.0\.instructions is missing. Add instructions/,
  },
  { name: 'a wrong word', rule: 'shape', line: 12, body: S + step('a', 'role: boss'), says: /steps\.0\.role/ },
  { name: 'a duration nobody can read', rule: 'shape', line: 12, body: S + step('a', 'due: soon'), says: /due/ },
  {
    name: 'a key written twice',
    rule: 'yaml',
    line: 12,
    body: `${S}  - { id: a, id: b }\n`,
    says: /strict YAML: Map keys must be unique/,
  },
  {
    name: 'an anchor and its alias',
    rule: 'yaml',
    line: 12,
    body: `${S}  - &x { id: a }\n  - *x\n`,
    says: /Anchors and aliases/,
  },
  { name: 'a tag', rule: 'yaml', line: 12, body: `${S}  - !!js/function x\n`, says: /strict YAML/ },
  {
    name: 'two steps with one id',
    rule: 'duplicate-step',
    line: 13,
    body: S + step('a') + step('a'),
    says: /id of its own/,
  },
  {
    name: 'containment without approval',
    rule: 'containment-without-approval',
    line: 13,
    body: HOSTS + S + contain('c').replace('approval: { quorum: 1 }, ', ''),
    says: /waits for a named human/,
  },
  {
    name: 'containment without a rollback',
    rule: 'containment-without-approval',
    line: 13,
    body: HOSTS + S + contain('c').replace(', rollback: { none: By hand. }', ''),
    says: /has no rollback/,
  },
  {
    name: 'an action outside a containment step',
    rule: 'action-outside-containment',
    line: 13,
    body: HOSTS + S + step('a', 'action: { type: isolate-host, targets: { variables: [hosts] } }'),
    says: /Only a containment step acts/,
  },
  {
    name: 'self-approval',
    rule: 'self-approval',
    line: 13,
    body: HOSTS + S + contain('c').replace('quorum: 1', 'quorum: 1, forbid: [requester]'),
    says: /Put proposer into forbid/,
  },
  {
    name: 'a quorum over the eligible',
    rule: 'quorum',
    line: 13,
    body: HOSTS + S + contain('c').replace('quorum: 1', 'quorum: 3'),
    says: /3 approvers and 2 may approve/,
  },
  {
    name: 'an irreversible action with one approver',
    rule: 'quorum',
    line: 13,
    body:
      HOSTS +
      S +
      contain('c', 'pre_checks: [{ id: evidence-preserved, question: Kept? }]').replace(
        ': reversible',
        ': irreversible',
      ),
    says: /Write quorum: 2/,
  },
  {
    name: 'an unknown action type',
    rule: 'unknown-action',
    line: 13,
    body: HOSTS + S + contain('c').replace('type: isolate-host', 'type: wipe-host'),
    says: /Use one of: isolate-host/,
  },
  {
    name: 'an unknown adapter',
    rule: 'unknown-action',
    line: 13,
    body: HOSTS + S + contain('c').replace('executor: human', 'executor: { adapter: magic }'),
    says: /no adapter magic/,
  },
  {
    name: 'irreversible without an evidence-preserved check',
    rule: 'irreversible-unprotected',
    line: 13,
    body: HOSTS + S + contain('c').replace(': reversible', ': irreversible').replace('quorum: 1', 'quorum: 2'),
    says: /evidence-preserved/,
  },
  {
    name: 'a containment with no targets',
    rule: 'targets',
    line: 13,
    body: HOSTS + S + contain('c').replace('targets: { variables: [hosts] }', 'targets: {}'),
    says: /names no targets/,
  },
  {
    name: 'an undeclared target variable',
    rule: 'targets',
    line: 13,
    body: HOSTS + S + contain('c').replace('targets: { variables: [hosts] }', 'targets: { variables: [nets] }'),
    says: /nets is not declared/,
  },
  {
    name: 'a dangling dependency',
    rule: 'dangling',
    line: 12,
    body: S + step('a', 'depends_on: [ghost]'),
    says: /ghost, which is no step/,
  },
  {
    name: 'a dangling rollback',
    rule: 'dangling',
    line: 13,
    body: HOSTS + S + contain('c', 'rollback: { step: ghost }'),
    says: /ghost, which is no step/,
  },
  {
    name: 'a rollback that is no containment',
    rule: 'rollback',
    line: 13,
    body: HOSTS + S + contain('c', 'rollback: { step: a }') + step('a'),
    says: /Undoing a containment is a containment/,
  },
  {
    name: 'a branch without a question',
    rule: 'branch-without-question',
    line: 12,
    body: S + step('a', 'on_success: [b]') + step('b'),
    says: /Add success with a question/,
  },
  {
    name: 'a decision without a question',
    rule: 'branch-without-question',
    line: 12,
    body: S + step('a').replace('kind: human', 'kind: decision'),
    says: /is a decision and asks no question/,
  },
  {
    name: 'an assistant that does more than draft',
    rule: 'assistant',
    line: 12,
    body: S + step('a', 'assistant: { allowed: true, task: isolate-host, verify_by: responder }'),
    says: /more than a draft/,
  },
  {
    name: 'an assistant in a containment step',
    rule: 'assistant',
    line: 13,
    body: HOSTS + S + contain('c', 'assistant: { allowed: true, task: draft-notice, verify_by: responder }'),
    says: /may not take part/,
  },
  {
    name: 'a draft nobody verifies',
    rule: 'assistant',
    line: 12,
    body: S + step('a').replace('kind: human', 'kind: assistant_draft'),
    says: /task and verify_by/,
  },
  {
    name: 'a collect step without evidence',
    rule: 'evidence',
    line: 12,
    body: S + step('a').replace('kind: human', 'kind: collect'),
    says: /Add evidence_required/,
  },
  {
    name: 'a notice without an audience',
    rule: 'notice',
    line: 12,
    body: S + step('a').replace('kind: human', 'kind: notice'),
    says: /names no audience/,
  },
  {
    name: 'an unknown audience',
    rule: 'notice',
    line: 12,
    body: S + step('a', 'notices: [{ audience: aliens }]'),
    says: /no audience aliens/,
  },
  {
    name: 'an unknown clock',
    rule: 'clocks',
    line: 12,
    body: S + step('a', 'clocks_suggested: [gdp]'),
    says: /Use one of: gdpr-authority/,
  },
  {
    name: 'a choice without choices',
    rule: 'choices-missing',
    line: 11,
    body: `variables: { v: { type: choice, ask: Which? } }\n${S}${step('a')}`,
    says: /choice without choices/,
  },
  {
    name: 'a condition on nothing',
    rule: 'condition',
    line: 12,
    body: S + step('a', 'when: { is: yes }'),
    says: /one of the two/,
  },
  {
    name: 'a condition with two tests',
    rule: 'condition',
    line: 14,
    body: YN + S + step('a', 'requires: [v]') + step('b', 'when: { variable: v, is: yes, is_not: no }'),
    says: /exactly one test/,
  },
  {
    name: 'a condition that is never true',
    rule: 'condition',
    line: 14,
    body: YN + S + step('a', 'requires: [v]') + step('b', 'when: { variable: v, is: maybe }'),
    says: /v is never maybe/,
  },
  {
    name: 'a condition nobody can answer',
    rule: 'condition',
    line: 13,
    body: YN + S + step('b', 'when: { variable: v, is: yes }'),
    says: /Nobody is asked for v before b/,
  },
  {
    name: 'a condition on an answer a step never gives',
    rule: 'condition',
    line: 13,
    body: S + step('a') + step('b', 'when: { step: a, outcome: yes }'),
    says: /never answered yes/,
  },
  {
    name: 'an undeclared variable',
    rule: 'variables',
    line: 12,
    body: S + step('a', 'requires: [v]'),
    says: /v, which is not declared/,
  },
  {
    name: 'a cycle',
    rule: 'cycle',
    line: 12,
    body: S + step('a', 'depends_on: [b]') + step('b', 'depends_on: [a]'),
    says: /in a circle: a -> b -> a/,
  },
  {
    name: 'a cycle through a condition',
    rule: 'cycle',
    line: 12,
    body: S + step('a', 'when: { step: b, outcome: done }') + step('b', 'depends_on: [a]'),
    says: /in a circle/,
  },
  {
    name: 'an unbounded loop',
    rule: 'unbounded-loop',
    line: 13,
    body: S + step('a', 'next: [b]') + step('b', 'success: { question: Gone? }, on_failure: [a]'),
    says: /without a bound. Add max_attempts/,
  },
  {
    name: 'a loop to a step that does not lead here',
    rule: 'unbounded-loop',
    line: 13,
    body: S + step('a') + step('b', 'success: { question: Gone? }, on_failure: [a], max_attempts: 3'),
    says: /does not lead to it/,
  },
  {
    name: 'a step that waits for a rollback',
    rule: 'unreachable',
    line: 15,
    body: HOSTS + S + contain('c', 'rollback: { step: d }') + contain('d') + step('e', 'depends_on: [d]'),
    says: /only runs to undo/,
  },
  {
    name: 'a step behind a branch that excludes it',
    rule: 'unreachable',
    line: 13,
    body: S + step('a', 'success: { question: Q? }, on_failure: [b]') + step('b', 'when: { step: a, outcome: yes }'),
    says: /can never be reached/,
  },
  {
    name: 'a role the playbook does not ask for',
    rule: 'roles',
    line: 12,
    body: S + step('a', 'role: liaison'),
    says: /Add liaison under roles/,
  },
];

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
