// What an auditor and an administrator type: a word about the ledger only where the ledger was looked at.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditCommand } from '../../adapters/terminal/audit.ts';
import { Misuse, Unusable } from '../../adapters/terminal/errors.ts';
import { executionsCommand } from '../../adapters/terminal/executions.ts';
import { World } from '../containment/world.ts';

const top = mkdtempSync(join(tmpdir(), 'countersign-terminal-'));
const at = (name: string): string => join(top, name);
const vkey = at('my.vkey');

beforeAll(async () => {
  const world = await (await World.make({ folder: at('data') })).open();
  const key = await world.propose();
  await world.approve('mira', key);
  await world.press('tomas', key, /carry it out/);
  await world.settle();
  await world.close(true);
  cpSync(join(at('data'), 'keys', 'ledger.key.vkey'), vkey);
  await run(auditCommand, 'export', '--out', at('export'), '--data', at('data'));
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(top, { recursive: true, force: true }));

async function run(command: typeof auditCommand, ...args: readonly string[]) {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.push(String(text));
    return true;
  });
  const status = await command.run(args);
  return { status, out: out.join('') };
}

const records = (): readonly { seq: number; type: string; body: { digest?: string; idempotencyKey?: string } }[] =>
  readFileSync(join(at('export'), 'entries.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('countersign audit', () => {
  it('finds a whole export sound, and says what that does not show', async () => {
    const { status, out } = await run(auditCommand, 'verify', at('export'), '--vkey', vkey);
    expect(status).toBe(0);
    expect(out).toMatch(/^SOUND: \d+ records/);
    expect(out).toContain('you brought no checkpoint of your own');
  });

  it('says NOT SOUND of an export that was changed, or lost a part', async () => {
    cpSync(at('export'), at('changed'), { recursive: true });
    const lines = join(at('changed'), 'entries.jsonl');
    writeFileSync(lines, readFileSync(lines, 'utf8').replace('mira', 'bosse'));
    expect(await run(auditCommand, 'verify', at('changed'), '--vkey', vkey)).toMatchObject({
      status: 1,
      out: expect.stringMatching(/^NOT SOUND \(record-changed\)/),
    });
    cpSync(at('export'), at('cut'), { recursive: true });
    rmSync(join(at('cut'), 'checkpoint'));
    expect((await run(auditCommand, 'verify', at('cut'), '--vkey', vkey)).out).toMatch(/^NOT SOUND \(bad-export\)/);
  });

  it.each([
    ['a folder that is none', () => ['verify', at('nowhere'), '--vkey', vkey], /is not a folder/],
    ['a folder that is no export', () => ['verify', at('data'), '--vkey', vkey], /is not an export/],
    [
      'a key that is none',
      () => ['verify', at('export'), '--vkey', join(at('export'), 'README.md')],
      /is not a verifier key/,
    ],
    [
      'a checkpoint that is none',
      () => ['verify', at('export'), '--vkey', vkey, '--checkpoint', vkey],
      /my\.vkey is not a checkpoint/,
    ],
    ['a missing file', () => ['check', at('none'), '--vkey', vkey], /cannot be read: there is no such file/],
    ['a folder that is taken', () => ['export', '--out', at('export'), '--data', at('data')], /is not empty/],
    ['another data folder', () => ['export', '--out', at('x'), '--data', at('none')], /is not the data folder/],
    ['a subject nobody knows', () => ['receipt', 'CA-9', '--data', at('data')], /no record is about CA-9/],
  ])('does not call a ledger unsound for %s', async (_name, args, words) => {
    await expect(run(auditCommand, ...args())).rejects.toThrow(words);
    await expect(run(auditCommand, ...args())).rejects.toBeInstanceOf(Unusable);
  });

  it('makes no folder where a rotation is asked of the wrong one', async () => {
    await expect(run(auditCommand, 'rotate', '--data', at('typo'), '--reason', 'yearly')).rejects.toThrow(
      /data folder/,
    );
    expect(existsSync(at('typo'))).toBe(false);
  });

  it('gives a receipt by incident and key, writes over nothing, and asks which one when two incidents have it', async () => {
    const args = ['receipt', 'INC-1/CA-1', '--data', at('data'), '--out', at('receipt')];
    expect((await run(auditCommand, ...args)).status).toBe(0);
    await expect(run(auditCommand, ...args)).rejects.toThrow(/exists already: name a new file/);
    expect((await run(auditCommand, 'check', at('receipt'), '--vkey', vkey)).out).toContain('"subject":"CA-1"');

    cpSync(at('data'), at('two'), { recursive: true });
    const world = await World.make({ folder: at('two') });
    await world.open();
    const where = { ...world.room, id: 'inc-2-bad-logins' };
    const form = await world.type('tomas', 'INC-2 contain isolate-host', where);
    if (form.kind !== 'form') throw new Error('no form');
    const { isolate } = await import('../containment/world.ts');
    await world.submit('tomas', form.form, isolate(), where);
    await world.settle();
    await world.close(true);
    await expect(run(auditCommand, 'receipt', 'CA-1', '--data', at('two'))).rejects.toThrow(
      /CA-1 is in INC-1 and INC-2: name the one you mean, as INC-1\/CA-1/,
    );
    expect((await run(auditCommand, 'receipt', 'INC-1/CA-1', '--data', at('two'))).out).toContain('tlog-proof');
  });
});

describe('countersign executions check', () => {
  const log = (...lines: readonly object[]): string => {
    writeFileSync(at('log.jsonl'), lines.map((l) => `${JSON.stringify(l)}\n`).join('\n'));
    return at('log.jsonl');
  };
  const check = (path: string, folder = at('export')) => run(executionsCommand, 'check', path, folder);
  const own = () => {
    const started = records().find((r) => r.type === 'execution.started');
    return { approval: started?.body.idempotencyKey ?? '', digest: started?.body.digest ?? '' };
  };

  it('passes what has its approval, and names what the ledger started and the log does not have', async () => {
    expect(await check(log(own()))).toEqual({ status: 0, out: 'One execution, with its approval\n' });
    const { status, out } = await check(log({ approval: 'INC-1/CA-7/1', digest: '00' }));
    expect(status).toBe(1);
    expect(out).toContain('INC-1/CA-7/1 ran without an approval in the ledger\n1 of 1 executions need an explanation');
    expect(out).toContain(`started by the ledger, and not in this log: ${own().approval}`);
  });

  it('shows what a log brings as text, controls and all', async () => {
    const { out } = await check(log({ approval: 'x\u001b[2J', digest: '00' }));
    expect(out).not.toContain('\u001b');
    expect(out).toContain('x\\u001b[2J ran without');
  });

  it('an empty log proves nothing, and is not called good', async () => {
    writeFileSync(at('empty.jsonl'), '\n\n');
    await expect(check(at('empty.jsonl'))).rejects.toThrow(/holds no execution, so nothing was checked/);
  });

  it('counts lines as an editor does, and says what is wrong with one', async () => {
    writeFileSync(at('bad.jsonl'), `${JSON.stringify(own())}\n\n{"a":1}\n`);
    await expect(check(at('bad.jsonl'))).rejects.toThrow(/line 3 has no "approval"/);
    writeFileSync(at('bad.jsonl'), '\n\nnot json\n');
    await expect(check(at('bad.jsonl'))).rejects.toThrow(/line 3 is not JSON/);
    await expect(check(log(own()), at('data'))).rejects.toThrow(/is not an export/);
    await expect(run(executionsCommand, 'check')).rejects.toBeInstanceOf(Misuse);
  });
});
