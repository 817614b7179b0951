// The whole core over a real SQLite file and a chat in memory: people type, press and fill in, as they would.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assistant } from '../src/assist/types.ts';
import type {
  ChatEvent,
  Conversation,
  DeliverableForm,
  DeliverableView,
  Desk,
  FormValues,
  IncomingFile,
  Principal,
  Reply,
} from '../src/chat/types.ts';
import type { Services } from '../src/commands/types.ts';
import type { Letter } from '../src/notice/mail.ts';
import type { Template } from '../src/notice/template.ts';
import { buttonsOf } from '../src/view/build.ts';
import { viewText } from '../src/view/text.ts';
import { openCore } from './core.ts';
import { type MemoryChat, memoryChat } from './doubles/memory-chat.ts';

export interface Harness {
  readonly chat: MemoryChat;
  readonly services: Services;
  readonly desk: Desk;
  readonly folder: string;
  /** Milliseconds of the clock; set it to move time. */
  clock: { now: number };
  /** Somebody of the sample organisation, by key. */
  who(key: string): Principal;
  /** Sends a command and waits until everything it queued is delivered. */
  type(who: string, text: string, options?: { in?: Conversation; files?: readonly IncomingFile[] }): Promise<Reply>;
  /** Presses the newest button with that label that this person can see. */
  press(who: string, label: string | RegExp, options?: { in?: Conversation; on?: DeliverableView }): Promise<Reply>;
  submit(
    who: string,
    form: DeliverableForm,
    values: FormValues,
    options?: { in?: Conversation; files?: readonly IncomingFile[] },
  ): Promise<Reply>;
  send(event: ChatEvent): Promise<Reply>;
  /** Opens an incident and gives its conversation. */
  open(who: string, values?: FormValues): Promise<{ readonly key: string; readonly in: Conversation }>;
  settled(): Promise<void>;
  /** Moves the clock ahead and does what is due then, as the schedule would; gives how many records that wrote. */
  pass(minutes: number): Promise<number>;
  /** Stops as a crash would: nothing is closed in order. A new harness on the same folder is the restart. */
  restart(): Promise<Harness>;
  end(): Promise<void>;
}

export const LOBBY: Conversation = { platform: 'web', tenant: 'local', id: 'general' };

/** The text of what a reply shows; empty for none. */
export const replyText = (reply: Reply): string =>
  reply.kind === 'private'
    ? viewText(reply.view.view)
    : reply.kind === 'errors'
      ? Object.values(reply.errors).join('\n')
      : '';

/** The form of a reply; fails when it is none. */
export function formOf(reply: Reply): DeliverableForm {
  if (reply.kind !== 'form') throw new Error(`expected a form, got ${reply.kind}: ${replyText(reply)}`);
  return reply.form;
}

