// Settings from the environment: the only reader of process.env.
import { join } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const list = z.string().transform((s) =>
  s
    .split(',')
    .map((p) => p.trim())
    .filter(Boolean),
);

/** Every setting: its name in the environment, its shape and what it is for. docs/settings.md is generated from this. */
export const settingsSchema = z.object({
  COUNTERSIGN_DATA: z.string().min(1).default('data').describe('Folder for the database, the evidence and the keys.'),
  COUNTERSIGN_ORGANISATION: z
    .string()
    .min(1)
    .default('countersign.yml')
    .describe("The organisation's file; made from countersign.example.yml when it is missing."),
  COUNTERSIGN_PLAYBOOKS: z
    .string()
    .min(1)
    .default('playbooks')
    .describe('Folder of playbooks. Where there is no folder of the usual name, the shipped ones are used.'),
  COUNTERSIGN_PORT: port.default(3000).describe('Port of the web workspace, health and metrics; 0 takes any free one.'),
  COUNTERSIGN_BIND: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Anything but loopback also needs COUNTERSIGN_ALLOW_REMOTE.'),
  COUNTERSIGN_ALLOW_REMOTE: z
    .enum(['yes', 'no'])
    .default('no')
    .describe('`yes` allows other machines to connect. Put TLS in front.'),
  COUNTERSIGN_HOSTS: list
    .default([])
    .describe('Host names the workspace is reached by, when not by its address; separated by commas.'),
  COUNTERSIGN_COMMAND: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,20}$/)
    .default('ir')
    .describe('Root of the slash commands, without the slash.'),
  COUNTERSIGN_MAX_UPLOAD_MB: z.coerce
    .number()
    .int()
    .min(1)
    .max(2048)
    .default(256)
    .describe('Largest log that is taken, in megabytes.'),
  COUNTERSIGN_ANCHOR_FOLDER: z
    .string()
    .default('')
    .describe(
      "Folder that gets a copy of every signed checkpoint, best on another machine's write-once storage; `anchors` in the data folder when empty.",
    ),
  COUNTERSIGN_ANCHOR_CHANNEL: z
    .string()
    .regex(/^$|^[a-z]+\/[^/]+\/.+$/, 'use platform/tenant/channel id, such as web/local/general')
    .default('')
    .describe(
      'Channel that gets every signed checkpoint, best one where only the bot writes: `platform/tenant/channel id`.',
    ),
  COUNTERSIGN_ANCHOR_SYSLOG: z
    .string()
    .default('')
    .describe('Syslog receiver that gets every signed checkpoint: tls://host:6514, tcp://host:601 or udp://host:514.'),
  COUNTERSIGN_ANCHOR_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe('Web address that gets every signed checkpoint as a POST.'),
  COUNTERSIGN_SIEM: z
    .string()
    .default('')
    .describe(
      'Where every record is sent as well: file:PATH, or syslog as tls://host:6514, tcp://host:601 or udp://host:514.',
    ),
  COUNTERSIGN_SIEM_FORMAT: z
    .enum(['ocsf', 'syslog', 'cef'])
    .default('ocsf')
    .describe('How records are written for the SIEM: OCSF JSON, RFC 5424 with structured data, or CEF.'),
  COUNTERSIGN_SMTP_URL: z
    .union([z.literal(''), z.url({ protocol: /^smtps?$/ })])
    .default('')
    .describe(
      'Mail server for notices, such as `smtp://user:password@mail.example:587`. Without it notices go by chat only.',
    ),
  COUNTERSIGN_MAIL_FROM: z
    .union([z.literal(''), z.email()])
    .default('')
    .describe('Address that mails come from; needed with COUNTERSIGN_SMTP_URL.'),
  COUNTERSIGN_TEAMS_APP_ID: z
    .string()
    .default('')
    .describe('Microsoft Teams: application (client) id of the bot. Needs secret and tenant too; docs/teams.md.'),
  COUNTERSIGN_TEAMS_APP_SECRET: z.string().default('').describe('Microsoft Teams: client secret of that application.'),
  COUNTERSIGN_TEAMS_TENANT: list
    .default([])
    .describe(
      "Microsoft Teams: directory (tenant) ids whose people may talk to the bot, separated by commas; the first is the application's own.",
    ),
  COUNTERSIGN_TEAMS_CAPTURE: z
    .enum(['yes', 'no'])
    .default('no')
    .describe('Microsoft Teams: `yes` also takes messages without a mention, where an owner has consented to that.'),
  COUNTERSIGN_TEAMS_DEVELOPMENT: z
    .enum(['yes', 'no'])
    .default('no')
    .describe(
      'Microsoft Teams without any authentication, for trying it on this machine: loopback only, and every incident is an exercise.',
    ),
  COUNTERSIGN_SLACK_BOT_TOKEN: z
    .union([z.literal(''), z.string().startsWith('xoxb-', 'a bot token starts with xoxb-')])
    .default('')
    .describe(
      'Bot token of the Slack app (xoxb-...), from "OAuth & Permissions". Turns Slack on with one of the next two.',
    ),
  COUNTERSIGN_SLACK_APP_TOKEN: z
    .union([z.literal(''), z.string().startsWith('xapp-', 'an app-level token starts with xapp-')])
    .default('')
    .describe(
      'App-level token (xapp-...) with connections:write, from "Basic Information": Socket Mode, no public address needed.',
    ),
  COUNTERSIGN_SLACK_SIGNING_SECRET: z
    .string()
    .default('')
    .describe(
      'Signing secret, from "Basic Information": HTTP mode instead of Socket Mode, at /slack/events of this server.',
    ),
  COUNTERSIGN_SLACK_API_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe("Another address of Slack's Web API, for tests. Empty in every real installation."),
  COUNTERSIGN_ASSISTANT_MODEL: z
    .string()
    .max(200)
    .default('')
    .describe(
      'Model that may be asked, as its server names it. Empty: no model, nothing leaves this machine, the built-in rules answer.',
    ),
  COUNTERSIGN_ASSISTANT_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.openai.com/v1')
    .describe('Base address of a server that speaks the OpenAI protocol: OpenAI, Azure, vLLM, Ollama, llama.cpp.'),
  COUNTERSIGN_ASSISTANT_KEY: z
    .string()
    .max(2000)
    .default('')
    .describe("Key for the model's server; empty for local servers that want none."),
  COUNTERSIGN_ASSISTANT_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(60)
    .describe('How long one answer may take; after that the built-in rules answer.'),
  COUNTERSIGN_ASSISTANT_TOKENS: z.coerce
    .number()
    .int()
    .min(0)
    .default(500_000)
    .describe('Tokens that a model may use for one incident.'),
  COUNTERSIGN_ASSISTANT_MONEY: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('Money that a model may use for one incident, in the currency of the price; 0: only the tokens count.'),
  COUNTERSIGN_ASSISTANT_PRICE: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('Price of a million tokens, the dearer of in and out; needed with COUNTERSIGN_ASSISTANT_MONEY.'),
  COUNTERSIGN_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('How much the log says.'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** A setting cannot be used; the message names it and what to write. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads the settings. Throws SettingsError naming every wrong one, and unknown names that look like ours. */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const ours = Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => name.startsWith('COUNTERSIGN_') && value !== undefined && value !== '',
    ),
  );
  const known = new Set(Object.keys(settingsSchema.shape));
  const unknown = Object.keys(ours).filter((name) => !known.has(name));
  const parsed = settingsSchema.safeParse(ours);
  const faults = [
    ...unknown.map((name) => `${name}: there is no such setting; docs/settings.md lists them`),
    ...(parsed.success ? [] : parsed.error.issues.map((i) => `${String(i.path[0])}: ${i.message}`)),
  ];
  if (!parsed.success || faults.length > 0) throw new SettingsError(faults.join('\n'));
  const s = parsed.data;
  if (!['127.0.0.1', '::1', 'localhost'].includes(s.COUNTERSIGN_BIND) && s.COUNTERSIGN_ALLOW_REMOTE !== 'yes') {
    throw new SettingsError(
      `COUNTERSIGN_BIND: ${s.COUNTERSIGN_BIND} would let other machines connect. Set COUNTERSIGN_ALLOW_REMOTE=yes as well if that is meant, with TLS in front.`,
    );
  }
  if (s.COUNTERSIGN_SLACK_BOT_TOKEN && !s.COUNTERSIGN_SLACK_APP_TOKEN && !s.COUNTERSIGN_SLACK_SIGNING_SECRET)
    throw new SettingsError(
      'COUNTERSIGN_SLACK_APP_TOKEN: the bot token alone cannot receive. Add the app-level token (xapp-..., Socket Mode), or COUNTERSIGN_SLACK_SIGNING_SECRET for HTTP.',
    );
  if (s.COUNTERSIGN_SLACK_APP_TOKEN && s.COUNTERSIGN_SLACK_SIGNING_SECRET)
    throw new SettingsError(
      'COUNTERSIGN_SLACK_SIGNING_SECRET: that is HTTP mode, and COUNTERSIGN_SLACK_APP_TOKEN is Socket Mode. Remove one of them.',
    );
  if (!s.COUNTERSIGN_SLACK_BOT_TOKEN && (s.COUNTERSIGN_SLACK_APP_TOKEN || s.COUNTERSIGN_SLACK_SIGNING_SECRET))
    throw new SettingsError(
      'COUNTERSIGN_SLACK_BOT_TOKEN: the bot token (xoxb-...) is missing. It stands under "OAuth & Permissions" once the app is installed.',
    );
  if (s.COUNTERSIGN_SMTP_URL && !s.COUNTERSIGN_MAIL_FROM)
    throw new SettingsError(
      'COUNTERSIGN_MAIL_FROM: write the address that mails come from, or remove COUNTERSIGN_SMTP_URL.',
    );
  if (s.COUNTERSIGN_ASSISTANT_KEY && !s.COUNTERSIGN_ASSISTANT_MODEL)
    throw new SettingsError(
      'COUNTERSIGN_ASSISTANT_MODEL: name the model as well, or remove COUNTERSIGN_ASSISTANT_KEY; without a model none is asked.',
    );
  if (s.COUNTERSIGN_ASSISTANT_MONEY > 0 && s.COUNTERSIGN_ASSISTANT_PRICE === 0)
    throw new SettingsError(
      'COUNTERSIGN_ASSISTANT_PRICE: write what a million tokens cost, or remove COUNTERSIGN_ASSISTANT_MONEY.',
    );
  return s;
}

/** Tokens that a model may use for one incident: the smaller of the two budgets. */
export const tokenBudget = (s: Settings): number =>
  s.COUNTERSIGN_ASSISTANT_MONEY > 0
    ? Math.min(
        s.COUNTERSIGN_ASSISTANT_TOKENS,
        Math.floor((s.COUNTERSIGN_ASSISTANT_MONEY / s.COUNTERSIGN_ASSISTANT_PRICE) * 1_000_000),
      )
    : s.COUNTERSIGN_ASSISTANT_TOKENS;

/** Where signed heads are copied to, besides a channel; the data folder's own place when no folder is named. */
export const anchorPlaces = (s: Settings, folder: string) => ({
  folder: s.COUNTERSIGN_ANCHOR_FOLDER || join(folder, 'anchors'),
  syslog: s.COUNTERSIGN_ANCHOR_SYSLOG,
  url: s.COUNTERSIGN_ANCHOR_URL,
});
