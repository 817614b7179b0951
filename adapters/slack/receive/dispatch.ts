// From a stored delivery to the desk and back: looks up who it was and what it points at, asks the desk, shows the reply.
import type { Arrivals } from '../../../src/chat/arrivals.ts';
import { TryLater } from '../../../src/chat/try-later.ts';
import type {
  ChatEvent,
  Conversation,
  DeliverableView,
  Desk,
  Principal,
  QuotedMessage,
} from '../../../src/chat/types.ts';
import { context, notice, view } from '../../../src/view/build.ts';
import type { SlackLog } from '../options.ts';
import { deliveryKey, type Installation, isOurs } from '../parse/envelope.ts';
import { type Heard, hear, type What } from '../parse/hear.ts';
import { isoOf, listAt, objectAt, type Payload, textAt } from '../parse/payload.ts';
import { decodeText } from '../parse/text.ts';
import type { People } from '../people.ts';
import { readValues } from '../render/form.ts';
import type { Call } from '../send/clients.ts';
import type { SlackPort } from '../send/port.ts';
import { type Answers, createAnswers, type OpenAck } from './answer.ts';
import { type DownloadParts, type Downloads, downloads } from './download.ts';
import { createHome } from './home.ts';

/** Acknowledges a delivery, with an answer where Slack takes one. */
export type Ack = (response?: Payload) => Promise<void>;

export interface DispatchParts {
  readonly arrivals: Arrivals;
  readonly own: () => Installation;
  readonly people: People;
  readonly port: SlackPort;
  /** Answers to people who wait. */
  readonly call: Call;
  /** Everything else that is looked up. */
  readonly lookUp: Call;
  readonly files: DownloadParts;
  readonly desk: () => Desk | null;
  readonly randomId: () => string;
  readonly log: SlackLog;
  readonly root: string;
}

export interface Dispatch {
  /** Stores, acknowledges, handles. Throws when it cannot be stored: it must not be acknowledged then. */
  take(body: Payload, ack: Ack): Promise<void>;
  /** Handles what an earlier process acknowledged and did not finish. */
  resume(): Promise<void>;
  /** Handles something found in history after a gap. */
  catchUp(heard: Heard): Promise<void>;
  /** Waits for what is being handled now. */
  settled(): Promise<void>;
}

/** A submission that takes longer is answered with a window that says so. */
const SUBMIT_WAIT_MS = 2200;
const TRIES = 6;
/** Plain events that are handled at the same time; people who wait have no such limit. */
const EVENTS_AT_ONCE = 8;

