import { describe, expect, it } from 'vitest';
import type { Installation } from '../../adapters/slack/parse/envelope.ts';
import { hear } from '../../adapters/slack/parse/hear.ts';
import { MESSAGE_SHORTCUTS, SLACK_EVENTS, SLACK_SCOPES, slackManifest } from '../../src/commands/manifest.ts';

const own: Installation = { tenant: 'T0', team: 'T0', enterprise: '', botUser: 'U0BOT', botId: 'B0', teamName: 'x' };
const body = (event: object) => ({ type: 'event_callback', event_id: 'Ev1', team_id: 'T0', event });

/** What Slack sends for each declared event. */
const samples: Readonly<Record<string, object>> = {
  app_home_opened: { type: 'app_home_opened', user: 'U0MIRA', channel: 'D0', tab: 'home' },
  app_mention: { type: 'app_mention', user: 'U0MIRA', channel: 'C0', ts: '1.1', text: '<@U0BOT> help' },
  channel_archive: { type: 'channel_archive', channel: 'C0', user: 'U0MIRA' },
  channel_deleted: { type: 'channel_deleted', channel: 'C0' },
  channel_left: { type: 'channel_left', channel: 'C0' },
  channel_rename: { type: 'channel_rename', channel: { id: 'C0', name: 'x' } },
  group_archive: { type: 'group_archive', channel: 'C0', user: 'U0MIRA' },
  group_deleted: { type: 'group_deleted', channel: 'C0' },
  group_left: { type: 'group_left', channel: 'C0' },
  group_rename: { type: 'group_rename', channel: { id: 'C0', name: 'x' } },
  member_joined_channel: { type: 'member_joined_channel', user: 'U0MIRA', channel: 'C0' },
  'message.channels': { type: 'message', user: 'U0MIRA', channel: 'C0', ts: '1.1', text: 'x' },
  'message.groups': { type: 'message', user: 'U0MIRA', channel: 'C0', ts: '1.1', text: 'x' },
  'message.im': { type: 'message', user: 'U0MIRA', channel: 'D0', ts: '1.1', text: 'help' },
  reaction_added: {
    type: 'reaction_added',
    user: 'U0MIRA',
    reaction: 'pushpin',
    item: { type: 'message', channel: 'C0', ts: '1.1' },
  },
  reaction_removed: {
    type: 'reaction_removed',
    user: 'U0MIRA',
    reaction: 'pushpin',
    item: { type: 'message', channel: 'C0', ts: '1.1' },
  },
};

describe('the Slack manifest', () => {
  it('declares no event and no shortcut that nobody handles', () => {
    expect(SLACK_EVENTS.filter((name) => hear(body(samples[name] ?? {}), own) === null)).toEqual([]);
    for (const { callbackId } of MESSAGE_SHORTCUTS) {
      const payload = {
        type: 'message_action',
        callback_id: callbackId,
        trigger_id: 't',
        team: { id: 'T0' },
        user: { id: 'U0MIRA', team_id: 'T0' },
        channel: { id: 'C0' },
        message: { ts: '1.1', text: 'x' },
      };
      expect(hear(payload, own)?.what).toMatchObject({ kind: 'shortcut', shortcut: callbackId });
    }
  });

  it('keeps to what Slack takes', () => {
    for (const { name, description } of MESSAGE_SHORTCUTS) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
    expect(slackManifest()).toContain('should_escape: true');
    expect(Object.values(SLACK_SCOPES).every((why) => why.length > 5)).toBe(true);
  });

  it('hears nothing of its own, of other bots, and of people without an id', () => {
    for (const more of [
      { user: 'U0BOT' },
      { bot_id: 'B1' },
      { user: '' },
      { user: 'unknown' },
      { subtype: 'bot_message' },
    ])
      expect(hear(body({ ...samples['message.channels'], ...more }), own)).toBeNull();
  });
});
