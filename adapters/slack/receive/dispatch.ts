// From a stored delivery to the desk and back: looks up who it was and what it points at, asks the desk, shows the reply.
import { type Arrivals, createRounds } from '../../../src/chat/arrivals.ts';
import type { LostDelivery } from '../../../src/chat/given-up.ts';
import { TryLater } from '../../../src/chat/try-later.ts';
import type { DeliverableView, Desk, Reply } from '../../../src/chat/types.ts';
import { notice, view } from '../../../src/view/build.ts';
import type { Notes, SlackLog, SlackOptions } from '../options.ts';
import { deliveryKey, type Installation, isOurs } from '../parse/envelope.ts';
import { type Heard, hear } from '../parse/hear.ts';
import { objectAt, type Payload, textAt } from '../parse/payload.ts';
import type { People } from '../people.ts';
import type { Call } from '../send/clients.ts';
import type { SlackPort } from '../send/port.ts';
import { type Answers, createAnswers, type OpenAck } from './answer.ts';
import type { DownloadParts } from './download.ts';
import { createEvents, type Understood } from './event.ts';
import { createHome } from './home.ts';
import { createSharing } from './sharing.ts';
import { type Ack, Working } from './working.ts';

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
  readonly notes: Notes;
  readonly now: () => number;
  readonly retryMs?: NonNullable<SlackOptions['waits']>['retryMs'];
}

export interface Dispatch {
  /** Stores, acknowledges, handles. Throws when it cannot be stored: it must not be acknowledged then. */
  take(body: Payload, ack: Ack): Promise<void>;
  /** Handles what was acknowledged and not finished, by this process or an earlier one; gives up what can never be handled. */
  resume(): Promise<void>;
  /** Handles a message found in history after a gap, as the event it would have come as; kept like any other. */
  catchUp(body: Payload): Promise<void>;
  /** Types of event that came in since the start. */
  readonly heardTypes: ReadonlySet<string>;
  /** Waits for what is being handled now. */
  settled(): Promise<void>;
}

/** What the desk answered, once it did. */
interface Said {
  reply?: Reply;
  /** What it was not asked about, such as files that could not be fetched. */
  tell?: readonly string[];
}

/** A submission that takes longer is answered with a window that says so. */
const SUBMIT_WAIT_MS = 2200;
const TRIES = 6;
/** Plain events that are handled at the same time; people who wait have no such limit. */
const EVENTS_AT_ONCE = 8;

