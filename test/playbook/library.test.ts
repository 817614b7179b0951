import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPlaybooks, problemText } from '../../src/playbook/load.ts';
import { playbookJsonSchema } from '../../src/playbook/schema.ts';

const shelf = loadPlaybooks('playbooks');

describe('the playbook library', () => {
  it('loads every file without a problem', () => {
    expect(shelf.problems.map(problemText)).toEqual([]);
    expect(shelf.playbooks.size).toBeGreaterThan(0);
  });

  it('ships the JSON Schema that the loader parses with', () => {
    expect(readFileSync('playbooks/playbook.schema.json', 'utf8')).toBe(playbookJsonSchema());
  });
});
