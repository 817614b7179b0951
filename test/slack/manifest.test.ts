import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Installation } from '../../adapters/slack/parse/envelope.ts';
import { hear } from '../../adapters/slack/parse/hear.ts';
import {
  MESSAGE_SHORTCUTS,
  SAMPLE_REQUEST_URL,
  SLACK_EVENTS,
  SLACK_SCOPES,
  slackManifest,
} from '../../src/commands/manifest.ts';
import { SlackWorkspace } from '../doubles/fake-slack-api.ts';
import { missingScope } from '../doubles/fake-slack-scopes.ts';

const own: Installation = { tenant: 'T0', team: 'T0', enterprise: '', botUser: 'U0BOT', botId: 'B0', teamName: 'x' };
const body = (event: object) => ({ type: 'event_callback', event_id: 'Ev1', team_id: 'T0', event });

interface Manifest {
  readonly _metadata: object;
  readonly display_information: {
    readonly name: string;
    readonly description: string;
    readonly long_description: string;
    readonly background_color: string;
  };
  readonly features: {
    readonly bot_user: { readonly display_name: string };
    readonly shortcuts: readonly object[];
    readonly slash_commands: readonly {
      readonly command: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
      readonly url?: string;
    }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly socket_mode_enabled: boolean;
    readonly event_subscriptions: { readonly request_url?: string };
    readonly interactivity: { readonly request_url?: string };
  };
}

/** Every method of the Web API that the adapter's code names. */
function methodsCalled(): ReadonlySet<string> {
  const folder = 'adapters/slack';
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((f) => f.endsWith('.ts'));
  const text = files.map((f) => readFileSync(join(folder, f), 'utf8')).join('\n');
  const named = text.match(/'(?:chat|conversations|users|views|files|pins|auth|reactions)\.[A-Za-z0-9.]+'/g) ?? [];
  const methods = new Set(named.map((m) => m.slice(1, -1)));
  if (methods.delete('files.uploadV2'))
    for (const step of ['files.getUploadURLExternal', 'files.completeUploadExternal']) methods.add(step);
  return methods;
}

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

  it.each([
    ['Socket Mode', slackManifest(), null],
    ['HTTP', slackManifest(SAMPLE_REQUEST_URL), SAMPLE_REQUEST_URL],
  ])('for %s has exactly the fields Slack knows, within its limits', (_name, text, url) => {
    const read = parse(text) as Manifest;
    expect(Object.keys(read).sort()).toEqual([
      '_metadata',
      'display_information',
      'features',
      'oauth_config',
      'settings',
    ]);
    expect(read._metadata).toEqual({ major_version: 1, minor_version: 1 });
    const { name, description, long_description, background_color } = read.display_information;
    expect(name.length).toBeLessThanOrEqual(35);
    expect(description.length).toBeLessThanOrEqual(140);
    expect(long_description.length).toBeGreaterThanOrEqual(175);
    expect(long_description.length).toBeLessThanOrEqual(4000);
    expect(background_color).toMatch(/^#[0-9a-f]{6}$/);
    expect(read.features.bot_user.display_name.length).toBeLessThanOrEqual(80);
    expect(read.features.shortcuts.length).toBeLessThanOrEqual(10);
    for (const command of read.features.slash_commands) {
      expect(command.command).toMatch(/^\/[a-z]{1,31}$/);
      expect(command.description.length).toBeLessThanOrEqual(2000);
      expect(command.usage_hint.length).toBeLessThanOrEqual(1000);
      expect(command.should_escape).toBe(true);
      expect(command.url ?? null).toBe(url);
    }
    expect(read.settings.socket_mode_enabled).toBe(url === null);
    expect(read.settings.event_subscriptions.request_url ?? null).toBe(url);
    expect(read.settings.interactivity.request_url ?? null).toBe(url);
    expect(read.settings).toMatchObject({ org_deploy_enabled: false, token_rotation_enabled: false });
    expect(new Set(read.oauth_config.scopes.bot).size).toBe(Object.keys(SLACK_SCOPES).length);
  });

  it('asks for the scope of every call that the adapter makes, and for none that no call or event needs', () => {
    const workspace = new SlackWorkspace(() => 0);
    workspace.addChannel('C0PRIVATE', 'private', true);
    workspace.scopes = ['nothing'];
    const needed = new Set<string>();
    for (const method of methodsCalled())
      for (const args of [
        { channel: 'C0LOBBY', types: 'public_channel,private_channel,im' },
        { channel: 'C0PRIVATE', is_private: true },
        { channel: 'D0' },
      ])
        for (const scope of missingScope(method, args, workspace)?.split(',') ?? []) needed.add(scope);
    const asked = new Set(Object.keys(SLACK_SCOPES));
    expect([...needed].filter((scope) => !asked.has(scope))).toEqual([]);
    // What no call needs, Slack wants for the command, the mentions and the emoji.
    expect([...asked].filter((scope) => !needed.has(scope)).sort()).toEqual([
      'app_mentions:read',
      'commands',
      'reactions:read',
    ]);
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
