// audit policy: which rules are in force, and taking up a changed organisation's file while the server runs.
import type { Actor } from '../audit/record.ts';
import { systemActor } from '../chat/actor.ts';
import { fixed, outgoing } from '../chat/outbox.ts';
import type { FileNow, LiveOrganisation, PolicyFile } from '../organisation/live.ts';
import type { LoadedOrganisation } from '../organisation/load.ts';
import { refuse } from '../refusal.ts';
import { LedgerUnavailable, type OutboxEntry } from '../store/types.ts';
import { actions, button, code, fields, notice, strong, text, time, untrusted, view } from '../view/build.ts';
import type { Element, View } from '../view/types.ts';
import { type Answer, type Call, type Command, one, type Services } from './types.ts';

export interface PolicyParts {
  readonly services: Services;
  readonly live: LiveOrganisation;
  /** Makes ready everything a new file needs; throws with what to do when it cannot. What it gives is called once the file is in force. */
  readonly prepare: (next: LoadedOrganisation) => Promise<() => void>;
}

const STREAM = 'workspace';

const record = (services: Services, actor: Actor, type: string, body: object, outbox: readonly OutboxEntry[] = []) =>
  services.incidents.decide(STREAM, { actor, incident: null }, () => ({ records: [{ type, body }], outbox }));

/** The act of taking a file up. A record that cannot be kept takes nothing up. */
export function createPolicy({ services, live, prepare }: PolicyParts): PolicyFile {
  const refused = async (actor: Actor, faults: string): Promise<FileNow> => {
    services.log.error({ faults }, 'the changed organisation file was not taken up; the rules of before stay in force');
    const said = await announcements(services, `refused/${services.now()}`, brokenView(faults));
    const body = { inForce: live.hash, faults: faults.split('\n').slice(0, 10) };
    await record(services, actor, 'policy.refused', body, said);
    return { kind: 'broken', faults };
  };
  return {
    look: () => live.look(),
    async reload(actor) {
      const now = live.look();
      if (now.kind === 'same') return now;
      if (now.kind === 'broken') return refused(actor, now.faults);
      let finish: () => void;
      try {
        finish = await prepare(now.next);
      } catch (error) {
        return refused(actor, error instanceof Error ? error.message : String(error));
      }
      const before = live.hash;
      const said = await announcements(services, `${now.next.hash}/${services.now()}`, takenView(actor, now.next.hash));
      await record(services, actor, 'policy.loaded', { hash: now.next.hash, before }, said);
      live.take(now.next);
      finish();
      services.log.info({ hash: now.next.hash, before }, 'the changed organisation file is in force');
      // What waits under the old rules becomes void at once, not when somebody presses it.
      for (const key of await services.incidentKeys()) services.nudgeExecutions(key);
      return now;
    },
  };
}

/** At start: puts on record which file is in force, when it is not the one of the last record. */
export async function recordPolicyAtStart(services: Services): Promise<void> {
  const { hash } = services.organisation;
  const last = await newest(services);
  const before = (last?.body as { hash?: string } | undefined)?.hash ?? null;
  if (before !== hash) await record(services, systemActor, 'policy.loaded', { hash, before });
}

const newest = async ({ store }: Services) =>
  (await store.find({ stream: STREAM, typePrefix: 'policy.loaded', newestFirst: true, limit: 1 }))[0]?.record ?? null;

/** What each open incident is told, committed with the record. */
async function announcements(services: Services, key: string, shown: View): Promise<readonly OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  for (const incident of await services.incidentKeys()) {
    const { conversation, phase } = (await services.incidents.load(incident)).state.incident;
    if (!conversation || phase === 'closed') continue;
    entries.push(
      outgoing(`policy/${key}/${incident}`, { op: 'post', to: conversation, content: fixed(shown) }, 'decision'),
    );
  }
  return entries;
}

const takenView = (actor: Actor, hash: string): View =>
  view(
    "The organisation's file was changed and is in force",
    [
      notice(
        'warning',
        strong("A changed organisation's file is in force"),
        ', taken up by ',
        untrusted(actor.label),
        '. Who may approve what can be different now. Containment that waited under the old rules is void; propose it again.',
      ),
      text('Its SHA-256: ', code(hash)),
    ],
    'warning',
  );

const brokenView = (faults: string): View =>
  view(
    "The changed organisation's file was NOT taken up",
    [
      notice(
        'danger',
        strong("The organisation's file was changed and cannot be used. "),
        'The rules of before stay in force. Whoever keeps it corrects it and takes it up again.',
      ),
      ...faultLines(faults),
    ],
    'danger',
  );

const faultLines = (faults: string): readonly Element[] =>
  faults
    .split('\n')
    .slice(0, 5)
    .map((fault) => text(untrusted(fault)));

async function show(call: Call): Promise<Answer> {
  const { services } = call;
  const now = services.policy.look();
  const loaded = await newest(services);
  const state: Readonly<Record<FileNow['kind'], readonly Element[]>> = {
    same: [text('The file on disk is the one in force.')],
    changed: [
      notice(
        'warning',
        strong('The file on disk is another one, and it is not in force. '),
        'Taking it up makes void what waits for approval or has not started.',
      ),
      actions(button('Take it up', 'audit policy', { act: 'reload' }, { style: 'danger' })),
    ],
    broken: [
      notice('danger', strong('The file on disk cannot be used. '), 'The rules of before stay in force.'),
      ...faultLines(now.kind === 'broken' ? now.faults : ''),
    ],
  };
  return {
    kind: 'private',
    view: view("The organisation's file", [
      fields({
        'SHA-256 in force': code(services.organisation.hash),
        ...(loaded ? { 'Taken up': time(loaded.ts), By: untrusted(loaded.actor.label) } : {}),
      }),
      ...state[now.kind],
    ]),
  };
}

async function reload(call: Call): Promise<Answer> {
  if (!call.person?.roles.includes('commander'))
    return refuse(
      'not-permitted',
      "Taking up a changed file is for people with the standing role commander in the organisation's file, or for whoever keeps the server.",
    );
  try {
    const done = await call.services.policy.reload(call.recordActor);
    switch (done.kind) {
      case 'same':
        return told('info', 'The file on disk is the one in force; nothing changed.');
      case 'changed':
        return told('good', 'The changed file is in force. What waited under the old rules is void.');
      case 'broken':
        return { kind: 'private', view: brokenView(done.faults) };
    }
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    return refuse('ledger-unavailable', 'The ledger takes no record now, so the rules of before stay in force.');
  }
}

const told = (tone: 'info' | 'good', words: string): Answer => ({
  kind: 'private',
  view: view(words, [notice(tone, words)]),
});

export const policy: Command = {
  name: 'audit policy',
  summary: "Which rules are in force; takes up a changed organisation's file",
  args: [{ name: 'act', summary: 'reload', isRequired: false, choices: ['reload'] }],
  examples: ['audit policy', 'audit policy reload'],
  effect: 'record',
  who: 'anyone',
  needsIncident: false,
  run: (call) => (one(call.args, 'act') === 'reload' ? reload(call) : show(call)),
};
