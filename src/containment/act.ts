// One way from a decision to the ledger: the setting is read, the ruling and its messages are committed together, and a
// refusal is told only after its record is kept.
import type { Actor } from '../audit/record.ts';
import { accountKey } from '../chat/actor.ts';
import { live } from '../chat/outbox.ts';
import type { Message, Services } from '../commands/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { PlaybookRecord } from '../playbook/types.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import { effectiveNow, type Ruling, type Setting } from './decide.ts';
import type { DirectoryFact } from './decide-approval.ts';
import { no, type ReasonCode } from './reasons.ts';
import { messagesFor } from './say.ts';
import { linksFor } from './source.ts';
import type { Containment } from './types.ts';

/** What decisions look at, from a dossier and the services. */
export const settingOf = (
  services: Pick<Services, 'organisation' | 'now'>,
  dossier: Pick<Dossier, 'incident' | 'containment' | 'finding'>,
): Setting => ({
  org: services.organisation.organisation,
  policy: services.organisation.hash,
  nowAt: effectiveNow(dossier.containment, new Date(services.now()).toISOString()),
  incident: dossier.incident,
  slice: dossier.containment,
  finding: dossier.finding,
});

/** Directory facts of these people, asked at the same time. */
export async function askDirectory(
  services: Pick<Services, 'standingOf'>,
  people: readonly PersonRef[],
): Promise<(who: PersonRef) => DirectoryFact> {
  const unique = new Map(people.map((p) => [accountKey(p), p]));
  const facts = new Map(
    await Promise.all(
      [...unique].map(async ([id, p]): Promise<[string, DirectoryFact]> => [id, await services.standingOf(p)]),
    ),
  );
  return (who) => facts.get(accountKey(who)) ?? 'unavailable';
}

/** Everybody whose standing a request rests on. */
export const votersOf = (c: Containment | null): readonly PersonRef[] => [
  ...(c?.votes.map((v) => v.person) ?? []),
  ...(c?.grant?.brokenGlass ? [c.grant.brokenGlass.by] : []),
];

const subjectsOf = (dossier: Dossier, records: readonly PlaybookRecord[]) =>
  records.map((r) => ({
    type: r.type,
    body: r.body,
    subject: dossier.playbook.runs.find((x) => x.id === r.body.runId)?.key ?? '',
  }));

/** The card of a playbook's run is drawn again when one of its steps learned something. */
const walkersOf = (dossier: Dossier, records: readonly PlaybookRecord[]): readonly Message[] => {
  const { key, conversation } = dossier.incident;
  if (!conversation) return [];
  return [...new Set(records.map((r) => r.body.runId))].map((run) => ({
    key: `walker/${key}/${run}/contain-${dossier.version}`,
    message: { op: 'put', name: `walker/${key}/${run}`, to: conversation, content: live('walker', key, run) },
  }));
};

export interface Ruled {
  readonly kind: 'ruled';
  readonly dossier: Dossier;
  readonly request: string | null;
  readonly refusal: Refusal<ReasonCode> | null;
}

/**
 * Commits a ruling on an incident. `decide` may run several times and may look things up, but changes nothing. A ledger that
 * takes no records gives the refusal `ledger-unavailable`, and nothing happened.
 */
export async function rule<More extends object = object>(
  services: Services,
  incident: string,
  actor: Actor,
  decide: (setting: Setting, dossier: Dossier) => (Ruling & More) | Promise<Ruling & More>,
): Promise<(Ruled & { readonly ruling: (Ruling & More) | null }) | Refusal> {
  let last: (Ruling & More) | null = null;
  try {
    const done = await services.act(incident, actor, async (dossier) => {
      const setting = settingOf(services, dossier);
      last = await decide(setting, dossier);
      const links = linksFor(setting.org, dossier, actor, setting.nowAt, last.records);
      if (links.refusal) return links.refusal;
      return {
        records: [...last.records, ...subjectsOf(dossier, links.records)],
        say: [...messagesFor(setting, last.records, dossier.version), ...walkersOf(dossier, links.records)],
      };
    });
    if (isRefusal(done)) return done;
    const ruling = last as (Ruling & More) | null;
    return {
      kind: 'ruled',
      dossier: done.state,
      request: ruling?.request ?? null,
      refusal: ruling?.refusal ?? null,
      ruling,
    };
  } catch (error) {
    if ((error as { name?: string }).name !== 'LedgerUnavailable') throw error;
    services.log.error({ err: error, incident }, 'the ledger took no record, so nothing was done');
    return no('ledger-unavailable');
  }
}
