// What Teams delivered, kept before it is handled and answered once: a crash loses nothing, a repetition does nothing twice.
import { type Arrival, type Arrivals, createRounds, type Spent } from '../../src/chat/arrivals.ts';
import type { TeamsActivity } from './parse/activity.ts';
import { invokeData, readPress } from './parse/press.ts';
import type { Answered } from './turn.ts';

const PREFIX = 'teams:';
const KEPT_ANSWERS = 500;

/** The same for the same delivery; null for what has no id or no effect and needs no keeping. */
export function arrivalKey(activity: TeamsActivity, tenant: string): string | null {
  if (activity.id === undefined) return null;
  // Looking at a card anew changes nothing and comes often.
  const look = readPress(invokeData(activity.value))?.countersign;
  if (activity.type === 'invoke' && (look === 'refresh' || look === 'back')) return null;
  // An edit keeps the id of its message, so each one is told apart by when it came.
  const edit = activity.type === 'message' || activity.type === 'invoke' ? '' : `/${activity.timestamp ?? ''}`;
  return `${PREFIX}${tenant}/${activity.conversation.id}/${activity.from?.aadObjectId ?? ''}/${activity.type}/${activity.id}${edit}`;
}

export class Inbox {
  readonly #arrivals: Arrivals;
  // Whole answers, in memory, because they carry buttons.
  readonly #answers = new Map<string, Promise<Answered>>();

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
  }

  /** Does the work once and gives its answer to every repetition. Throws what keeping or the work throws: then it is not acknowledged. */
  once(key: string | null, activity: TeamsActivity, work: () => Promise<Answered>): Promise<Answered> {
    if (key === null) return work();
    const before = this.#answers.get(key);
    if (before) return before;
    const answer = this.#kept(key, activity, work);
    this.#answers.set(key, answer);
    if (this.#answers.size > KEPT_ANSWERS) this.#answers.delete(this.#answers.keys().next().value as string);
    // A fault is not an answer: the next delivery tries again.
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }

  async #kept(key: string, activity: TeamsActivity, work: () => Promise<Answered>): Promise<Answered> {
    const isNew = await this.#arrivals.keep(key, JSON.stringify(activity));
    if (!isNew && activity.type !== 'invoke' && !(await this.#isOpen(key))) return { status: 200 };
    try {
      const answer = await work();
      await this.#arrivals.handled(key);
      return answer;
    } catch (error) {
      // Who pressed sees at once that it failed, and presses again: doing it later as well would surprise them.
      if (activity.type === 'invoke') await this.#arrivals.handled(key);
      else await this.#arrivals.failed(key, String(error));
      throw error;
    }
  }

  async #isOpen(key: string): Promise<boolean> {
    return (await this.#arrivals.unhandled(key)).some((a) => a.id === key);
  }

  /** It will never be anything: nobody is named in it. */
  drop(key: string | null): Promise<void> {
    return key === null ? Promise.resolve() : this.#arrivals.handled(key);
  }

  /** Gives a function that takes up what was kept and not finished, oldest first, and gives up what can never be handled. */
  rounds(parts: {
    readonly now: () => number;
    readonly work: (body: unknown) => Promise<void>;
    readonly lost: (arrival: Arrival, why: Spent) => Promise<void>;
    readonly log: { error(facts: object, words: string): void };
  }): () => Promise<void> {
    const arrivals = this.#arrivals;
    return createRounds({
      ...parts,
      arrivals,
      prefix: PREFIX,
      isUnderWay: (id) => this.#answers.has(id),
      async work({ id, body }) {
        await parts.work(JSON.parse(body));
        await arrivals.handled(id);
      },
    });
  }
}
