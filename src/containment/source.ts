// Containment that a playbook's step asks for: what the step demands, whether it still asks, and the step told of it all.

import type { Actor } from '../audit/record.ts';
import type { Dossier } from '../incident/dossier.ts';
import { humanKey } from '../organisation/people.ts';
import type { Organisation } from '../organisation/schema.ts';
import { decidePlaybook } from '../playbook/decide.ts';
import { durationMs } from '../playbook/duration.ts';
import { evolvePlaybooks } from '../playbook/evolve.ts';
import type {
  PlaybookCommand,
  PlaybookContext,
  PlaybookRecord,
  PlaybookState,
  ProposalOutcome,
} from '../playbook/types.ts';
import type { Refusal } from '../refusal.ts';
import {
  type CanonicalRequest,
  type ContainmentRecord,
  containmentOf,
  REVERSIBILITY,
  type Reversibility,
  type Source,
} from './types.ts';

/** What a step asks for beyond the organisation's rules. The stricter of the two always holds. */
export interface Demands {
  readonly quorum: number;
  readonly expiresMinutes: number | null;
  /** Standing role one of the approvers must have, or null. */
  readonly role: string | null;
  readonly reversibility: Reversibility;
}

export const noDemands: Demands = { quorum: 1, expiresMinutes: null, role: null, reversibility: 'reversible' };

/** The class that is harder to undo. */
export const harder = (a: Reversibility, b: Reversibility): Reversibility =>
  REVERSIBILITY.indexOf(a) >= REVERSIBILITY.indexOf(b) ? a : b;

/** The source and demands of a step of a run of this incident; a person's own when there is none. */
export function sourceOf(
  dossier: Pick<Dossier, 'playbook'>,
  runId: string,
  stepId: string,
): { readonly source: Source; readonly demands: Demands } | null {
  const run = dossier.playbook.runs.find((r) => r.id === runId);
  const step = run?.playbook.steps.find((s) => s.id === stepId);
  if (!run || !step) return null;
  const { approval } = step;
  const stated = step.reversibility;
  return {
    source: {
      kind: 'playbook',
      playbook: run.playbook.id,
      version: String(run.playbook.version),
      hash: run.hash,
      run: run.id,
      step: step.id,
    },
    demands: {
      quorum: approval?.quorum ?? 1,
      expiresMinutes: approval ? Math.max(1, Math.floor(durationMs(approval.expires) / 60_000)) : null,
      role: approval?.role ?? null,
      reversibility: stated === undefined || stated === 'read_only' ? 'reversible' : stated,
    },
  };
}

/** A person's own request stays; a playbook's lasts as long as its step is open, in a running run of the same bytes. */
export function isSourceCurrent(dossier: Pick<Dossier, 'playbook'>, request: CanonicalRequest): boolean {
  const { source } = request;
  if (source.kind === 'person') return true;
  const run = dossier.playbook.runs.find((r) => r.id === source.run);
  return run?.status === 'open' && run.hash === source.hash && (run.steps[source.step]?.settled ?? 'no') === 'no';
}

const OUTCOMES: Readonly<Partial<Record<ContainmentRecord['type'], ProposalOutcome>>> = {
  'approval.granted': 'approved',
  'approval.denied': 'denied',
  'containment.withdrawn': 'withdrawn',
  'containment.superseded': 'superseded',
  'containment.expired': 'expired',
  'containment.lapsed': 'expired',
  'execution.succeeded': 'executed',
  'execution.failed': 'failed',
  'execution.unknown': 'unknown',
};

/** What the steps behind these records learn of them, in the same transaction; a refusal when the step takes no proposal. */
export function linksFor(
  org: Organisation,
  dossier: Pick<Dossier, 'playbook' | 'containment' | 'incident'>,
  actor: Actor,
  nowAt: string,
  records: readonly ContainmentRecord[],
): { readonly records: readonly PlaybookRecord[]; readonly refusal: Refusal | null } {
  const context: PlaybookContext = {
    now: Date.parse(nowAt),
    newId: () => {
      throw new Error('a link makes no run');
    },
    actor: { kind: actor.kind, key: actor.kind === 'human' ? humanKey(org, actor) : actor.id },
    roles: [],
    exercise: dossier.incident.kind === 'exercise',
    sent: [],
  };
  let state: PlaybookState = dossier.playbook;
  const made: PlaybookRecord[] = [];
  for (const record of records) {
    const command = commandFor(dossier, record);
    if (!command) continue;
    const decided = decidePlaybook(command, state, context);
    if ('kind' in decided) {
      if (command.kind === 'propose') return { records: [], refusal: decided };
      // The run moved on without it; the containment's own records tell the story.
      continue;
    }
    for (const r of decided) state = evolvePlaybooks(state, r);
    made.push(...decided);
  }
  return { records: made, refusal: null };
}

function commandFor(dossier: Pick<Dossier, 'containment'>, record: ContainmentRecord): PlaybookCommand | null {
  if (record.type === 'containment.proposed') {
    const { source, request } = record.body.request;
    return source.kind === 'playbook'
      ? { kind: 'propose', runId: source.run, stepId: source.step, proposal: request }
      : null;
  }
  const key = (record.body as { readonly request?: unknown }).request;
  const c = typeof key === 'string' ? containmentOf(dossier.containment, key) : null;
  if (c?.request.source.kind !== 'playbook') return null;
  const outcome =
    record.type === 'containment.disputed' && (c.state === 'pending' || c.state === 'granted')
      ? 'superseded'
      : OUTCOMES[record.type];
  return outcome
    ? { kind: 'linkOutcome', runId: c.request.source.run, stepId: c.request.source.step, proposal: c.key, outcome }
    : null;
}
