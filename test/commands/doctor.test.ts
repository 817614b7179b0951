import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { openAiAssistant } from '../../src/assist/openai.ts';
import type { Assistant } from '../../src/assist/types.ts';
import { approverRows } from '../../src/commands/doctor.ts';
import { loadOrganisation } from '../../src/organisation/load.ts';
import { playbookFolder } from '../../src/playbook/shelf.ts';
import { Scheduler } from '../../src/schedule/scheduler.ts';
import { type Harness, harness, replyText } from '../harness.ts';

describe('help doctor', () => {
  let h: Harness;
  afterEach(() => h.end());

  it('names database, durability, ledger, anchors, approvers and playbooks, and what needs somebody first', async () => {
    h = await harness();
    const shown = replyText(await h.type('mira', 'help doctor'));
    for (const row of ['Database', 'Durability', 'Ledger', 'Inbox', 'Approvers', 'Playbooks', 'Assistant'])
      expect(shown).toContain(row);
    expect(shown).toMatch(/checks (are good|need somebody)/);
  });

  it('says where the playbooks are missing and what to do, and everything else goes on', async () => {
    h = await harness({ playbooks: 'no-such-folder' });
    expect(replyText(await h.type('mira', 'help doctor'))).toMatch(
      /Playbooks.*BROKEN.*no-such-folder.*cannot be read \(ENOENT\).*COUNTERSIGN_PLAYBOOKS/s,
    );
    const { in: where } = await h.open('mira');
    expect(replyText(await h.type('mira', 'status', { in: where }))).toContain('INC-1');
    expect(playbookFolder('playbooks', '/shipped')).toBe('playbooks');
    expect(playbookFolder('no-such-folder', '/shipped')).toBe('no-such-folder');
  });

  it('works by its own word as well', async () => {
    h = await harness();
    expect(replyText(await h.type('mira', 'doctor'))).toContain('Self test');
  });

  it('says of a model whether it can be reached, and that the built-in rules answer when it cannot', async () => {
    const model = (check: () => Promise<string | null>): Assistant => ({
      name: 'model scripted',
      isModel: true,
      check,
      answer: async () => ({ kind: 'failed', why: 'off', message: '', tokens: 0 }),
    });
    h = await harness({ model: model(async () => null) });
    expect(replyText(await h.type('mira', 'help doctor'))).toContain('model scripted answers');
    await h.end();
    const gone = openAiAssistant({
      key: '',
      url: 'http://127.0.0.1:9/v1',
      model: 'gone',
      timeoutMs: 500,
      retries: 0,
      now: Date.now,
    });
    h = await harness({ model: gone });
    expect(replyText(await h.type('mira', 'help doctor'))).toMatch(
      /cannot be reached. Check COUNTERSIGN_ASSISTANT_URL.*built-in rules answer/,
    );
  });

  it('is red while nobody looks for what is due', async () => {
    h = await harness();
    const scheduler = new Scheduler({
      services: h.services,
      duties: [],
      log: pino({ level: 'silent' }),
      nudge: () => {},
    });
    expect(scheduler.doctorRow()).toMatchObject({ state: 'bad' });
    scheduler.start();
    await scheduler.tick();
    expect(scheduler.doctorRow()).toMatchObject({ state: 'good' });
    h.clock.now += 120_000;
    expect(scheduler.doctorRow()).toMatchObject({ state: 'bad' });
    expect(scheduler.doctorRow().says).toContain('120 s');
    await scheduler.stop();
  });

  it('abuse A12: says so when nobody may approve, and when nobody is to spare', async () => {
    h = await harness();
    const text = readFileSync('countersign.example.yml', 'utf8').replace(/^approvers:\n(?: .*\n)+/m, 'approvers: []\n');
    const rows = approverRows(loadOrganisation(text, 'x.yml').organisation);
    expect(rows[0]).toMatchObject({ state: 'bad' });
    expect(rows[0]?.says).toContain('Nobody may approve');
    const sample = readFileSync('countersign.example.yml', 'utf8');
    const one = approverRows(
      loadOrganisation(sample.replace('people: [mira, ife]', 'people: [mira]'), 'x.yml').organisation,
    );
    expect(one).toMatchObject([{ state: 'warning' }]);
    expect(one[0]?.says).toMatch(/Just enough approvers for .*isolate-host/);
    expect(approverRows(loadOrganisation(sample, 'x.yml').organisation)).toMatchObject([{ state: 'good' }]);
  });
});