/** A fresh core; `folder` reuses the data of an earlier one, `organisation` replaces the sample file's text. */
export async function harness(
  options: {
    folder?: string;
    organisation?: string;
    /** Folder of playbooks; the library when left out. */
    playbooks?: string;
    /** Templates for notices, by file name. */
    templates?: ReadonlyMap<string, Template>;
    now?: number;
    chat?: MemoryChat;
    mail?: (letter: Letter) => Promise<void>;
    model?: Assistant;
    assistantTokens?: number;
  } = {},
): Promise<Harness> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'countersign-'));
  const clock = { now: options.now ?? Date.parse('2026-11-20T12:00:00Z') };
  const chat = options.chat ?? memoryChat();
  const { auditLog, store, organisation, services, courier, desk, scheduler, session } = await openCore({
    folder,
    now: () => clock.now,
    organisation: options.organisation ?? readFileSync('countersign.example.yml', 'utf8'),
    ports: () => new Map([[chat.platform, chat]]),
    mail: options.mail ?? null,
    model: options.model ?? null,
    ...(options.templates ? { templates: options.templates } : {}),
    ...(options.playbooks ? { playbooks: options.playbooks } : {}),
    ...(options.assistantTokens === undefined ? {} : { assistantTokens: options.assistantTokens }),
  });
  let events = 0;
  const person = (name: string): Principal => {
    const found = organisation.organisation.people.find((p) => p.key === name);
    const id = found?.ids['web'] ?? name;
    return { platform: chat.platform, tenant: 'local', id, label: found?.name ?? name, standing: 'member' };
  };
  const seen: { who: string; view: DeliverableView; in: Conversation }[] = [];

  const self: Harness = {
    chat,
    services,
    desk,
    folder,
    clock,
    who: person,
    async send(event) {
      const reply = await desk.handle(event);
      await self.settled();
      if (reply.kind === 'private') seen.push({ who: event.actor.id, view: reply.view, in: event.conversation });
      return reply;
    },
    type: (who, text, more = {}) =>
      self.send({
        kind: 'command',
        id: `${session}-${++events}`,
        actor: person(who),
        conversation: more.in ?? LOBBY,
        text,
        ...(more.files ? { files: more.files } : {}),
      }),
    async press(who, label, more = {}) {
      const actor = person(who);
      const matches = (text: string): boolean => (typeof label === 'string' ? text === label : label.test(text));
      const mine = seen
        .filter((s) => s.who === actor.id)
        .map((s) => ({ view: s.view, ref: null as null | { conversation: Conversation; id: string }, in: s.in }));
      const posted = chat.messages
        .filter((m) => m.view && (m.onlyFor === null || m.onlyFor === actor.id))
        .map((m) => ({ view: m.view as DeliverableView, ref: m.ref, in: m.ref.conversation }));
      const candidates = more.on ? [{ view: more.on, ref: null, in: more.in ?? LOBBY }] : [...posted, ...mine];
      for (const shown of candidates.reverse()) {
        const at = buttonsOf(shown.view.view).findIndex((b) => matches(b.label));
        if (at >= 0 && (!more.in || shown.in.id === more.in.id)) {
          return self.send({
            kind: 'click',
            id: `${session}-${++events}`,
            actor,
            conversation: shown.in,
            token: shown.view.tokens[at] as string,
            message: shown.ref,
          });
        }
      }
      throw new Error(`nobody shows ${who} a button ${String(label)}`);
    },
    submit: (who, form, values, more = {}) =>
      self.send({
        kind: 'submit',
        id: `${session}-${++events}`,
        actor: person(who),
        conversation: more.in ?? LOBBY,
        token: form.token,
        values,
        ...(more.files ? { files: more.files } : {}),
      }),
    async open(who, values = {}) {
      const form = formOf(await self.type(who, 'open'));
      const reply = await self.submit(who, form, {
        title: 'Logins from abroad',
        severity: 'SEV2',
        kind: 'live',
        summary: '',
        detectedAt: '',
        codename: '',
        isPrivate: 'no',
        isCommander: 'yes',
        ...values,
      });
      const incident = (await services.incidentKeys()).at(-1);
      if (!incident || reply.kind !== 'private') throw new Error(`the incident was not opened: ${replyText(reply)}`);
      const where = (await services.incidents.load(incident)).state.incident.conversation;
      return { key: incident, in: where as Conversation };
    },
    async pass(minutes) {
      clock.now += minutes * 60_000;
      const written = await scheduler.tick();
      await self.settled();
      return written;
    },
    async settled() {
      await services.intake.settled();
      await services.asking.settled();
      await courier.settled();
    },
    async restart() {
      await store.close();
      return harness({
        folder,
        now: clock.now,
        chat,
        ...(options.organisation ? { organisation: options.organisation } : {}),
        ...(options.mail ? { mail: options.mail } : {}),
        ...(options.model ? { model: options.model } : {}),
      });
    },
    async end() {
      await self.settled();
      await auditLog.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}
