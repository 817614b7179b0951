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

  it('exports CACAO 2.0 and imports it again as the same playbook', async () => {
    const { status, out } = await run(['export', 'playbooks/ransomware.yaml']);
    expect(status).toBe(0);
    const file = join(mkdtempSync(join(tmpdir(), 'playbook-cacao-')), 'ransomware.json');
    writeFileSync(file, out);
    const said: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((text) => said.push(String(text)));
    const back = await run(['import', file]);
    expect(back.status).toBe(0);
    expect(said.join()).toMatch(/Save it as ransomware\.yaml/);
    expect(back.out).toContain('id: isolate-hosts');
    writeFileSync(file, 'not json');
    expect((await run(['import', file])).status).toBe(1);
    await expect(run(['import', `${file}.absent`])).rejects.toThrow(/cannot be read/);
  });

  it.each([[[]], [['publish', 'x']], [['export']], [['import', 'a', 'b']], [['check']], [['check', '--fast']]])(
    'refuses %j with the usage',
    async (args) => {
      await expect(run(args)).rejects.toMatchObject({
        usage: expect.stringMatching(/^usage: countersign playbook check/),
      });
    },
  );
});
