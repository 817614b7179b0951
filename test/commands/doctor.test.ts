import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { approverRows } from '../../src/commands/doctor.ts';
import { loadOrganisation } from '../../src/organisation/load.ts';
import { type Harness, harness, replyText } from '../harness.ts';

describe('help doctor', () => {
  let h: Harness;
  afterEach(() => h.end());

  it('names database, durability, ledger, anchors, approvers and playbooks, and what needs somebody first', async () => {
    h = await harness();
    const shown = replyText(await h.type('mira', 'help doctor'));
    for (const row of ['Database', 'Durability', 'Ledger', 'Approvers', 'Playbooks']) expect(shown).toContain(row);
    expect(shown).toMatch(/checks (are good|need somebody)/);
  });

  it('works by its own word as well', async () => {
    h = await harness();
    expect(replyText(await h.type('mira', 'doctor'))).toContain('Self test');
  });

  it('says so when nobody may approve', async () => {
    h = await harness();
    const text = readFileSync('countersign.example.yml', 'utf8').replace(/^approvers:\n(?: .*\n)+/m, 'approvers: []\n');
    const rows = approverRows(loadOrganisation(text, 'x.yml').organisation);
    expect(rows[0]).toMatchObject({ state: 'bad' });
    expect(rows[0]?.says).toContain('Nobody may approve');
  });
});
