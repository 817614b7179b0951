import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { playbookCommand } from '../../adapters/terminal/playbook.ts';

const folder = mkdtempSync(join(tmpdir(), 'playbook-check-'));
afterEach(() => vi.restoreAllMocks());

async function run(args: readonly string[]): Promise<{ readonly status: number; readonly out: string }> {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.push(String(text));
    return true;
  });
  const status = await playbookCommand.run(args);
  return { status, out: out.join('') };
}

describe('countersign playbook check', () => {
  it('passes the folder of shipped playbooks, one line each', async () => {
    const { status, out } = await run(['check', 'playbooks']);
    expect(status).toBe(0);
    expect(out).toMatch(
      /^playbooks\/compromised-credentials\.yaml: Compromised credentials 1\.0\.0, \d+ steps, sha256:[0-9a-f]{64}$/m,
    );
  });

  it('prints file, line and remedy of every problem and answers 1', async () => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, 'id: broken\nversion: 1.0.0\ncolour: red\n');
    const { status, out } = await run(['check', file, join(folder, 'absent.yaml')]);
    expect(status).toBe(1);
    expect(out).toContain(`${file}:3: Unknown key colour in the file. Remove it`);
    expect(out).toContain('absent.yaml:1: The file cannot be read (ENOENT)');
    rmSync(folder, { recursive: true });
  });

  it.each([[[]], [['export', 'x']], [['check']], [['check', '--fast']]])('refuses %j with the usage', async (args) => {
    await expect(run(args)).rejects.toMatchObject({
      usage: expect.stringMatching(/^usage: countersign playbook check/),
    });
  });
});
