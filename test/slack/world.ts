// The whole core behind the real Slack adapter, against FakeSlack: people type, press and fill in as they would in Slack.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSlackAdapter, type SlackAdapter, type SlackOptions } from '../../adapters/slack/index.ts';
import { listAt, objectAt, type Payload, textAt } from '../../adapters/slack/parse/payload.ts';
import type { ConnectionChange } from '../../src/adapter.ts';
import type { AuditLog } from '../../src/audit/log.ts';
import type { Courier } from '../../src/chat/courier.ts';
import type { ChatPort, Conversation } from '../../src/chat/types.ts';
import { noteConnection } from '../../src/commands/conversation.ts';
import { SLACK_EVENTS, SLACK_SCOPES } from '../../src/commands/manifest.ts';
import type { Services } from '../../src/commands/types.ts';
import type { Scheduler } from '../../src/schedule/scheduler.ts';
import type { Store } from '../../src/store/types.ts';
import { openCore } from '../core.ts';
import { FakeSlack } from '../doubles/fake-slack.ts';
import { type SlackMessage, type SlackView, TEAM } from '../doubles/fake-slack-api.ts';

export const PEOPLE = ['mira', 'tomas', 'ife', 'noor', 'bo', 'quinn'] as const;
export const idOf = (key: string): string => `U0${key.toUpperCase()}`;

/** The sample organisation, everybody with a Slack account. */
export const organisationText = (): string =>
  readFileSync('countersign.example.yml', 'utf8').replace(
    /ids: \{ web: (\w+) \}/g,
    (_, key: string) => `ids: { web: ${key}, slack: ${TEAM}/${idOf(key)} }`,
  );

export interface WorldOptions {
  readonly transport: 'socket' | 'http';
  readonly fake?: FakeSlack;
  readonly folder?: string;
  readonly waits?: SlackOptions['waits'];
  /** Changes the store before anything uses it. */
  readonly store?: (store: Store) => Store;
  readonly organisation?: string;
  /** Does not wait for the connection: Slack is not there yet. */
  readonly isPatient?: boolean;
}

export class SlackWorld {
  readonly fake: FakeSlack;
  readonly adapter: SlackAdapter;
  readonly services: Services;
  readonly store: Store;
  readonly folder: string;
  readonly changes: ConnectionChange[] = [];
  readonly #options: WorldOptions;
  readonly #courier: Courier;
  readonly #scheduler: Scheduler;
  readonly #auditLog: AuditLog;
  readonly #server: Server;

  private constructor(parts: {
    fake: FakeSlack;
    adapter: SlackAdapter;
    services: Services;
    store: Store;
    folder: string;
    options: WorldOptions;
    courier: Courier;
    scheduler: Scheduler;
    auditLog: AuditLog;
    server: Server;
  }) {
    this.fake = parts.fake;
    this.adapter = parts.adapter;
    this.services = parts.services;
    this.store = parts.store;
    this.folder = parts.folder;
    this.#options = parts.options;
    this.#courier = parts.courier;
    this.#scheduler = parts.scheduler;
    this.#auditLog = parts.auditLog;
    this.#server = parts.server;
  }

