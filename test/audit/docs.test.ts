import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditCommand } from '../../adapters/terminal/audit.ts';
import { settingsSchema } from '../../src/config.ts';

describe('docs/audit.md', () => {
  const text = readFileSync('docs/audit.md', 'utf8');

  it('names only commands and options that there are', () => {
    const calls = [...text.matchAll(/^ {4}countersign audit (\w+)(.*)$/gm)];
    expect(calls.map(([, verb]) => verb)).toEqual(['export', 'verify', 'receipt', 'check']);
    for (const [, verb, rest] of calls) {
      const usage = auditCommand.usage.split('\n').find((line) => line.includes(`countersign audit ${verb}`));
      for (const [option] of rest!.matchAll(/--\w+/g)) expect(usage).toContain(option);
    }
  });

  it('names only settings that there are', () => {
    const names = [...text.matchAll(/COUNTERSIGN_\w+/g)].map(([name]) => name);
    expect(names.filter((name) => !(name in settingsSchema.shape))).toEqual([]);
  });

  it('has the commands of the export, which a test runs', () => {
    const readme = readFileSync('src/audit/export-readme.ts', 'utf8');
    expect(text).toContain("{ printf '\\0'; head -n 1 entries.jsonl | tr -d '\\n'; } | sha256sum");
    expect(readme).toContain('head -n 1 entries.jsonl');
  });
});
