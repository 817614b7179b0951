// The Teams app manifest, made from the registry: what goes into the package an administrator uploads.
import { MESSAGE_SHORTCUTS } from './manifest.ts';
import { commands } from './registry.ts';
import { VERBS } from './types.ts';

/** What differs from one organisation to the next. */
export interface TeamsPackage {
  /** Application (client) id of the bot. */
  readonly appId: string;
  /** Address of whoever runs it: shown in Teams as the app's site, privacy and terms. */
  readonly site: string;
  /** Asks for the consent to read messages that do not mention the bot. */
  readonly captures: boolean;
}

/** Version of the package; Teams takes an update only when it grows. */
export const TEAMS_PACKAGE_VERSION = '1.0.0';

/** The package nobody has filled in yet. */
export const SAMPLE_PACKAGE: TeamsPackage = {
  appId: '00000000-0000-4000-8000-000000000000',
  site: 'https://example.com/countersign',
  captures: false,
};

/** Teams lists ten at most. The review stands as a button when it is time for it, and is understood when it is typed. */
const listed = VERBS.filter((verb) => verb !== 'review').map((verb) => {
  const command = commands.find((c) => c.name === verb && !c.isHidden) ?? commands.find((c) => c.name.startsWith(verb));
  return { title: verb, description: (command?.summary ?? verb).slice(0, 128) };
});

/** manifest.json of version 1.30. */
export function teamsManifest({ appId, site, captures }: TeamsPackage): string {
  const manifest = {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json',
    manifestVersion: '1.30',
    version: TEAMS_PACKAGE_VERSION,
    id: appId,
    developer: { name: 'Countersign', websiteUrl: site, privacyUrl: site, termsOfUseUrl: site },
    name: { short: 'Countersign', full: 'Countersign, the incident-response copilot' },
    description: {
      short: 'Incidents: timelines, playbooks, notices, containment with two signatures.',
      full: 'Countersign works in your incident channel. It turns pasted logs into a timeline, walks responders through a playbook, drafts stakeholder notices, and lets no containment step happen until a named human has approved exactly that step with a button, in a record that a third party can verify.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#0F766E',
    bots: [
      {
        botId: appId,
        scopes: ['personal', 'team', 'groupChat'],
        supportsFiles: true,
        isNotificationOnly: false,
        supportsTargetedMessages: true,
        commandLists: [
          { scopes: ['team', 'groupChat'], triggers: ['mention', 'slash'], commands: listed },
          { scopes: ['personal'], commands: listed },
        ],
      },
    ],
    // The menu on a message, with the entries that Slack calls shortcuts. It needs no consent: Teams sends that one message along.
    composeExtensions: [
      {
        botId: appId,
        commands: MESSAGE_SHORTCUTS.map(({ callbackId, name, description }) => ({
          id: callbackId,
          type: 'action',
          context: ['message'],
          title: name,
          description,
          fetchTask: true,
        })),
      },
    ],
    ...(captures
      ? {
          authorization: {
            permissions: {
              resourceSpecific: [
                { name: 'ChannelMessage.Read.Group', type: 'Application' },
                { name: 'ChatMessage.Read.Chat', type: 'Application' },
              ],
            },
          },
        }
      : {}),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
