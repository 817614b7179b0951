// The main job in Microsoft's own client: a mention, a card, a form, two approvers, the card changed for everybody.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf, inputsOf, wordsOf } from '../teams/cards.ts';
import { cardFaults } from '../teams/check-card.ts';
import { type Json, type TeamsWorld, teamsWorld, until } from '../teams/world.ts';
import { chromiumPath, launch } from '../web/browser.ts';
import { fetched } from './fetched.ts';
import { BRIDGE, PERSONAL, type Playground, type Shown, startPlayground, watchMessages } from './playground.ts';

const folder = fetched('playground');
const SHOTS = join('.thirdparty', 'screenshots');

describe.skipIf(folder === null || chromiumPath === null)('the Agents Playground in front of the Teams adapter', () => {
  let w: TeamsWorld;
  let playground: Playground;
  let browser: Browser;
  let page: Page;
  let messages: readonly Shown[];

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    w = await teamsWorld({ isDevelopment: true, appId: '', appSecret: '' });
    const people = ['mira', 'tomas', 'ife', 'noor', 'bo', 'quinn'].map((key) => w.teams.who(key));
    playground = await startPlayground(folder as string, people, `${w.url}/api/messages`);
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    messages = watchMessages(page);
    await page.goto(playground.address);
    await page.getByText('Waiting for you').first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.stop();
    await w?.end();
  });

  const shoot = (name: string) => page.screenshot({ path: join(SHOTS, `teams-${name}.png`) });
  const find = (words: RegExp, conversation = BRIDGE): Promise<Shown> =>
    until(() => messages.filter((m) => m.conversation === conversation && words.test(wordsOf(m.card))).at(-1));
  const form = (name: RegExp): Promise<Shown> =>
    until(() =>
      messages
        .filter((m) => m.conversation === PERSONAL && inputsOf(m.card).length > 0 && name.test(wordsOf(m.card)))
        .at(-1),
    );
  async function look(conversation: string): Promise<void> {
    await page
      .getByText(conversation === BRIDGE ? 'Bridge' : 'Personal Chat', { exact: true })
      .first()
      .click();
    await page.waitForTimeout(800);
  }

  const choose = async (label: string, option: RegExp): Promise<void> => {
    await page.getByLabel(label).last().click();
    await page.getByRole('option', { name: option }).last().click();
  };

  it('opens an incident by a mention and a form that is filled in and sent in the client', async () => {
    await playground.say(BRIDGE, 'open Logins from abroad');
    await form(/Open an incident/);
    await page.getByLabel('What is wrong').last().fill('Logins from two countries');
    await choose('Severity', /^SEV3/);
    await shoot('1-form');
    await page.getByRole('button', { name: 'Open', exact: true }).last().click();
    const card = await find(/EX-1 Logins from two countries/);
    expect(wordsOf(card.card)).toContain('DEVELOPMENT');
    // The form is replaced by what came of it.
    await find(/EX-1 is open/, PERSONAL);
    await look(BRIDGE);
    await page.getByText('EX-1 Logins from two countries').first().waitFor();
    await shoot('2-card');
  });

  it('is pressed by two others who approve, which changes the card for everybody', async () => {
    await playground.say(BRIDGE, 'contain rotate-key');
    await look(PERSONAL);
    await form(/Rotate/);
    const fill = (label: string, text: string) => page.getByLabel(label).last().fill(text);
    await page.getByRole('button', { name: 'Propose', exact: true }).last().click();
    // The client itself asks for what is missing, and sends nothing.
    await page.getByText('This is needed.').first().waitFor();
    await fill('Which credential', 'deploy-key-7');
    await fill('Minutes the old one still works', '0');
    await fill('Why now', 'It was used from an address we do not know.');
    await fill('Where it is kept, or why it is not needed', 'In the archive of the vault');
    await choose('Are the logs of what used the old key kept?', /kept/i);
    await choose('Who carries it out', /Tomas/);
    await shoot('3-proposal');
    await page.getByRole('button', { name: 'Propose', exact: true }).last().click();
    const card = await until(() => messages.find((m) => buttonsOf(m.card).some((b) => b.title.startsWith('Approve'))));
    const edits = card.edits;
    // A card that is drawn again has new buttons: people press the one they see.
    const standsStill = async (): Promise<void> => {
      for (let edits = -1; edits !== card.edits; await page.waitForTimeout(1000)) edits = card.edits;
    };
    for (const who of ['ife', 'noor']) {
      await standsStill();
      const approve = buttonsOf(card.card).find((b) => b.title.startsWith('Approve'));
      const asked = await playground.press(who, card, approve?.data ?? {});
      const confirm = asked['value'] as Json;
      expect(inputsOf(confirm).map((i) => i['id'])).toEqual(['text.typedTarget']);
      const send = buttonsOf(confirm).find((b) => b.data['countersign'] === 'submit');
      await playground.press(who, card, { 'text.typedTarget': 'deploy-key-7', ...send?.data });
    }
    await until(() => (card.edits > edits && /approved/i.test(wordsOf(card.card)) ? true : undefined));
    expect(buttonsOf(card.card).some((b) => b.title.startsWith('Approve'))).toBe(false);
    expect(await w.records('approval.granted')).toHaveLength(1);
    const votes = JSON.stringify(await w.records('approval.voted'));
    for (const who of ['ife', 'noor']) expect(votes).toContain(w.teams.who(who).aad);
    await look(BRIDGE);
    await page
      .getByText(/approved/i)
      .last()
      .scrollIntoViewIfNeeded();
    await shoot('4-approved');
  });

  it('showed nothing that Teams would refuse, and no card that the client could not draw', async () => {
    expect(messages.flatMap((m) => cardFaults(m.card))).toEqual([]);
    expect(await page.getByText(/error|could not render|failed to/i).count()).toBe(0);
  });
});
