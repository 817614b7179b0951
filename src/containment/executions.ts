// What must happen without anybody pressing: time runs out, reminders, approved webhooks start, lost executions become unknown.
// Every step is a conditional write on the incident's stream, so any number of processes may run this at once.
import { systemActor } from '../chat/actor.ts';
import type { Services } from '../commands/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { isRefusal } from '../refusal.ts';
import { askDirectory, rule, settingOf, votersOf } from './act.ts';
import { about, decideVoid, plusMinutes, type Setting } from './decide.ts';
import { type ApprovedContainment, decideOutcome, decideStart, decideUnknown } from './decide-run.ts';
import { isSourceCurrent } from './source.ts';
import { type ContainmentRecord, containmentOf, isOpen, type Outcome } from './types.ts';

/** What came of a run, or that a signed callback will say. */
export type Came = Omit<Outcome, 'at' | 'by'> | 'called-back-later';

/** What carries an approved containment out. Takes nothing else. Never throws: what it cannot tell is `unknown`. */
export interface Executor {
  run(approved: ApprovedContainment): Promise<Came>;
  /** Seconds within which `run` of this webhook answers for certain. */
  deadlineSeconds(webhook: string): number;
}

/** Runs what is due. One a process. */
export class Executions {
  readonly #services: Services;
  readonly #executor: Executor | null;
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #sweep: Promise<void> | null = null;
  #isWanted = false;
  readonly #wanted = new Set<string>();

  /** Without an executor, webhooks never start and their approvals lapse. */
  constructor(services: Services, executor: Executor | null) {
    this.#services = services;
    this.#executor = executor;
  }

  /** Sweeps now and once a second. */
  start(): void {
    this.#timer = setInterval(() => this.nudge(), 1000);
    this.#timer.unref();
    this.nudge();
  }

  /** Says that something may be due, in one incident or in any; returns at once. */
  nudge(incident?: string): void {
    if (incident === undefined) this.#isWanted = true;
    else this.#wanted.add(incident);
    this.#run();
  }

  #run(): void {
    this.#sweep ??= this.#loop().finally(() => {
      this.#sweep = null;
      // Wanted while the last sweep was ending.
      if (this.#isWanted || this.#wanted.size > 0) this.#run();
    });
  }

  /** Waits until nothing is due and no execution of this process is under way. */
  async settled(): Promise<void> {
    this.nudge();
    while (this.#sweep || this.#running.size > 0) await Promise.all([this.#sweep, ...this.#running.values()]);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#sweep;
    await Promise.all(this.#running.values());
  }

  async #loop(): Promise<void> {
    while (this.#isWanted || this.#wanted.size > 0) {
      const keys = this.#isWanted ? await this.#services.incidentKeys() : [...this.#wanted];
      this.#isWanted = false;
      this.#wanted.clear();
      for (const key of keys) {
        try {
          await this.#sweepOne(key);
        } catch (error) {
          this.#services.log.error(
            { err: error, incident: key },
            'what was due could not be done; it is tried again in a second',
          );
        }
      }
    }
  }

  async #sweepOne(incident: string): Promise<void> {
    const { state } = await this.#services.incidents.load(incident);
    const isInFlight = (key: string): boolean => this.#running.has(`${incident}/${key}`);
    if (this.#due(settingOf(this.#services, state), state, isInFlight).length > 0)
      await rule(this.#services, incident, systemActor, (setting, dossier) => ({
        records: this.#due(setting, dossier, isInFlight),
        refusal: null,
        request: null,
      }));
    const now = (await this.#services.incidents.load(incident)).state;
    for (const c of now.containment.all)
      if (c.state === 'granted' && c.request.executor.kind === 'webhook' && this.#executor && !isInFlight(c.key))
        this.#begin(incident, c.key);
  }

  #due(s: Setting, dossier: Dossier, isInFlight: (key: string) => boolean): readonly ContainmentRecord[] {
    return [
      ...decideVoid(s, (request) => isSourceCurrent(dossier, request)),
      ...decideUnknown(s, isInFlight),
      ...reminders(s),
    ];
  }

  #begin(incident: string, key: string): void {
    const id = `${incident}/${key}`;
    const done = this.#execute(incident, key)
      .catch((error: unknown) => {
        this.#services.log.error({ err: error, incident, key }, 'an execution broke off; its outcome will be unknown');
      })
      .finally(() => this.#running.delete(id));
    this.#running.set(id, done);
  }

  async #execute(incident: string, key: string): Promise<void> {
    const executor = this.#executor;
    if (!executor) return;
    const before = containmentOf((await this.#services.incidents.load(incident)).state.containment, key);
    if (!before?.grant || before.request.executor.kind !== 'webhook') return;
    const hold = this.#services.organisation.organisation.containment.hold_seconds;
    if (
      settingOf(this.#services, (await this.#services.incidents.load(incident)).state).nowAt <
      plusMinutes(before.grant.at, hold / 60)
    )
      return;
    const webhook = before.request.executor.webhook;
    const started = await rule(this.#services, incident, systemActor, async (setting, dossier) => {
      const c = containmentOf(dossier.containment, key);
      if (c?.state !== 'granted') return { records: [], refusal: null, request: key, go: null };
      const start = decideStart(setting, c, null, {
        directory: await askDirectory(this.#services, votersOf(c)),
        isSourceCurrent: (request) => isSourceCurrent(dossier, request),
        deadlineSeconds: executor.deadlineSeconds(webhook),
        via: 'dispatch',
      });
      // Asked again in a second; a record of each try would drown the rest.
      return start.refusal?.code === 'directory-unavailable'
        ? { records: [], refusal: start.refusal, request: key, go: null }
        : start;
    });
    const go = isRefusal(started) ? null : (started.ruling?.go ?? null);
    if (!go) return;
    const outcome = await executor.run(go);
    if (outcome === 'called-back-later') return;
    await rule(this.#services, incident, systemActor, (setting, dossier) => {
      const c = containmentOf(dossier.containment, key);
      return c ? decideOutcome(setting, c, { ...outcome, by: null }) : { records: [], refusal: null, request: key };
    });
  }
}

/** Half of the time is over and it still waits: eligible people are reminded, once. */
const reminders = (s: Setting): readonly ContainmentRecord[] =>
  s.slice.all
    .filter(
      (c) =>
        isOpen(c) &&
        c.state === 'pending' &&
        !c.isReminded &&
        s.nowAt >= halfway(c.proposedAt, c.request.expiresAt) &&
        s.nowAt < c.request.expiresAt,
    )
    .map((c) => ({ type: 'containment.reminded', subject: c.key, body: about(c) }));

const halfway = (from: string, to: string): string => new Date((Date.parse(from) + Date.parse(to)) / 2).toISOString();
