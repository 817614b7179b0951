// Does what is due, in every open incident, every few seconds. Due work is not kept in timers or tables of its own: it follows from
// the ledger, so a restart or a clock that jumps loses none, and the append at an expected version lets one server win.
import cron, { type ScheduledTask } from 'node-cron';
import type { Logger } from 'pino';
import type { DoctorRow } from '../adapter.ts';
import { systemActor } from '../chat/actor.ts';
import type { Duty } from '../commands/duties.ts';
import type { Services } from '../commands/types.ts';
import { isRefusal } from '../refusal.ts';

export interface SchedulerParts {
  readonly services: Services;
  readonly duties: readonly Duty[];
  readonly log: Logger;
  /** Called when something was recorded, so that what it queued is delivered. */
  readonly nudge: () => void;
}

const LATE_S = 60;
const EVERY_15_SECONDS = '*/15 * * * * *';

export class Scheduler {
  readonly #parts: SchedulerParts;
  #task: ScheduledTask | null = null;
  #running: Promise<number> | null = null;
  #ranAt: number | null = null;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  /** Looks at once and then every 15 seconds. */
  start(): void {
    this.#task = cron.schedule(EVERY_15_SECONDS, () => this.tick().then(() => undefined), {
      timezone: 'Etc/UTC',
      noOverlap: true,
      name: 'due work',
    });
    void this.tick();
  }

  async stop(): Promise<void> {
    await this.#task?.destroy();
    this.#task = null;
    await this.#running;
  }

  /** Its row of the self test. */
  doctorRow(): DoctorRow {
    const name = 'Schedule';
    const ago = this.#ranAt === null ? null : Math.round((this.#parts.services.now() - this.#ranAt) / 1000);
    if (this.#task !== null && ago !== null && ago <= LATE_S)
      return { name, state: 'good', says: `What is due is looked for every 15 s; last ${Math.max(0, ago)} s ago.` };
    return {
      name,
      state: 'bad',
      says: `Nothing due has been looked for ${ago === null ? 'yet' : `since ${ago} s`}: reminders and expiries are late. Start Countersign again; if it stays, look into its log.`,
    };
  }

  /** Does everything that is due now, once; gives how many records were written. Calls at the same time share one run. */
  tick(): Promise<number> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<number> {
    let written = 0;
    for (const key of await this.#parts.services.incidentKeys()) written += await this.#incident(key);
    this.#ranAt = this.#parts.services.now();
    if (written > 0) this.#parts.nudge();
    return written;
  }

  async #incident(key: string): Promise<number> {
    const { services, duties, log } = this.#parts;
    let written = 0;
    for (const duty of duties) {
      try {
        const nowAt = new Date(services.now()).toISOString();
        if (!duty.due((await services.incidents.load(key)).state, nowAt, services)) continue;
        const done = await services.act(
          key,
          systemActor,
          (dossier) => duty.due(dossier, nowAt, services) ?? { records: [] },
        );
        if (!isRefusal(done)) written += done.records.length;
      } catch (error) {
        // One duty of one incident that breaks must not keep the others waiting.
        log.error({ err: error, incident: key, duty: duty.name }, 'due work could not be done; it is tried again');
      }
    }
    return written;
  }
}
