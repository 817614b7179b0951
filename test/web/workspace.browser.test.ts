// The workspace's own behaviour in a real browser, with a scripted bot: what the page does, not what the bot decides.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APPROVAL, cardOf } from '../doubles/scripted-desk.ts';
import { chromiumPath, enter, launch } from './browser.ts';
import { PASSCODES, type Running, startWorkspace } from './harness.ts';

type Person = Awaited<ReturnType<typeof enter>>;

/** A paste from the clipboard, as the browser would deliver it. */
const paste = (page: Page, text: string): Promise<void> =>
  page.evaluate(`(() => {
    const data = new DataTransfer();
    data.setData('text/plain', ${JSON.stringify(text)});
    document.querySelector('#composer-text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  })()`);

describe.skipIf(chromiumPath === null)('the workspace in a browser', { timeout: 60_000 }, () => {
  let running: Running;
  let browser: Browser;
  let mira: Person;
  let tomas: Person;
  const general = { platform: 'web', tenant: 'local', id: 'general' };

  beforeAll(async () => {
    running = await startWorkspace();
    browser = await launch();
    mira = await enter(browser, running.address, 'mira', PASSCODES.mira);
    tomas = await enter(browser, running.address, 'tomas', PASSCODES.tomas);
    await mira.page.goto(`${running.address}/c/general`);
    await tomas.page.goto(`${running.address}/c/general`);
  });
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
  });

  const say = async ({ page }: Person, text: string): Promise<void> => {
    await page.locator('#composer-text').fill(text);
    await page.locator('#composer-text').press('Enter');
  };

  it('shows what one person says to the other without a reload', async () => {
    await say(mira, 'Logins fail since 02:10');
    await tomas.page.getByText('Logins fail since 02:10').waitFor();
    expect(await mira.page.locator('#composer-text').inputValue()).toBe('');
    expect(await mira.page.getByText('Logins fail since 02:10').count()).toBe(1);
  });

  it('keeps the answer to a command between the bot and the one who asked', async () => {
    await say(mira, '/ir nonsense');
    await mira.page.getByText('There is no "nonsense".').waitFor();
    await mira.page.getByText('Only you can see this').first().waitFor();
    await tomas.page.waitForTimeout(200);
    expect(await tomas.page.getByText('nonsense').count()).toBe(0);
    await tomas.page.reload();
    expect(await tomas.page.getByText('nonsense').count()).toBe(0);
    await mira.page.getByRole('button', { name: 'Dismiss' }).click();
    await mira.page.getByText('There is no "nonsense".').waitFor({ state: 'detached' });
  });

  it('asks before a press that wants asking, sends a double click once, and settles the card for everybody', async () => {
    await say(mira, '/ir card');
    const approve = tomas.page.getByRole('button', { name: 'Approve isolate web-01' });
    await approve.click();
    const confirm = tomas.page.getByRole('dialog', { name: 'Approve isolate web-01?' });
    await confirm.getByText('web-01 leaves the network.').waitFor();
    await confirm.getByRole('button', { name: 'Cancel' }).click();
    expect(running.desk.events.some((event) => event.kind === 'click')).toBe(false);
    await approve.click();
    await confirm.getByRole('button', { name: 'Approve', exact: true }).dblclick();
    await mira.page.getByText('Approved by Tomas Sample').waitFor();
    await tomas.page.getByText('Approved by Tomas Sample').waitFor();
    expect(await mira.page.getByRole('button', { name: 'Approve isolate web-01' }).count()).toBe(0);
    const clicks = running.desk.events.filter((event) => event.kind === 'click');
    expect(clicks).toMatchObject([{ token: 'approve:0', actor: { id: 'tomas' } }]);
  });

  it('opens a form as a dialog, keeps it open with what was typed when something is wrong, and closes it when it is right', async () => {
    await say(mira, '/ir form');
    const dialog = mira.page.getByRole('dialog', { name: 'Declare an incident' });
    await dialog.waitFor();
    expect(await mira.page.evaluate('document.activeElement.id')).toBe('field-title');
    await dialog.getByLabel('Title').fill('bad');
    await dialog.getByLabel('Severity').selectOption('SEV2');
    await dialog.getByLabel('web-02').check();
    await dialog.getByLabel('Commander').selectOption('tomas');
    await dialog.getByRole('button', { name: 'Open incident' }).click();
    await dialog.getByText('Say what happened.').waitFor();
    expect(await dialog.getByLabel('Title').getAttribute('aria-invalid')).toBe('true');
    expect(await dialog.getByLabel('Severity').inputValue()).toBe('SEV2');
    await dialog.getByLabel('Title').fill('Shop login');
    await dialog.getByRole('button', { name: 'Open incident' }).click();
    await mira.page.getByText('Title is Shop login.').waitFor();
    expect(await dialog.count()).toBe(0);
    const submitted = running.desk.events.findLast((event) => event.kind === 'submit');
    expect(submitted).toMatchObject({
      token: 'form-token',
      values: { title: 'Shop login', severity: 'SEV2', hosts: ['web-02'], commander: 'tomas' },
    });
  });

  it('takes a paste of ten megabytes as one file, exactly, while the page stays usable', async () => {
    const line =
      'Nov 21 02:14:07 bastion-01 sshd[811]: Failed password for deploy from 203.0.113.44 port 51812 ssh2\r\n';
    const text = line.repeat(Math.ceil(10_000_000 / line.length));
    await paste(mira.page, text);
    await mira.page.getByText(/lines, 10\.0 MB/).waitFor();
    await mira.page.locator('#composer-text').press('Enter');
    await mira.page.locator('#composer-text').fill('typed meanwhile');
    await mira.page.getByText(`Read ${text.length} bytes.`).waitFor();
    expect(await mira.page.locator('#composer-text').inputValue()).toBe('typed meanwhile');
    await mira.page.locator('#composer-text').fill('');
    const event = running.desk.events.findLast((found) => found.kind === 'command' && found.text === 'log');
    const file = event?.kind === 'command' ? event.files?.[0] : undefined;
    expect(new TextDecoder().decode(file?.bytes as Uint8Array) === text).toBe(true);
    await tomas.page.getByText(/paste-.*\.log/).waitFor();
  });

  it('offers a few lines of a log as a log, and leaves a few words alone', async () => {
    const chip = mira.page.locator('.chip');
    await paste(mira.page, 'We meet at 14:05:00\nin the usual room\nbring the list');
    expect(await chip.count()).toBe(0);
    await paste(
      mira.page,
      'Nov 20 03:50:00 db-07 sshd[1]: Failed password for root\nNov 20 03:50:02 db-07 sshd[2]: Accepted password for root\n',
    );
    await mira.page.getByText('2 lines').waitFor();
    await mira.page.getByRole('button', { name: 'Put into the message' }).click();
    await chip.waitFor({ state: 'detached' });
    expect(await mira.page.locator('#composer-text').inputValue()).toContain('Accepted password');
    await mira.page.locator('#composer-text').fill('');
  });

  it('lets a small paste be text, and a long one be put into the message after all', async () => {
    const text = Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\n');
    await paste(mira.page, text);
    await mira.page.getByRole('button', { name: 'Put into the message' }).click();
    expect(await mira.page.locator('#composer-text').inputValue()).toBe(text);
    await mira.page.locator('#composer-text').fill('');
  });

  it('says what is wrong with a file that is too large before sending it, and tries again what the server did not get', async () => {
    await mira.page.evaluate(`document.body.dataset.maxFileBytes = '10'`);
    await mira.page
      .locator('[data-attach]')
      .first()
      .setInputFiles({ name: 'big.log', mimeType: 'text/plain', buffer: Buffer.alloc(11) });
    await mira.page.getByText(/11 bytes is more than the 10 bytes/).waitFor();
    await mira.page.getByRole('button', { name: 'Remove' }).click();
    await mira.page.evaluate(`document.body.dataset.maxFileBytes = '1000000'`);
    await mira.page.route('**/api/upload*', (route) => route.abort(), { times: 1 });
    await mira.page
      .locator('[data-attach]')
      .first()
      .setInputFiles({ name: 'auth.log', mimeType: 'text/plain', buffer: Buffer.from('Nov 21\n') });
    await mira.page.getByRole('button', { name: 'Send message' }).click();
    await mira.page.getByText(/cannot be reached.*Press Send/).waitFor();
    await mira.page.getByRole('button', { name: 'Send message' }).click();
    await mira.page.getByText('Read 7 bytes.').waitFor();
    mira.complaints.lines.splice(0);
  });

  it('completes commands and people from the keyboard', async () => {
    const box = mira.page.locator('#composer-text');
    await box.fill('');
    await box.pressSequentially('/ir f');
    const option = mira.page.getByRole('option', { name: /\/ir form/ });
    await option.waitFor();
    await box.press('ArrowDown');
    expect(await option.getAttribute('aria-selected')).toBe('true');
    await box.press('Enter');
    expect(await box.inputValue()).toBe('/ir form ');
    await box.pressSequentially('@to');
    await mira.page.getByRole('option', { name: /Tomas Sample/ }).waitFor();
    await box.press('Tab');
    expect(await box.inputValue()).toBe('/ir form @tomas ');
    await box.fill('');
  });

  it('offers the message shortcuts and emoji, and shows an emoji to everybody', async () => {
    await say(mira, 'Attacker came in at 02:14');
    const message = tomas.page.locator('.message:not(.private)', { hasText: 'Attacker came in at 02:14' });
    await message.hover();
    await message.locator('summary').click();
    await message.getByRole('button', { name: 'Add to timeline' }).click();
    await tomas.page.getByText('add-to-timeline: Attacker came in at 02:14').waitFor();
    await message.hover();
    await message.getByRole('button', { name: 'Pin to the timeline' }).first().click();
    await mira.page.locator('.message', { hasText: 'Attacker came in' }).locator('.reaction').waitFor();
    expect(running.desk.events.at(-1)).toMatchObject({
      kind: 'reaction',
      emoji: 'pushpin',
      isAdded: true,
      actor: { id: 'tomas' },
    });
  });

  it('opens a thread beside the channel, and counts its replies there', async () => {
    const message = tomas.page.locator('.message', { hasText: 'Logins fail since 02:10' });
    await message.hover();
    await message.getByRole('link', { name: 'Reply in thread' }).click();
    const thread = tomas.page.getByRole('complementary', { name: 'Thread' });
    await thread.getByLabel('Reply in thread').fill('Since 02:08 on my side');
    await thread.getByLabel('Reply in thread').press('Enter');
    await thread.getByText('Since 02:08 on my side').waitFor();
    await mira.page.getByRole('link', { name: '1 reply' }).waitFor();
    expect(running.desk.events.at(-1)).toMatchObject({ kind: 'message', thread: expect.any(String) });
    await tomas.page.getByRole('link', { name: 'Close the thread' }).click();
    await tomas.page.waitForURL('**/c/general');
    await tomas.page.locator('body[data-live]').waitFor();
  });

  it('keeps the pinned card beside the channel and changes it in place', async () => {
    const { port } = running.adapter;
    const where = await port.createConversation('inc-5-shop', { isPrivate: false, members: [] });
    await tomas.page.getByText('New channel #inc-5-shop').waitFor();
    const pin = await port.post(where, cardOf('INC-5, SEV3', [{ kind: 'heading', text: 'INC-5 is SEV3' }]), {
      key: 'pin',
      isPinned: true,
    });
    await tomas.page
      .getByRole('link', { name: /inc-5-shop/ })
      .first()
      .click();
    const pinned = tomas.page.getByRole('complementary', { name: 'Pinned' });
    await pinned.getByText('INC-5 is SEV3').waitFor();
    await port.edit(pin, cardOf('INC-5, SEV1', [{ kind: 'heading', text: 'INC-5 is SEV1 now' }]));
    await pinned.getByText('INC-5 is SEV1 now').waitFor();
    expect(await pinned.getByText('INC-5 is SEV3').count()).toBe(0);
    await tomas.page.goto(`${running.address}/c/general`);
  });

  it('lets somebody into a private channel from inside it', async () => {
    const person = (await running.adapter.port.resolvePerson({ tenant: 'local', id: 'mira' }))!.principal;
    const where = await running.adapter.port.createConversation('inc-6-insider', {
      isPrivate: true,
      members: [person],
    });
    await mira.page.goto(`${running.address}/c/${where.id}`);
    await mira.page.locator('.main-head summary').click();
    await mira.page.getByLabel('Let somebody in').selectOption({ label: 'Tomas Sample' });
    await mira.page.getByRole('button', { name: 'Let in' }).click();
    await tomas.page.getByText('New channel #inc-6-insider').waitFor();
    await mira.page.goto(`${running.address}/c/general`);
  });

  it('marks what came while the reader was elsewhere, and forgets the mark when it was read', async () => {
    const person = (await running.adapter.port.resolvePerson({ tenant: 'local', id: 'tomas' }))!.principal;
    await running.adapter.port.tellPrivately(person, cardOf('CA-1 waits for you'), { key: 'nudge-1' });
    const direct = tomas.page.getByRole('link', { name: /Countersign.*unread/ });
    await direct.waitFor();
    expect(await tomas.page.title()).toMatch(/^\(\d+\)/);
    await direct.click();
    await tomas.page.getByText('CA-1 waits for you').waitFor();
    expect(await tomas.page.locator('.unread-count').count()).toBe(0);
    await tomas.page.goto(`${running.address}/c/general`);
  });

  it('shows times in the reader’s zone, with UTC at hand', async () => {
    await running.adapter.port.post(
      general,
      cardOf('t', [{ kind: 'text', prose: [{ kind: 'time', at: '2026-01-05T23:30:00.000Z', as: 'datetime' }] }]),
      { key: 'time-1' },
    );
    const time = tomas.page.locator('time[datetime="2026-01-05T23:30:00.000Z"]');
    await time.waitFor();
    expect(await time.textContent()).toMatch(/6 Jan 2026, 00:30/);
    expect(await time.getAttribute('title')).toBe('2026-01-05 23:30:00.000 UTC');
  });

  it('keeps what a person is typing and has unfolded when the page changes under them', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => [[{ kind: 'plain', text: `row ${n}` }] as const]);
    const table = (caption: string) => cardOf('table', [{ kind: 'table', caption, columns: ['a'], rows }]);
    const ref = await running.adapter.port.post(general, table('before'), { key: 'table-1' });
    await mira.page.getByText('20 more rows').click();
    await mira.page.locator('#composer-text').fill('half a sent');
    await running.adapter.port.edit(ref, table('after'));
    await mira.page.getByText('after').first().waitFor();
    expect(await mira.page.getByText('row 59').isVisible()).toBe(true);
    expect(await mira.page.locator('#composer-text').inputValue()).toBe('half a sent');
    await mira.page.locator('#composer-text').fill('');
  });

  it('can be used with the keyboard alone: skip link, message box, then buttons', async () => {
    await mira.page.goto(`${running.address}/c/general`);
    await mira.page.locator('.skip').focus();
    expect(await mira.page.locator('.skip').isVisible()).toBe(true);
    await mira.page.keyboard.press('Enter');
    await mira.page.keyboard.press('Tab');
    expect(await mira.page.evaluate(`document.activeElement.closest('.composer') !== null`)).toBe(true);
    for (const name of ['navigation', 'main', 'complementary'] as const)
      if (name !== 'complementary') expect(await mira.page.getByRole(name).count()).toBe(1);
  });

  it('turns dark and stays dark, without a flash of light', async () => {
    await mira.page.getByRole('button', { name: 'Switch between light and dark' }).click();
    const html = await (await mira.context.request.get(`${running.address}/home`)).text();
    expect(html).toMatch(/<html[^>]* data-theme="dark"/);
  });

  it('shows hostile text as text and runs none of it', async () => {
    const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>\u202Egpj`;
    await running.adapter.port.post(
      general,
      cardOf(hostile, [
        { kind: 'heading', text: hostile },
        { kind: 'quote', text: hostile, source: hostile },
        { kind: 'table', caption: hostile, columns: [hostile], rows: [[[{ kind: 'untrusted', text: hostile }]]] },
      ]),
      { key: 'hostile-1' },
    );
    await mira.page.goto(`${running.address}/c/general`);
    await mira.page.getByRole('heading', { name: /<img src=x/ }).waitFor();
    expect(await mira.page.title()).not.toContain('owned');
    expect(await mira.page.locator('.message img[src="x"]').count()).toBe(0);
  });

  it('comes back by itself after the server was away, with nothing lost and nothing doubled', async () => {
    running.adapter.close();
    await tomas.page.locator('#offline').waitFor({ state: 'visible' });
    await running.adapter.port.post(general, APPROVAL, { key: 'while-away' });
    await tomas.page.getByRole('heading', { name: 'Isolate web-01' }).waitFor();
    expect(await tomas.page.getByRole('heading', { name: 'Isolate web-01' }).count()).toBe(1);
  });

  it('made no request to anywhere else and broke no rule of its own policy', () => {
    const isOurs = (line: string) =>
      !line.includes('ERR_INCOMPLETE_CHUNKED_ENCODING') && !line.includes('ERR_CONNECTION');
    expect([...mira.complaints.lines, ...tomas.complaints.lines].filter(isOurs)).toEqual([]);
  });
});