  static async start(options: WorldOptions): Promise<SlackWorld> {
    const fake = options.fake ?? (await FakeSlack.start(options.transport));
    fake.workspace.scopes = Object.keys(SLACK_SCOPES);
    for (const key of PEOPLE)
      if (!fake.workspace.users.has(idOf(key)))
        fake.workspace.users.set(idOf(key), { id: idOf(key), name: `${key[0]?.toUpperCase()}${key.slice(1)} Sample` });
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'countersign-slack-'));
    let made: SlackAdapter | null = null;
    const core = await openCore({
      folder,
      now: Date.now,
      organisation: options.organisation ?? organisationText(),
      recordsShown: true,
      chatRows: async () => (await made?.doctor?.()) ?? [],
      ...(options.store ? { wrapStore: options.store } : {}),
      ports: ({ store, randomId, log }) => {
        made = createSlackAdapter({
          botToken: fake.botToken,
          appToken: options.transport === 'socket' ? fake.appToken : null,
          signingSecret: options.transport === 'http' ? fake.signingSecret : null,
          apiUrl: fake.apiUrl,
          arrivals: store.arrivals,
          notes: store,
          root: 'ir',
          maxFileBytes: 10_000_000,
          scopes: Object.keys(SLACK_SCOPES),
          events: SLACK_EVENTS,
          now: Date.now,
          randomId,
          log,
          waits: { reconnectMs: 50, betweenPostsMs: 0, noticeMs: 300, ...options.waits },
        });
        return new Map<string, ChatPort>([['slack', made.port]]);
      },
    });
    const adapter = made as unknown as SlackAdapter;
    const { services, store, courier, scheduler, auditLog, desk } = core;
    const server = createServer((request, response) => adapter.listener?.(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    fake.requestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
    const world = new SlackWorld({
      fake,
      adapter,
      services,
      store,
      folder,
      options,
      courier,
      scheduler,
      auditLog,
      server,
    });
    await adapter.attach(desk, (change) => {
      world.changes.push(change);
      void noteConnection(services, change);
    });
    courier.start();
    if (options.transport === 'socket' && !options.isPatient)
      await world.until(() => ['connected', 'waiting'].includes(adapter.connection()?.state ?? ''));
    return world;
  }

  /** Waits until something holds, at most for so long. */
  async until(holds: () => boolean | Promise<boolean>, ms = 8000): Promise<void> {
    const endMs = Date.now() + ms;
    while (!(await holds())) {
      if (Date.now() > endMs) throw new Error(`it did not happen within ${ms} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Everything that came in is handled and everything due is delivered. */
  async settled(): Promise<void> {
    for (let i = 0; i < 3; i += 1) {
      await this.adapter.settled();
      await this.services.intake.settled();
      await this.#courier.settled();
    }
  }

  duties(): Promise<number> {
    return this.#scheduler.tick();
  }

  /** The connections between Slack and the program break, whichever way they go. */
  cut(): void {
    this.fake.cut();
    this.#server.closeAllConnections();
  }

  /** Ends the process as a crash would: what it was doing is lost. */
  async crash(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.adapter.stop();
    await this.#courier.stop();
    await this.store.close();
  }

  restart(more: Partial<WorldOptions> = {}): Promise<SlackWorld> {
    return SlackWorld.start({ ...this.#options, ...more, fake: this.fake, folder: this.folder });
  }

  async end(): Promise<void> {
    await this.adapter.stop();
    await this.settled();
    await this.#courier.stop();
    await this.#auditLog.close();
    await this.store.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.fake.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async command(who: string, text: string, channel = 'C0LOBBY'): Promise<void> {
    await this.fake.command(idOf(who), channel, text);
    await this.settled();
  }

  /** Says something in a channel, with or without the bot's name in it. */
  async say(who: string, channel: string, text: string, more: Payload = {}): Promise<SlackMessage> {
    const message = await this.fake.say(idOf(who), channel, text, more);
    await this.fake.event({ ...message, channel_type: channel.startsWith('D') ? 'im' : 'channel' });
    await this.settled();
    return message;
  }

  /** What somebody can see in a channel, oldest first. */
  shown(who: string, channel: string): readonly SlackMessage[] {
    return this.fake.workspace.messages.filter((m) => m.channel === channel && (!m.onlyFor || m.onlyFor === idOf(who)));
  }

  text(who: string, channel: string): string {
    return this.shown(who, channel)
      .map((m) => `${m.text}\n${JSON.stringify(m.blocks)}`)
      .join('\n=====\n');
  }

  /** The newest private chat text of somebody. */
  private(who: string): string {
    return this.text(who, this.fake.workspace.direct(idOf(who)));
  }

  button(on: Payload, label: string | RegExp): string | null {
    for (const block of listAt(on, 'blocks'))
      for (const element of listAt(block, 'elements')) {
        const text = textAt(element, 'text', 'text');
        if (textAt(element, 'type') === 'button' && (typeof label === 'string' ? text === label : label.test(text)))
          return textAt(element, 'value');
      }
    return null;
  }

  /** Where somebody sees a button, newest first: an open modal, then the channel, then their private chat. */
  find(
    who: string,
    label: string | RegExp,
    channel?: string,
  ): { readonly on: SlackMessage | SlackView; readonly value: string } {
    const own = this.fake.workspace.direct(idOf(who));
    const views = this.fake.workspace.views.filter((v) => v.isOpen && v.for === idOf(who));
    const messages = this.fake.workspace.messages.filter(
      (m) =>
        (channel ? m.channel === channel : true) &&
        (!m.onlyFor || m.onlyFor === idOf(who)) &&
        (!m.channel.startsWith('D') || m.channel === own),
    );
    for (const on of [...messages, ...views].reverse()) {
      const value = this.button(on, label);
      if (value !== null) return { on, value };
    }
    throw new Error(`nobody shows ${who} a button ${String(label)}`);
  }

  async press(who: string, label: string | RegExp, channel?: string): Promise<void> {
    const { on, value } = this.find(who, label, channel);
    await this.fake.click(idOf(who), on, value);
    await this.settled();
  }

  /** The modal somebody has open. */
  modal(who: string): SlackView {
    const view = this.fake.workspace.views.filter((v) => v.isOpen && v.for === idOf(who)).at(-1);
    if (!view) throw new Error(`${who} has no modal open`);
    return view;
  }

  /** Fills in the open modal: what is not named keeps its initial value. Gives what Slack was answered. */
  async fill(who: string, values: Readonly<Record<string, string | readonly string[]>> = {}): Promise<Payload> {
    const view = this.modal(who);
    const state = Object.fromEntries(
      listAt(view, 'blocks')
        .filter((b) => textAt(b, 'type') === 'input')
        .map((b) => [textAt(b, 'block_id'), stateOf(objectAt(b, 'element'), values[textAt(b, 'block_id')])]),
    );
    const delivered = await this.fake.submit(idOf(who), view, state);
    await this.settled();
    return delivered.body;
  }

  async open(
    who: string,
    values: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly key: string; readonly channel: string }> {
    await this.command(who, 'open');
    await this.fill(who, { title: 'Logins from abroad', severity: 'SEV2', ...values });
    const key = (await this.services.incidentKeys()).at(-1) ?? '';
    const { conversation } = (await this.services.incidents.load(key)).state.incident;
    return { key, channel: (conversation as Conversation).id };
  }

  records(typePrefix: string, incident?: string) {
    return this.store.find({ typePrefix, ...(incident ? { incident } : {}) });
  }
}

/** The state Slack sends for an element. */
export function stateOf(element: Payload, wanted: string | readonly string[] | undefined): Payload {
  const type = textAt(element, 'type');
  const options = listAt(element, 'options');
  const byValue = (value: string): unknown =>
    options.find((o) => textAt(o, 'value') === (value === '' ? 'countersign.none' : value)) ??
    options.find((o) => textAt(o, 'text', 'text') === value);
  switch (type) {
    case 'plain_text_input':
      return { type, value: wanted === undefined ? (element['initial_value'] ?? null) : wanted };
    case 'radio_buttons':
    case 'static_select':
      return {
        type,
        selected_option: wanted === undefined ? (element['initial_option'] ?? null) : byValue(String(wanted)),
      };
    case 'checkboxes':
    case 'multi_static_select':
      return {
        type,
        selected_options:
          wanted === undefined
            ? listAt(element, 'initial_options')
            : [wanted].flat().flatMap((w) => byValue(String(w)) ?? []),
      };
    case 'users_select':
      return { type, selected_user: wanted ?? element['initial_user'] ?? null };
    default:
      return { type, files: wanted === undefined ? [] : [wanted].flat().map((id) => ({ id })) };
  }
}
