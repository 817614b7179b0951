import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInAudiences } from '../../src/notice/audiences.ts';
import { reach } from '../../src/notice/recipients.ts';
import { openOrganisation } from '../../src/organisation/first-start.ts';
import { OrganisationError } from '../../src/organisation/load.ts';
import { isRefusal } from '../../src/refusal.ts';

function organisation(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-templates-'));
  mkdirSync(join(folder, 'words'));
  const file = join(folder, 'countersign.yml');
  writeFileSync(file, `${readFileSync('countersign.example.yml', 'utf8')}\ntemplates: words\n`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'words', name), text);
  return openOrganisation(file, 'unused');
}
const audience = (files: Readonly<Record<string, string>>, key: string) => {
  const reached = reach(key, organisation(files));
  if (isRefusal(reached)) throw new Error(reached.message);
  return reached;
};

describe('templates of an organisation', () => {
  it('put its words in place of ours', () => {
    const { audience: ours } = audience(
      {
        'customers.yml':
          'title: Our guests\nasked: [Change your password]\nneeds:\n  whatToDo: { label: Your next step, standard: Nothing. }\n',
      },
      'customers',
    );
    expect(ours.title).toBe('Our guests');
    expect(ours.asked).toEqual(['Change your password']);
    expect(ours.needs.find((n) => n.name === 'whatToDo')).toMatchObject({
      label: 'Your next step',
      standard: 'Nothing.',
    });
  });

  it('can ask for more and forbid more, and never less', () => {
    const { audience: ours, isExternal } = audience(
      {
        'customers.yml':
          'needs:\n  affected: { claim: false, standard: All is well. }\n  orders: { label: Open orders, claim: true }\nmust_not_say: { outage: say which service }\n',
      },
      'customers',
    );
    const built = builtInAudiences.get('customers');
    expect(isExternal).toBe(true);
    expect(ours.needs.find((n) => n.name === 'affected')?.isClaim).toBe(true);
    expect(ours.needs.find((n) => n.name === 'orders')).toMatchObject({ isClaim: true, isRequired: true });
    for (const rule of built?.mustNot ?? []) expect(ours.mustNot).toContainEqual(rule);
    expect(ours.mustNot).toContainEqual({ find: 'words', words: ['outage'], why: 'say which service' });
  });

  it.each([
    ['an unknown key', 'subject: Hello\n', /customers\.yml line 1: the file: .*subject/],
    ['a wrong kind', 'title: Guests\nasked: yes\n', /customers\.yml line 2: asked/],
    ['broken YAML', 'title: "Guests\n', /customers\.yml line \d/],
  ])('are refused at the start with file and line: %s', (_what, text, message) => {
    expect(() => organisation({ 'customers.yml': text })).toThrow(OrganisationError);
    expect(() => organisation({ 'customers.yml': text })).toThrow(message);
  });

  it('say so when their folder is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-templates-'));
    const file = join(folder, 'countersign.yml');
    writeFileSync(file, `${readFileSync('countersign.example.yml', 'utf8')}\ntemplates: nowhere\n`);
    expect(() => openOrganisation(file, 'unused')).toThrow(/there is no folder/);
  });
});