export function createDispatch(parts: DispatchParts): Dispatch {
  const home = createHome({ call: parts.lookUp, log: parts.log });
  const answers: Answers = createAnswers({ ...parts, remember: home.remember });
  const eventOf = createEvents({ ...parts, call: parts.lookUp, longOf: answers.longOf });
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

  /** Where the envelope names no channel, as on the home tab, it is their private chat. */
  async function located(heard: Heard): Promise<Heard> {
    if (heard.channel !== '' || !heard.sender) return heard;
    const { id } = await parts.port.direct(heard.sender.user);
    return { ...heard, channel: id, ways: { ...heard.ways, isHome: true } };
  }

  const say = (sentences: readonly string[]): DeliverableView => ({
    view: view(
      sentences.join(' '),
      sentences.map((s) => notice('warning', s)),
      'warning',
    ),
    tokens: [],
  });

  /**
   * `said` keeps what the desk answered: when showing it fails, a later try shows it and does not ask twice. `isAgain`: an
   * earlier process may have asked already.
   */
  async function handle(came: Heard, ack: OpenAck | null, isAgain: boolean, said: Said = {}): Promise<void> {
    const desk = parts.desk();
    if (!desk) throw new Error('the desk is not there yet');
    const heard = await located(came);
    const { what } = heard;
    if (what.kind === 'home') {
      if (heard.sender) await home.publish(desk, await parts.people.principal(heard.sender), heard.sender.user);
      return;
    }
    if (what.kind === 'open-form') return answers.openWaiting(heard, what.form);
    const { event, tell, errors }: Understood = said.reply
      ? { event: null, tell: said.tell ?? [] }
      : await eventOf(heard, what);
    said.tell = tell;
    if (errors) return answers.show(heard, { kind: 'errors', errors }, ack);
    if (event) said.reply = await desk.handle(event, { isAgain });
    if (said.reply) await answers.show(heard, said.reply, ack);
    else await ack?.ack();
    if (tell.length > 0) await answers.show(heard, { kind: 'private', view: say(tell) }, null);
  }

  /** Tries again what could not be looked up now; after some tries it waits in the inbox for the next round. */
  async function attempt(heard: Heard, key: string, count: number, isAgain = false, said: Said = {}): Promise<void> {
    try {
      await handle(heard, null, isAgain, said);
      await parts.arrivals.handled(key);
      underWay.delete(key);
    } catch (error) {
      if (count >= TRIES) {
        underWay.delete(key);
        await parts.arrivals.failed(key, String(error));
        throw error;
      }
      const wait = error instanceof TryLater ? error.afterMs : (parts.retryMs ?? 500) * 2 ** count;
      setTimeout(() => run(heard, () => attempt(heard, key, count + 1, isAgain, said)), wait).unref();
    }
  }

  async function submit(heard: Heard, key: string, ack: Ack): Promise<void> {
    const working = new Working(heard, ack, parts.call);
    const timer = setTimeout(() => void working.becomesSlow(), SUBMIT_WAIT_MS);
    const said: Said = {};
    try {
      await handle(heard, working, false, said);
      await working.ack();
      await parts.arrivals.handled(key);
      underWay.delete(key);
    } catch (error) {
      parts.log.warn({ err: error }, 'a form could not be answered; it is tried again');
      await working.ack().catch(() => {});
      run(heard, () => attempt(heard, key, 2, false, said));
    } finally {
      clearTimeout(timer);
    }
  }

  const heardTypes = new Set<string>();
  const shared = createSharing(parts.notes);

  /** Whether people of other organisations read a channel stands on every event of it. */
  async function noticeSharing(body: Payload): Promise<void> {
    const changed = await shared.look(body);
    if (changed) run(changed, () => attempt(changed, changed.id, 1));
  }

  return {
    heardTypes,
    async take(body, ack) {
      const key = deliveryKey(body);
      if (key === null || !isOurs(body, parts.own())) {
        parts.log.warn(
          { type: textAt(body, 'type') || 'command', team: textAt(body, 'team_id') },
          'a delivery of Slack is not for this workspace, or is of no known kind; it is left alone',
        );
        return ack();
      }
      heardTypes.add(textAt(body, 'event', 'type') || textAt(body, 'type') || 'command');
      const isNew = await parts.arrivals.keep(key, JSON.stringify(body));
      const heard = hear(body, parts.own());
      if (!isNew || !heard) {
        await ack();
        if (!heard) await parts.arrivals.handled(key);
        return;
      }
      if (heard.what.kind === 'submit') {
        underWay.add(key);
        void track(submit(heard, key, ack));
        return;
      }
      underWay.add(key);
      // It is kept: when the acknowledgement does not reach Slack, the repeat is known as one.
      await ack().catch((error: unknown) => parts.log.info({ err: error }, 'an acknowledgement did not reach Slack'));
      run(heard, () => attempt(heard, key, 1));
      await noticeSharing(body).catch((error: unknown) => parts.log.warn({ err: error }, 'sharing was not noted'));
    },
    resume: createRounds({
      arrivals: parts.arrivals,
      prefix: 'slack:',
      now: parts.now,
      log: parts.log,
      isUnderWay: (id) => underWay.has(id),
      async work({ id, body }) {
        const heard = hear(objectAt({ body: JSON.parse(body) }, 'body'), parts.own());
        if (!heard) return parts.arrivals.handled(id);
        underWay.add(id);
        await track(attempt(heard, id, 1, true));
      },
      async lost({ id, body, atMs, tries }, why) {
        const known = told(body, parts.own());
        await parts.desk()?.giveUp({ platform: 'slack', id, ...known, atMs, tries, why });
      },
    }),
    async catchUp(body) {
      const heard = hear(body, parts.own());
      if (!heard || !(await parts.arrivals.keep(heard.id, JSON.stringify(body)))) return;
      underWay.add(heard.id);
      await track(attempt(heard, heard.id, 1));
    },
    async settled() {
      while (running.size > 0 || queue.length > 0)
        await Promise.all([...running, new Promise((r) => setTimeout(r, 5))]);
    },
  };
}

/** What a delivery that was never handled says of itself. It may be the reading of it that fails. */
function told(
  body: string,
  own: Installation,
): Pick<LostDelivery, 'event' | 'kind' | 'author' | 'conversation' | 'words'> {
  const nothing = { kind: 'unknown', author: null, conversation: null, words: '' } as const;
  try {
    const heard = hear(objectAt({ body: JSON.parse(body) }, 'body'), own);
    if (!heard) return { event: '', ...nothing };
    const { what, sender, channel } = heard;
    return {
      event: heard.id,
      kind: what.kind === 'open-form' ? 'click' : what.kind,
      // Only people of the installed workspace have a private chat with us.
      author:
        sender?.tenant === own.tenant ? { platform: 'slack', tenant: own.tenant, id: sender.user, label: '' } : null,
      conversation: channel === '' ? null : { platform: 'slack', tenant: own.tenant, id: channel },
      words: what.kind === 'command' ? what.text : what.kind === 'reaction' ? what.emoji : '',
    };
  } catch {
    return { event: '', ...nothing };
  }
}
