// Decisions on playbook runs, with the card of the run in the channel.
import { live } from '../chat/outbox.ts';
import type { Dossier } from '../incident/dossier.ts';
import { ROLES } from '../incident/types.ts';
import type { Notice } from '../notice/types.ts';
import { humanKey, personOf } from '../organisation/people.ts';
import { decidePlaybook } from '../playbook/decide.ts';
import { evolvePlaybooks } from '../playbook/evolve.ts';
import type { PlaybookCommand, PlaybookContext, PlaybookRecord, PlaybookState } from '../playbook/types.ts';
import { runView } from '../playbook/view.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { namesIn } from './names.ts';
import { holdsRole } from './permission.ts';
import { incidentOf } from './status.ts';
import type { Answer, Call, Message } from './types.ts';

/** Notices that went out and were not taken back. */
export const sentIn = ({ notice }: Dossier): readonly Notice[] => notice.notices.filter((n) => n.state === 'sent');

function contextOf(call: Call, dossier: Dossier): PlaybookContext {
  const org = call.services.organisation.organisation;
  return {
    now: call.services.now(),
    newId: call.services.randomId,
    actor: { kind: call.recordActor.kind, key: humanKey(org, call.actor) },
    roles: [
      ...ROLES.filter((r) => holdsRole(org, dossier, call.actor, r)),
      ...(personOf(org, call.actor)?.roles ?? []),
    ],
    exercise: dossier.incident.kind === 'exercise',
    sent: sentIn(dossier),
  };
}

/** The card of a run in the channel, edited in place. */
const walker = (dossier: Dossier, run: string): readonly Message[] => {
  const { key, conversation } = dossier.incident;
  return conversation
    ? [
        {
          key: `walker/${key}/${run}/${dossier.version}`,
          message: { op: 'put', name: `walker/${key}/${run}`, to: conversation, content: live('walker', key, run) },
        },
      ]
    : [];
};

type Ask = (state: PlaybookState, context: PlaybookContext) => readonly PlaybookCommand[];

/** Decides commands one after the other on the state the ones before leave; what went before a refusal is kept when `keepsPart`. */
function decideAll(
  commands: readonly PlaybookCommand[],
  state: PlaybookState,
  ctx: PlaybookContext,
  keepsPart: boolean,
): { readonly records: readonly PlaybookRecord[]; readonly refusal: Refusal | null } {
  let now = state;
  const records: PlaybookRecord[] = [];
  for (const command of commands) {
    const decided = decidePlaybook(command, now, ctx);
    if ('kind' in decided) {
      // Saving what was saved already is not worth a refusal.
      if (decided.code === 'unchanged') continue;
      return { records: keepsPart ? records : [], refusal: decided };
    }
    for (const record of decided) now = evolvePlaybooks(now, record);
    records.push(...decided);
  }
  return { records, refusal: null };
}

/** Decides, commits, and answers with the run’s card. With `keepsPart`, what was saved before a refusal is kept. */
export async function act(call: Call, ask: Ask, keepsPart = false): Promise<Answer> {
  let left: Refusal | null = null;
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const ctx = contextOf(call, dossier);
    const { records, refusal } = decideAll(ask(dossier.playbook, ctx), dossier.playbook, ctx, keepsPart);
    left = refusal;
    if (refusal && records.length === 0) return refusal;
    const runs = [...new Set(records.map((r) => r.body.runId))];
    return {
      records: records.map((r) => ({
        type: r.type,
        body: r.body,
        subject:
          r.type === 'playbook.started'
            ? r.body.key
            : (dossier.playbook.runs.find((x) => x.id === r.body.runId)?.key ?? ''),
      })),
      say: runs.flatMap((run) => walker(dossier, run)),
    };
  });
  if (isRefusal(done)) return done;
  if (left) return left;
  const last = done.records.at(-1);
  const runId = (last?.body as { runId?: string } | undefined)?.runId;
  const run = done.state.playbook.runs.find((r) => r.id === runId);
  if (!run) return { kind: 'none' };
  return {
    kind: 'private',
    view: runView(
      incidentOf(call),
      run,
      call.services.now(),
      call.services.playbooks().playbooks.get(run.playbook.id),
      namesIn(call.services),
    ),
  };
}
