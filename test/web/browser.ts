// A real Chromium, when the machine has one.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Path of a Chromium on this machine, or null. */
export const chromiumPath: string | null =
  [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  ) ?? null;

if (chromiumPath === null)
  console.log(
    'No Chromium found (CHROMIUM_PATH, /usr/bin/chromium, /usr/bin/google-chrome): browser tests are skipped.',
  );

/** Starts it headless and without any request of its own to the network. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? '',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** What went wrong on a page that nobody asserted: console errors, policy violations, requests to elsewhere. */
export interface Complaints {
  readonly lines: string[];
}

/** A person at a browser of their own. */
export async function enter(
  browser: Browser,
  address: string,
  person: string,
  passcode: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly complaints: Complaints }> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
  const page = await context.newPage();
  const lines: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy')) lines.push(message.text());
  });
  page.on('pageerror', (error) => lines.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('blob:'))
      lines.push(`request to ${request.url()}`);
  });
  await page.goto(`${address}/sign-in`);
  await page.getByLabel('Person').selectOption(person);
  await page.getByLabel('Passcode').fill(passcode);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${address}/home`);
  return { page, context, complaints: { lines } };
}