export function createDispatch(parts: DispatchParts): Dispatch {
  const home = createHome({ call: parts.lookUp, log: parts.log });
  const answers: Answers = createAnswers({ ...parts, remember: home.remember });
  const running = new Set<Promise<void>>();
  /** Keys being handled now. */
  const underWay = new Set<string>();
  const queue: (() => Promise<void>)[] = [];
  let active = 0;

  const track = (work: Promise<void>): Promise<void> => {
    const mine = work.catch((error: unknown) =>
      parts.log.error({ err: error }, 'a delivery of Slack could not be handled'),
    );
    running.add(mine);
    void mine.finally(() => running.delete(mine));
    return mine;
  };

  function pump(): void {
    while (active < EVENTS_AT_ONCE) {
      const next = queue.shift();
      if (!next) return;
      active += 1;
      void track(next()).finally(() => {
        active -= 1;
        pump();
      });
    }
  }

  function run(heard: Heard, work: () => Promise<void>): void {
    const isWaiting = ['command', 'click', 'open-form', 'submit', 'shortcut', 'home'].includes(heard.what.kind);
    if (isWaiting) {
      void track(work());
      return;
    }
    queue.push(work);
    pump();
  }

  const conversation = (heard: Heard): Conversation => ({
    platform: 'slack',
    tenant: parts.own().tenant,
    id: heard.channel,
  });

  /** Where the envelope names no channel, as on the home tab, it is their private chat. */
  async function located(heard: Heard): Promise<Heard> {
    if (heard.channel !== '' || !heard.sender) return heard;
    const { id } = await parts.port.direct(heard.sender.user);
    // Nobody looks at the private chat while pressing on the home tab: answers open as windows.
    return { ...heard, channel: id };
  }

  async function quoted(message: Payload, heard: Heard): Promise<QuotedMessage> {
    const user = textAt(message, 'user');
    const author: Principal =
      user !== '' && textAt(message, 'bot_id') === ''
        ? await parts.people.principal({ tenant: textAt(message, 'user_team') || parts.own().tenant, user })
        : {
            platform: 'slack',
            tenant: parts.own().tenant,
            id: textAt(message, 'bot_id') || 'bot',
            label: 'App',
            standing: 'bot',
          };
    const delivered = textAt(message, 'text');
    const text = decodeText(delivered);
    const ts = textAt(message, 'ts');
    return {
      ref: { conversation: conversation(heard), id: ts },
      author,
      text,
      sentAt: isoOf(ts),
      ...(delivered === text ? {} : { bytes: new TextEncoder().encode(delivered) }),
    };
  }

  async function messageAt(channel: string, ts: string): Promise<Payload | null> {
    const range = { channel, latest: ts, oldest: ts, inclusive: true, limit: 1 };
    const top = listAt(await parts.lookUp('conversations.history', range), 'messages');
    const found = top.find((m) => textAt(m, 'ts') === ts);
    if (found) return objectAt({ found }, 'found');
    const replies = listAt(
      await parts.lookUp('conversations.replies', { channel, ts, latest: ts, inclusive: true }),
      'messages',
    );
    const reply = replies.find((m) => textAt(m, 'ts') === ts);
    return reply ? objectAt({ reply }, 'reply') : null;
  }

  const fetched = async (files: readonly Payload[]): Promise<Downloads> =>
    files.length === 0 ? { files: [], refused: [] } : downloads(files, parts.files);

  const say = (sentences: readonly string[]): DeliverableView => ({
    view: view(
      sentences.join(' '),
      sentences.map((s) => notice('warning', s)),
      'warning',
    ),
    tokens: [],
  });

  /** The event for the desk; null when there is nothing to ask it, with what to tell the person instead. */
  async function eventOf(
    heard: Heard,
    what: What,
  ): Promise<{
    readonly event: ChatEvent | null;
    readonly tell: readonly string[];
    readonly errors?: Readonly<Record<string, string>>;
  }> {
    const actor: Principal = heard.sender
      ? await parts.people.principal(heard.sender)
      : { platform: 'slack', tenant: parts.own().tenant, id: 'slack', label: 'Slack', standing: 'bot' };
    const came = {
      id: heard.id,
      actor,
      conversation: conversation(heard),
      ...(heard.thread ? { thread: heard.thread } : {}),
    };
    const withFiles = (got: Downloads) => (got.files.length > 0 ? { files: got.files } : {});
    const ref = (ts: string) => ({ conversation: conversation(heard), id: ts });
    switch (what.kind) {
      case 'command': {
        const got = await fetched(what.files);
        if (what.files.length > 0 && got.files.length === 0) return { event: null, tell: got.refused };
        const delivered = what.delivered === what.text ? {} : { delivered: what.delivered };
        return {
          event: { kind: 'command', ...came, text: what.text, ...delivered, ...withFiles(got) },
          tell: got.refused,
        };
      }
      case 'message':
        return { event: { kind: 'message', ...came, text: what.text, ref: ref(what.ts) }, tell: [] };
      case 'click':
        return {
          event: { kind: 'click', ...came, token: what.token, message: what.ts === null ? null : ref(what.ts) },
          tell: [],
        };
      case 'submit': {
        const read = readValues(what.view, answers.longOf(what.token));
        if (read.forgotten.length > 0) {
          const words = 'This form is from before a restart. Close it and open it again; nothing was changed.';
          return { event: null, tell: [words], errors: Object.fromEntries(read.forgotten.map((f) => [f, words])) };
        }
        const got = await fetched(read.files.map((id) => ({ id })));
        if (read.files.length > 0 && got.files.length === 0) return { event: null, tell: got.refused };
        return {
          event: { kind: 'submit', ...came, token: what.token, values: read.values, ...withFiles(got) },
          tell: got.refused,
        };
      }
      case 'shortcut': {
        const got = await fetched(listAt(what.message, 'files').map((f) => objectAt({ f }, 'f')));
        const message = await quoted(what.message, heard);
        if (got.refused.length > 0 && got.files.length === 0 && message.text === '')
          return { event: null, tell: got.refused };
        return {
          event: { kind: 'shortcut', ...came, shortcut: what.shortcut, message, ...withFiles(got) },
          tell: got.refused,
        };
      }
      case 'reaction': {
        const message = await messageAt(heard.channel, what.ts);
        if (!message) return { event: null, tell: [] };
        return {
          event: {
            kind: 'reaction',
            ...came,
            emoji: what.emoji,
            isAdded: what.isAdded,
            message: await quoted(message, heard),
          },
          tell: [],
        };
      }
      case 'source-changed':
        return { event: { kind: 'source-changed', ...came, change: what.change, ref: ref(what.ts) }, tell: [] };
      case 'joined':
        return { event: { kind: 'joined', ...came }, tell: [] };
      case 'conversation-changed':
        return { event: { kind: 'conversation-changed', ...came, change: what.change }, tell: [] };
      case 'home':
      case 'open-form':
        return { event: null, tell: [] };
    }
  }

  async function handle(came: Heard, ack: OpenAck | null, isAgain: boolean): Promise<void> {
    const desk = parts.desk();
    if (!desk) throw new Error('the desk is not there yet');
    const heard = await located(came);
    const { what } = heard;
    if (what.kind === 'home') {
      if (heard.sender) await home.publish(desk, await parts.people.principal(heard.sender), heard.sender.user);
      return;
    }
    if (what.kind === 'open-form') return answers.openWaiting(heard, what.form);
    const { event, tell, errors } = await eventOf(heard, what);
    if (errors) return answers.show(heard, { kind: 'errors', errors }, ack);
    if (event) {
      const reply = await desk.handle(event);
      await answers.show(heard, reply, ack);
      if (isAgain && reply.kind === 'none' && ['command', 'click', 'submit'].includes(event.kind)) {
        const words =
          'Countersign was restarted while it worked on something of yours. Look whether it was done; if not, do it again.';
        await answers.show(
          heard,
          {
            kind: 'private',
            view: { view: view(words, [notice('warning', words), context(`Your last ${event.kind}.`)]), tokens: [] },
          },
          null,
        );
      }
    } else await ack?.ack();
    if (tell.length > 0) await answers.show(heard, { kind: 'private', view: say(tell) }, null);
  }

  /** Tries again what could not be looked up now; after some tries it waits in the inbox for the next start. */
  async function attempt(heard: Heard, key: string, count: number): Promise<void> {
    try {
      await handle(heard, null, false);
      await parts.arrivals.handled(key);
      underWay.delete(key);
    } catch (error) {
      if (count >= TRIES) {
        underWay.delete(key);
        throw error;
      }
      const wait = error instanceof TryLater ? error.afterMs : 500 * 2 ** count;
      setTimeout(() => run(heard, () => attempt(heard, key, count + 1)), wait).unref();
    }
  }

  async function submit(heard: Heard, key: string, ack: Ack): Promise<void> {
    const working = new Working(heard, ack, parts.call);
    const timer = setTimeout(() => void working.becomesSlow(), SUBMIT_WAIT_MS);
    try {
      await handle(heard, working, false);
    } finally {
      clearTimeout(timer);
      await working.ack().catch(() => {});
      await parts.arrivals.handled(key);
    }
  }

  return {
    async take(body, ack) {
      const key = deliveryKey(body);
      if (key === null || !isOurs(body, parts.own())) {
        parts.log.warn(
          { type: textAt(body, 'type') || 'command', team: textAt(body, 'team_id') },
          'a delivery of Slack is not for this workspace, or is of no known kind; it is left alone',
        );
        return ack();
      }
      const isNew = await parts.arrivals.keep(key, JSON.stringify(body));
      const heard = hear(body, parts.own());
      if (!isNew || !heard) {
        await ack();
        if (!heard) await parts.arrivals.handled(key);
        return;
      }
      if (heard.what.kind === 'submit') {
        underWay.add(key);
        void track(submit(heard, key, ack).finally(() => underWay.delete(key)));
        return;
      }
      await ack();
      underWay.add(key);
      run(heard, () => attempt(heard, key, 1));
    },
    async resume() {
      for (const arrival of await parts.arrivals.unhandled('slack:')) {
        if (underWay.has(arrival.id)) continue;
        const heard = hear(objectAt({ body: JSON.parse(arrival.body) }, 'body'), parts.own());
        if (heard) await track(handle(heard, null, true));
        await parts.arrivals.handled(arrival.id);
      }
    },
    async catchUp(heard) {
      await track(handle(heard, null, false));
    },
    async settled() {
      while (running.size > 0 || queue.length > 0)
        await Promise.all([...running, new Promise((r) => setTimeout(r, 5))]);
    },
  };
}

