// A whole Countersign on a real SQLite file, with the chat platform as the only made-up part.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Courier } from '../../src/chat/courier.ts';
import type {
  ChatPort,
  Conversation,
  DeliverableForm,
  DeliverableView,
  Desk,
  MessageRef,
  Principal,
  Reply,
} from '../../src/chat/types.ts';
import { createPolicy } from '../../src/commands/policy.ts';
import type { Services } from '../../src/commands/types.ts';
import type { ApprovedContainment } from '../../src/containment/decide-run.ts';
import { type Came, Executions, type Executor } from '../../src/containment/executions.ts';
import type { StepUp } from '../../src/containment/step-up.ts';
import type { Containment } from '../../src/containment/types.ts';
import { liveOrganisation } from '../../src/organisation/live.ts';
import { type LoadedOrganisation, loadOrganisation } from '../../src/organisation/load.ts';
import type { Store } from '../../src/store/types.ts';
import { buttonsOf } from '../../src/view/build.ts';
import { viewText } from '../../src/view/text.ts';
import { type Core, openCore } from '../core.ts';

export const START = Date.parse('2026-11-20T03:00:00.000Z');

/** The sample organisation, with parts of its text replaced. Throws when a part is not there. */
export function organisation(...changes: readonly (readonly [string, string])[]): LoadedOrganisation {
  let text = readFileSync('countersign.example.yml', 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the sample organisation has no "${from}"`);
    text = text.replace(from, to);
  }
  return loadOrganisation(text, 'test.yml');
}

interface Shown {
  readonly ref: MessageRef;
  view: DeliverableView;
}

/** What people see: channel messages, private ones, and a directory that tests can break. */
export class FakeChat implements ChatPort {
  readonly platform = 'web';
  readonly capabilities = {
    hasEphemeral: true,
    hasThreads: true,
    hasForms: true,
    canCreateConversation: true,
    hasChannelFiles: true,
    maxFileBytes: 1e9,
    hasPictures: 'svg' as const,
  };
  readonly messages: Shown[] = [];
  readonly privately: { readonly to: string; readonly key: string; readonly id: string; view: DeliverableView }[] = [];
  readonly gone = new Set<string>();
  directory: 'works' | 'throws' | 'hangs' = 'works';
  isDown = false;
  /** The next private messages arrive, and the answer to the call is lost. */
  answersLost = 0;
  #count = 0;

  async post(to: Conversation, view: DeliverableView): Promise<MessageRef> {
    if (this.isDown) throw new Error('the chat is down');
    this.#count += 1;
    const ref = { conversation: to, id: `m${this.#count}` };
    this.messages.push({ ref, view });
    return ref;
  }
  async edit(message: MessageRef, view: DeliverableView): Promise<void> {
    if (this.isDown) throw new Error('the chat is down');
    const found = this.messages.find((m) => m.ref.id === message.id) ?? this.privately.find((p) => p.id === message.id);
    if (found) found.view = view;
  }
  async tellPrivately(person: Principal, view: DeliverableView, { key }: { key: string }): Promise<MessageRef> {
    if (this.isDown) throw new Error('the chat is down');
    // As every adapter: again with the same key it is the first message.
    const before = this.privately.find((p) => p.key === key);
    const id = before?.id ?? `p${this.privately.length + 1}`;
    if (!before) this.privately.push({ to: person.id, key, id, view });
    if (this.answersLost > 0) {
      this.answersLost -= 1;
      throw new Error('the connection broke off');
    }
    return { conversation: { platform: 'web', tenant: 'local', id: `dm-${person.id}` }, id };
  }
  async upload(to: Conversation): Promise<MessageRef> {
    return { conversation: to, id: 'file' };
  }
  async createConversation(name: string): Promise<Conversation> {
    return { platform: 'web', tenant: 'local', id: name };
  }
  async resolvePerson(who: { readonly tenant: string; readonly id: string }) {
    if (this.directory === 'throws') throw new Error('the directory is down');
    if (this.directory === 'hangs') return new Promise<null>(() => {});
    return this.gone.has(who.id) ? null : { principal: { ...person(who.id), ...who } };
  }
}

export const person = (id: string, more: Partial<Principal> = {}): Principal => ({
  platform: 'web',
  tenant: 'local',
  id,
  label: `${id} Sample`,
  standing: 'member',
  ...more,
});

export interface WorldOptions {
  readonly organisation?: LoadedOrganisation;
  /** The organisation's file as somebody edits it while the server runs. */
  readonly file?: { text: string };
  readonly executor?: (world: World) => Executor;
  readonly stepUp?: StepUp;
  /** Takes up an existing folder: a restart, or a second process's view. */
  readonly folder?: string;
  readonly chat?: FakeChat;
  readonly nowMs?: number;
  readonly wrapStore?: (store: Store) => Store;
}

/** The sample organisation with isolate-host carried out by a webhook at this address. */
export const withWebhook = (
  url: string,
  more = '',
  ...changes: readonly (readonly [string, string])[]
): LoadedOrganisation =>
  organisation(
    [
      '\nactions:\n',
      `\nwebhooks:\n  soar: { url: "${url}", allow_private: true, timeout_seconds: 1${more} }\n\nactions:\n`,
    ],
    ['executor: { kind: manual }', 'executor: { kind: webhook, webhook: soar }'],
    ...changes,
  );

/** Nothing more than an executor that notes what it was given. */
export function noting(answer: Came = { result: 'executed', summary: 'done', evidence: [] }) {
  const ran: ApprovedContainment[] = [];
  const executor: Executor = {
    deadlineSeconds: () => 30,
    async run(approved) {
      ran.push(approved);
      return answer;
    },
  };
  return { ran, executor: () => executor };
}

/** A filled-in proposal that needs nothing more. */
export const isolate = (targets = 'web-01'): Record<string, string> => ({
  targets,
  'param.keep-management': 'true',
  reason: 'It talks to a known bad address every minute.',
  evidence: '',
  'keep.sessions': 'kept',
  'keep.sessions.note': 'EV-2 has netstat and who',
  executor: 'tomas',
});

export const remove = (targets = 'web-01'): Record<string, string> => ({
  targets,
  'param.what': 'C:\\tasks\\updater.xml',
  reason: 'The scheduled task starts the loader every hour.',
  evidence: '',
  'keep.memory': 'kept',
  'keep.memory.note': 'EV-3',
  'keep.disk': 'waived',
  'keep.disk.note': 'files were copied with hashes, EV-4',
  executor: 'tomas',
});

export class World {
  readonly folder: string;
  readonly chat: FakeChat;
  readonly store: Store;
  readonly services: Services;
  readonly desk: Desk;
  readonly courier: Courier;
  readonly executions: Executions;
  nowMs: number;
  #events = 0;

  static async make(options: WorldOptions = {}): Promise<World> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'containment-'));
    const chat = options.chat ?? new FakeChat();
    const { file } = options;
    const live = liveOrganisation(
      file ? loadOrganisation(file.text, 'test.yml') : (options.organisation ?? organisation()),
      () => loadOrganisation(file?.text ?? '', 'test.yml'),
    );
    let world: World | null = null;
    const core = await openCore({
      folder,
      now: () => world?.nowMs ?? options.nowMs ?? START,
      organisation: live,
      ports: () => new Map([['web', chat]]),
      recordsShown: true,
      ...(options.wrapStore ? { wrapStore: options.wrapStore } : {}),
      services: {
        policy: (services) => createPolicy({ services, live, prepare: async () => () => {} }),
        directoryTimeoutMs: 50,
        ...(options.stepUp ? { stepUp: options.stepUp } : {}),
      },
    });
    world = new World(options, folder, chat, core);
    return world;
  }

  private constructor(options: WorldOptions, folder: string, chat: FakeChat, core: Core) {
    this.folder = folder;
    this.chat = chat;
    this.nowMs = options.nowMs ?? START;
    this.store = core.store;
    this.services = core.services;
    this.courier = core.courier;
    this.desk = core.desk;
    this.executions = new Executions(this.services, options.executor?.(this) ?? null);
  }

  async settle(): Promise<void> {
    await this.services.intake.settled();
    await this.courier.settled();
  }

  /** Lets time pass, then does what is due. */
  async pass(minutes: number): Promise<void> {
    this.nowMs += minutes * 60_000;
    await this.executions.settled();
    await this.settle();
  }

  async close(isKept = false): Promise<void> {
    await this.services.intake.settled();
    await this.courier.stop();
    await this.store.close();
    if (!isKept) rmSync(this.folder, { recursive: true, force: true });
  }

  /** The same folder, a new process. */
  async restart(options: Omit<WorldOptions, 'folder' | 'chat'> = {}): Promise<World> {
    await this.close(true);
    return World.make({ nowMs: this.nowMs, ...options, folder: this.folder, chat: this.chat });
  }

  #came(actor: Principal, where: Conversation) {
    this.#events += 1;
    return { id: `${process.pid}-${this.nowMs}-${this.#events}-${Math.random()}`, actor, conversation: where };
  }

  readonly room: Conversation = { platform: 'web', tenant: 'local', id: 'inc-1-bad-logins' };

  type(who: string | Principal, words: string, where: Conversation = this.room): Promise<Reply> {
    const actor = typeof who === 'string' ? person(who) : who;
    return this.desk.handle({ kind: 'command', ...this.#came(actor, where), text: words });
  }

  click(
    who: string | Principal,
    token: string,
    at: MessageRef | null,
    where: Conversation = this.room,
  ): Promise<Reply> {
    const actor = typeof who === 'string' ? person(who) : who;
    return this.desk.handle({ kind: 'click', ...this.#came(actor, where), token, message: at });
  }

  submit(
    who: string | Principal,
    form: DeliverableForm,
    values: Readonly<Record<string, string | readonly string[]>>,
    where: Conversation = this.room,
  ): Promise<Reply> {
    const actor = typeof who === 'string' ? person(who) : who;
    return this.desk.handle({ kind: 'submit', ...this.#came(actor, where), token: form.token, values });
  }

  /** Opens INC-1 with mira in command. */
  async open(more: Readonly<Record<string, string>> = {}): Promise<this> {
    const form = await this.type('mira', 'open', { ...this.room, id: 'general' });
    if (form.kind !== 'form') throw new Error(`no form: ${replyText(form)}`);
    await this.submit(
      'mira',
      form.form,
      { title: 'Bad logins', severity: 'SEV3', kind: 'live', isPrivate: 'no', isCommander: 'yes', ...more },
      { ...this.room, id: 'general' },
    );
    await this.settle();
    return this;
  }

  /** Proposes by the form; gives the reply to it. */
  async proposeReply(who: string, action: string, values: Readonly<Record<string, string>>): Promise<Reply> {
    const form = await this.type(who, `contain ${action}`);
    if (form.kind !== 'form') return form;
    const reply = await this.submit(who, form.form, values);
    await this.settle();
    return reply;
  }

  /** Proposes by the form; gives the key of the newest request. */
  async propose(
    who = 'tomas',
    action = 'isolate-host',
    values: Readonly<Record<string, string>> = isolate(),
  ): Promise<string> {
    const before = (await this.requests()).length;
    const reply = await this.proposeReply(who, action, values);
    const all = await this.requests();
    if (all.length !== before + 1) throw new Error(`not proposed: ${JSON.stringify(reply).slice(0, 600)}`);
    return all.at(-1)!.key;
  }

  async requests(incident = 'INC-1'): Promise<readonly Containment[]> {
    return (await this.services.incidents.load(incident)).state.containment.all;
  }

  async request(key: string): Promise<Containment> {
    return (await this.requests()).find((c) => c.key === key)!;
  }

  /** Records of a type prefix, oldest first. */
  async records(prefix: string) {
    return (await this.store.find({ typePrefix: prefix })).map((r) => r.record);
  }

  /** Reason codes of the refusals on record, oldest first. */
  async refusals(): Promise<readonly string[]> {
    return (await this.records('approval.refused')).map((r) => (r.body as { code: string }).code);
  }

  /** The card of a request as it stands in the channel. */
  card(key: string): { readonly ref: MessageRef; readonly view: DeliverableView } {
    const found = this.chat.messages.find(
      (m) =>
        viewText(m.view.view).includes(`${key} `) &&
        m.view.view.elements.some((e) => e.kind === 'heading' && e.text.startsWith(`${key} `)),
    );
    if (!found) throw new Error(`no card of ${key}`);
    return found;
  }

  token(shown: DeliverableView, label: RegExp): string {
    const at = buttonsOf(shown.view).findIndex((b) => label.test(b.label));
    if (at < 0)
      throw new Error(
        `no button ${label}; there are ${buttonsOf(shown.view)
          .map((b) => b.label)
          .join(', ')}`,
      );
    return shown.tokens[at] as string;
  }

  /** Presses a button of a request's card. */
  async press(who: string | Principal, key: string, label: RegExp): Promise<Reply> {
    const card = this.card(key);
    const reply = await this.click(who, this.token(card.view, label), card.ref);
    await this.settle();
    return reply;
  }

  approve(who: string | Principal, key: string): Promise<Reply> {
    return this.press(who, key, /^Approve/);
  }

  /** Presses, fills in the form that opens, and gives the last reply. */
  async pressAndFill(
    who: string | Principal,
    key: string,
    label: RegExp,
    values: Readonly<Record<string, string>>,
  ): Promise<Reply> {
    const reply = await this.press(who, key, label);
    if (reply.kind !== 'form') return reply;
    const last = await this.submit(who, reply.form, values);
    await this.settle();
    return last;
  }

  /** Opens the full text from the card; gives the private view. */
  async fullText(who: string | Principal, key: string): Promise<DeliverableView> {
    const reply = await this.press(who, key, /full text/i);
    if (reply.kind !== 'private') throw new Error(`no full text: ${replyText(reply)}`);
    return reply.view;
  }

  /** Everything a person was told alone, as text. */
  told(id: string): string {
    return this.chat.privately
      .filter((p) => p.to === id)
      .map((p) => viewText(p.view.view))
      .join('\n');
  }
}

/** A reply as text, for assertions. */
export const replyText = (reply: Reply): string =>
  reply.kind === 'private'
    ? viewText(reply.view.view)
    : reply.kind === 'errors'
      ? `errors: ${JSON.stringify(reply.errors)}`
      : reply.kind === 'form'
        ? `form: ${reply.form.form.title}`
        : '';
