// A person at their browser, for tests that tell a story: what they type, press and fill in.
import type { Browser, Locator, Page } from 'playwright-core';
import { type Complaints, enter } from './browser.ts';

/** Somebody signed in, with the ways people use the page. */
export interface PersonAtWork {
  readonly page: Page;
  readonly complaints: Complaints;
  open(channel: string): Promise<void>;
  /** Types a line and sends it. */
  type(text: string): Promise<void>;
  /** Pastes text as the clipboard would and sends it. */
  paste(text: string): Promise<void>;
  /** Presses a button inside something, the newest when there are several, and agrees when asked. */
  press(name: string | RegExp, within?: Locator): Promise<void>;
  /** Fills in the open form by label and sends it; waits until it is gone. */
  fill(values: Readonly<Record<string, string>>): Promise<void>;
  /** Waits for the newest message with this text. */
  sees(text: string | RegExp): Promise<Locator>;
}

/** Signs a person in; every browser context is a browser of its own. */
export async function personAt(
  browser: Browser,
  address: string,
  person: string,
  passcode: string,
): Promise<PersonAtWork> {
  const { page, complaints } = await enter(browser, address, person, passcode, {
    viewport: { width: 1440, height: 900 },
  });
  page.setDefaultTimeout(25_000);
  const dialog = page.locator('#dialog');
  return {
    page,
    complaints,
    async open(channel) {
      await page.goto(`${address}/c/${channel}`);
      await page.locator('body[data-live]').waitFor();
    },
    async type(text) {
      await page.locator('#composer-text').fill(text);
      await page.locator('#composer-text').press('Enter');
    },
    async paste(text) {
      await page.evaluate(`(() => {
        const data = new DataTransfer();
        data.setData('text/plain', ${JSON.stringify(text)});
        document.querySelector('#composer-text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      })()`);
      await page.locator('.chip').waitFor();
      await page.locator('#composer-text').press('Enter');
      await page.locator('.chip').waitFor({ state: 'detached' });
    },
    async press(name, within = page.locator('.messages')) {
      await within
        .getByRole('button', { name, exact: typeof name === 'string' })
        .last()
        .click();
      const confirm = page.locator('#confirm');
      // The question, when there is one, stands before the click has returned.
      if (await confirm.isVisible()) await confirm.locator('#confirm-yes').click();
    },
    async fill(values) {
      await dialog.waitFor();
      for (const [label, value] of Object.entries(values)) {
        const input = dialog.getByLabel(label).first();
        if ((await input.evaluate((element: { readonly tagName: string }) => element.tagName)) === 'SELECT')
          await input.selectOption({ label: value });
        else await input.fill(value);
      }
      await dialog.locator('button[type=submit]').click();
      await dialog.waitFor({ state: 'hidden' });
    },
    async sees(text) {
      const message = page.locator('.message', { hasText: text }).last();
      await message.waitFor();
      return message;
    },
  };
}