/** The acknowledgement of a submission: given once; when the work takes too long, a window says so and gets the answer later. */
class Working implements OpenAck {
  readonly #heard: Heard;
  readonly #ack: Ack;
  readonly #call: Call;
  #isAcked = false;
  #isSlow = false;

  constructor(heard: Heard, ack: Ack, call: Call) {
    this.#heard = heard;
    this.#ack = ack;
    this.#call = call;
  }

  async becomesSlow(): Promise<void> {
    if (this.#isAcked) return;
    this.#isAcked = true;
    this.#isSlow = true;
    await this.#ack({ response_action: 'update', view: SLOW });
  }

  async ack(response?: Payload): Promise<void> {
    if (!this.#isAcked) {
      this.#isAcked = true;
      return this.#ack(response);
    }
    if (!this.#isSlow) return;
    this.#isSlow = false;
    const next = response?.['view'] ?? DONE;
    const errors = Object.values(objectAt(response, 'errors')).map(String);
    const shown = errors.length > 0 ? windowWith(errors.join(' ').slice(0, 2900)) : next;
    await this.#call('views.update', { view_id: this.#heard.ways.modal, view: shown });
  }
}

const windowWith = (text: string): Payload => ({
  type: 'modal',
  callback_id: 'panel',
  title: { type: 'plain_text', text: 'Countersign' },
  close: { type: 'plain_text', text: 'Close' },
  blocks: [{ type: 'section', text: { type: 'plain_text', text } }],
});
const SLOW = windowWith('Working. This takes a moment; the answer comes here.');
const DONE = windowWith('Done. The answer is in your messages.');
