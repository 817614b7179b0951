// What people read, on all three platforms side by side: the same View as the workspace's HTML, Slack's blocks and a Teams card.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { arrange } from '../../adapters/slack/render/fit.ts';
import { formModal } from '../../adapters/slack/render/form.ts';
import { fallbackText } from '../../adapters/slack/render/plain.ts';
import { MESSAGE_ROOM, piecesOf } from '../../adapters/slack/render/view.ts';
import { cardsOf } from '../../adapters/teams/render/card.ts';
import { formCard } from '../../adapters/teams/render/form.ts';
import { FormBox } from '../../adapters/web/render/form.tsx';
import { Card } from '../../adapters/web/render/view.tsx';
import type { Viewer } from '../../adapters/web/render/viewer.ts';
import { checkSlack } from '../doubles/check-slack.ts';
import { keepPayload } from '../doubles/payloads.ts';
import { cardFaults } from '../teams/check-card.ts';
import { record, recordOf, SCENES, type Shown } from './record.ts';

const mira = { id: 'mira', label: 'Mira Sample', passcodeHash: '' };
const viewer: Viewer = {
  person: mira,
  people: new Map([['mira', mira]]),
  picture: (digest, type) => `/picture/signed/${digest}.${type}`,
  commandName: '/ir',
  canSee: () => true,
};

const lines = (html: unknown): string => `${String(html).replaceAll('><', '>\n<')}\n`;
const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

describe('what people read', () => {
  beforeAll(async () => {
    if (process.env['COUNTERSIGN_TEST_RECORD_VIEWS'] === 'yes') await record();
  });

  const scene = (name: string): Shown => JSON.parse(readFileSync(recordOf(name), 'utf8')) as Shown;
  const file = (name: string, kind: string): string => join('..', 'golden', 'views', `${name}.${kind}`);

  it.each(SCENES)('is as agreed in the workspace: %s', async (name) => {
    const shown = scene(name);
    const html =
      'form' in shown ? (
        <FormBox deliverable={shown.form} viewer={viewer} />
      ) : (
        <Card deliverable={shown.view} viewer={viewer} />
      );
    await expect(lines(html)).toMatchFileSnapshot(file(name, 'web.html'));
  });

  it.each(SCENES)('is as agreed in Slack, and within its limits: %s', async (name) => {
    const shown = scene(name);
    if ('form' in shown) {
      const modal = formModal(shown.form, { channel: 'C0', thread: '' } as never);
      expect(checkSlack('modal', modal)).toEqual([]);
      await expect(json(modal)).toMatchFileSnapshot(file(name, 'slack.json'));
      return;
    }
    const fitted = arrange(piecesOf(shown.view), MESSAGE_ROOM, 'm', (more) => `${more} more follow.`);
    for (const blocks of [fitted.first, ...fitted.more])
      expect(
        checkSlack('message', {
          text: fallbackText(shown.view.view),
          blocks,
          unfurl_links: false,
          unfurl_media: false,
        }),
      ).toEqual([]);
    await expect(json([fitted.first, ...fitted.more])).toMatchFileSnapshot(file(name, 'slack.json'));
  });

  it.each(SCENES)('is as agreed in Teams, and a card that Teams takes: %s', async (name) => {
    const shown = scene(name);
    const cards = 'form' in shown ? [formCard(shown.form)] : cardsOf(shown.view);
    for (const card of cards) {
      expect(cardFaults(card)).toEqual([]);
      keepPayload('teams', 'golden', name, card);
    }
    await expect(json(cards)).toMatchFileSnapshot(file(name, 'teams.json'));
  });
});
