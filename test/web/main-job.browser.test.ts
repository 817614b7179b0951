// The product's main job, by three people in three browsers against the real compiled program on a folder of its own.
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASTES } from '../../src/incident/demo/demo.ts';
import { chromiumPath, launch } from './browser.ts';
import { type PersonAtWork, personAt } from './person.ts';
import { createGround, type Ground, type Program } from './server.ts';

const CHANNEL = 'inc-1-guessed-password-on-web-01';

describe.skipIf(chromiumPath === null)('the main job, from the first sign to the notice', { timeout: 60_000 }, () => {
  let ground: Ground;
  let program: Program;
  let browser: Browser;
  /** Commander, who opens and proposes. */
  let mira: PersonAtWork;
  /** Responder, who is no approver. */
  let tomas: PersonAtWork;
  /** Approver. */
  let ife: PersonAtWork;

  beforeAll(async () => {
    ground = createGround();
    program = await ground.start();
    browser = await launch();
    mira = await personAt(browser, program.address, 'mira', ground.passcode('mira'));
    tomas = await personAt(browser, program.address, 'tomas', ground.passcode('tomas'));
    ife = await personAt(browser, program.address, 'ife', ground.passcode('ife'));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await program?.kill();
    ground?.remove();
  });

  it('opens an incident with a channel of its own and a pinned card', async () => {
    await mira.open('general');
    await mira.type('/ir open');
    await mira.fill({ 'What is wrong': 'Guessed password on web-01' });
    await mira.sees('INC-1 is open');
    await mira.open(CHANNEL);
    await tomas.open(CHANNEL);
    for (const { page } of [mira, tomas]) {
      const card = page.getByRole('complementary', { name: 'Pinned' });
      await card.getByRole('heading', { name: 'INC-1 Guessed password on web-01' }).waitFor();
      expect(await card.locator('.pinned').count()).toBe(1);
    }
  });

  it.each(DEMO_PASTES.map((paste, index) => [paste.name, paste, index] as const))(
    'reads the paste %s, accounts for every line, and adds what was chosen',
    async (_name, paste, index) => {
      const key = `EV-${index + 1}`;
      await mira.paste(paste.text);
      const receipt = await mira.sees(new RegExp(`Evidence${key}`));
      await receipt.getByRole('button', { name: 'Preview and add' }).waitFor();
      const lines = paste.text.split('\n').length - (paste.text.endsWith('\n') ? 1 : 0);
      expect(await receipt.textContent()).toContain(`${lines} = `);
      await mira.press('Preview and add', receipt);
      await mira.fill({});
      await mira.sees(new RegExp(`events of ${key} were put on the timeline`));
      await tomas.sees(new RegExp(`Evidence${key}[\\s\\S]*(?:events are|is) on the timeline\\.`));
    },
  );

  it('adds the same bytes only once', async () => {
    await mira.paste(DEMO_PASTES[0]?.text ?? '');
    await mira.sees(/nothing was added twice/);
  });

  it('puts a manual event on the timeline and says how its time was read', async () => {
    await mira.type('/ir timeline add Night shift called the on-call at 2026-11-20T01:35+01:00');
    await mira.sees(/TE-1 is on record at 2026-11-20 00:35:00Z/);
    await mira.type('/ir timeline');
    const timeline = await mira.sees('Accepted password for svc-backup');
    expect(await timeline.textContent()).toContain('203[.]0[.]113[.]66');
    const way = timeline.locator('tr', { hasText: 'Accepted password for svc-backup' });
    expect(await way.locator('strong').first().textContent()).toMatch(/^Login after 99 failures/);
    expect(await way.locator('time').textContent()).toMatch(/\d\d:\d\d:\d\d$/);
  });

  it('enlarges a table to the width of the window, its buttons with it', async () => {
    const narrow = (await mira.page.locator('.messages table').last().boundingBox())?.width ?? 0;
    await mira.press('Enlarge');
    const dialog = mira.page.locator('#dialog');
    expect((await dialog.locator('table').last().boundingBox())?.width).toBeGreaterThan(narrow * 1.3);
    await mira.press('Only what matters', dialog);
    await dialog.waitFor({ state: 'hidden' });
    const telling = await mira.sees(/filtered by is:important/);
    // The way in is a login, harmless by its own words: it must never be what is left out.
    expect(await telling.textContent()).toContain('Accepted password for svc-backup');
  });

  it('walks a playbook: done with what it asks for, and skipped with a reason', async () => {
    await mira.type('/ir step start compromised-credentials');
    await tomas.sees(/0 of \d+ steps settled/);
    await tomas.press('Done');
    await tomas.fill({ 'Did you speak to the owner': 'no', 'How did they get in': 'unknown' });
    await mira.sees(/1 of \d+ steps settled/);
    await mira.press('Skip');
    await mira.fill({ Why: 'Nobody to ask at this hour' });
    await tomas.sees(/2 of \d+ steps settled/);
  });

  it('past F6: lets nobody but an approver approve, and never the one who proposed', async () => {
    await mira.type('/ir contain disable-account svc-backup');
    await mira.fill({ 'Why now': 'Used by a stranger since 22:47Z', 'Who carries it out': 'Mira Sample' });
    await tomas.press(/^Approve disable account/);
    await tomas.sees(/You are not among those who may approve this/);
    await mira.press(/^Approve disable account/);
    await mira.sees(/Only you can see this.*(propos|not among)/is);
    await ife.page
      .getByText(/CA-1 disable account svc-backup/)
      .first()
      .waitFor();
    expect(await (await mira.sees('CA-1 Disable account')).textContent()).not.toContain('Approved by');
  });

  it('records the approval of the right person for everybody, and the outcome beside it', async () => {
    await ife.open(CHANNEL);
    await ife.press(/^Approve disable account/);
    for (const person of [mira, tomas, ife])
      await person.page
        .getByText(/Approved by\s+Ife Sample/)
        .first()
        .waitFor();
    await mira.press('I carry it out now');
    await tomas.page
      .getByText(/Started by\s+Mira Sample/)
      .first()
      .waitFor();
    await mira.press('Record the outcome');
    await mira.fill({
      It: 'was done, as approved',
      'What you did': 'Disabled in the directory; a sign-in was refused',
    });
    await tomas.page
      .getByText(/Disabled in the directory/)
      .first()
      .waitFor();
    expect(await tomas.page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
  });

  it('drafts a notice from the record; reviewing it and sending it are two acts', async () => {
    await mira.type('/ir notice draft executive');
    await mira.sees(/Executives, version 1.*DRAFT, not reviewed/s);
    await mira.press('Review');
    await mira.fill({});
    await tomas.sees(/Executives, version 1\s*REVIEWED by Mira Sample, NOT SENT/);
    await mira.press('Send');
    await mira.fill({ 'How you sent it': 'Read out to the managing director on the phone' });
    await tomas.sees(/Executives, version 1\s*SENT by Mira Sample/);
  });

  it('exports the record as a file that can be downloaded', async () => {
    await mira.type('/ir audit export');
    const message = await mira.sees('inc-1-record.jsonl');
    const [download] = await Promise.all([
      mira.page.waitForEvent('download'),
      message.getByRole('link', { name: /inc-1-record/ }).click(),
    ]);
    const records = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const types = new Set(records.map((record) => (record.record ?? record).type));
    for (const type of ['incident.declared', 'approval.granted', 'notice.drafted', 'notice.reviewed', 'notice.sent'])
      expect([...types]).toContain(type);
  });

  it('loses nothing and doubles nothing when it is killed in the middle of its work', async () => {
    const ids = (person: PersonAtWork): Promise<string[]> =>
      person.page
        .locator('.main .message')
        .evaluateAll((all: { readonly id: string; readonly textContent: string | null }[]) =>
          all.map((message) => `${message.id} ${(message.textContent ?? '').replace(/updated \d\d:\d\d/, '')}`),
        );
    await tomas.page.reload();
    await tomas.page.locator('body[data-live]').waitFor();
    const before = await ids(tomas);
    // The answer is there, so it is decided; what the others are told may still wait in the outbox.
    await mira.type('/ir notice draft employees');
    await mira.sees(/You typed.*notice draft employees/s);
    await program.kill();
    await tomas.page.locator('#offline').waitFor({ state: 'visible' });
    program = await ground.start(Number(new URL(program.address).port));
    await tomas.page.locator('#offline').waitFor({ state: 'hidden' });
    await tomas.sees(/Employees, version 1/);
    await tomas.page.waitForTimeout(1500);
    const after = await ids(tomas);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.filter((text) => text.includes('Employees, version 1'))).toHaveLength(1);
    expect(new Set(after.map((line) => line.split(' ')[0])).size).toBe(after.length);
    await tomas.page.reload();
    expect((await ids(tomas)).length).toBe(after.length);
    await mira.type('/ir audit verify');
    await mira.sees(/You typed.*audit verify/s);
    expect(await mira.page.getByRole('complementary', { name: 'Pinned' }).locator('.pinned').count()).toBe(1);
  });

  it('made no request to anywhere else and broke no rule of the page’s policy', () => {
    const isAbsence = (line: string) => /ERR_(CONNECTION|INCOMPLETE|EMPTY)|Failed to load resource/.test(line);
    for (const { complaints } of [mira, tomas, ife])
      expect(complaints.lines.filter((line) => !isAbsence(line))).toEqual([]);
  });

  it('ends in good order when it is asked to', async () => {
    expect(await program.terminate()).toBe(0);
  });
});
