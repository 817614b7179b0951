// Proposing a containment and what its own people do to it: withdraw, challenge, ask for changes, stop. Pure.

import type { Findings } from '../finding/types.ts';
import { insidersOf } from '../incident/decide.ts';
import type { Incident } from '../incident/types.ts';
import { humanKey } from '../organisation/people.ts';
import type { Organisation, Person } from '../organisation/schema.ts';
import type { Refusal } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import { eligibleFor, listFor, quorumFor } from './policy.ts';
import { no, type ReasonCode } from './reasons.ts';
import { digestOf, substanceOf } from './request.ts';
import { type Demands, harder } from './source.ts';
import { blastRadius, resolveTargets } from './targets.ts';
import {
  type Attempt,
  type CanonicalRequest,
  type Case,
  type Containment,
  type ContainmentRecord,
  type Containments,
  type Executor,
  isOpen,
  type ParameterValue,
  type Source,
} from './types.ts';

/** What every decision looks at. */
export interface Setting {
  readonly org: Organisation;
  /** Hash of the organisation's file. */
  readonly policy: string;
  /** Server UTC, never before the latest record of the incident. */
  readonly nowAt: string;
  readonly incident: Incident;
  readonly slice: Containments;
  readonly finding: Findings;
}

/** What to record, and the refusal to tell when the answer is no. Both are committed together. */
export interface Ruling {
  readonly records: readonly ContainmentRecord[];
  readonly refusal: Refusal<ReasonCode> | null;
  readonly request: string | null;
}

/** The later of the clock and the newest record: a clock that jumps back gives no request more time. */
export const effectiveNow = (slice: Containments, nowAt: string): string =>
  slice.latestAt > nowAt ? slice.latestAt : nowAt;

export const plusMinutes = (at: string, minutes: number): string =>
  new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** A refusal and its record. */
export const refused = (
  about: Containment | string | null,
  attempt: Attempt,
  refusal: Refusal<ReasonCode>,
  via: string,
  before: readonly ContainmentRecord[] = [],
): Ruling => {
  const request = about === null || typeof about === 'string' ? about : about.key;
  const digest = about === null || typeof about === 'string' ? null : about.digest;
  return {
    records: [
      ...before,
      {
        type: 'approval.refused',
        body: { request, attempt, code: refusal.code, digest, via },
        ...(request === null ? {} : { subject: request }),
      },
    ],
    refusal,
    request,
  };
};

export const about = (c: Containment): { readonly request: string; readonly digest: string } => ({
  request: c.key,
  digest: c.digest,
});

/** What stands against any containment here and now. */
export function blocked(s: Setting): Refusal<ReasonCode> | null {
  if (s.incident.phase === 'closed') return no('incident-closed');
  if (!s.org.containment.enabled) return no('kill-switch', "It is switched off in the organisation's file.");
  if (s.slice.stopped)
    return no('kill-switch', `${s.slice.stopped.by?.label ?? 'Somebody'} stopped it: ${s.slice.stopped.reason}`);
  return null;
}

/** A proposal as somebody filled it in. */
export interface Draft {
  readonly action: string;
  readonly asked: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly reason: string;
  readonly evidence: readonly string[];
  readonly preservation: Case['preservation'];
  /** Key of the person who carries it out; null where a webhook does. */
  readonly executor: string | null;
  readonly source: Source;
  /** What its playbook's step asks for beyond the organisation's rules. */
  readonly demands: Demands;
  readonly rollbackOf: string | null;
  readonly supersedes: string | null;
  readonly proposer: PersonRef;
  readonly human: string;
}

/** Why a draft is no proposal yet: said to whoever fills it in, nothing is recorded. */
export interface Incomplete {
  readonly errors: Readonly<Record<string, string>>;
}

const commanderOf = (s: Pick<Setting, 'org' | 'incident'>): string | null => {
  const holder = s.incident.roles.commander?.[0];
  return holder ? humanKey(s.org, holder) : null;
};

/** Somebody who cannot see a private incident cannot decide in it, and is not told of it either. */
const insideOf =
  ({ org, incident }: Pick<Setting, 'org' | 'incident'>) =>
  (person: Person): boolean =>
    !incident.isPrivate ||
    person.roles.includes('auditor') ||
    insidersOf(incident).some((m) => humanKey(org, m) === person.key);

export const apartOf = (s: Pick<Setting, 'org' | 'incident'>, c: Pick<Containment, 'excluded' | 'request'>) => ({
  excluded: c.excluded,
  executor: c.request.executor,
  commander: commanderOf(s),
  isInside: insideOf(s),
});

/** Proposes. `nonce` is at least 128 random bits as text. */
export function decidePropose(s: Setting, draft: Draft, nonce: string): Ruling | Incomplete {
  const stop = blocked(s);
  if (stop) return refused(null, 'propose', stop, draft.action);
  const action = Object.hasOwn(s.org.actions, draft.action) ? s.org.actions[draft.action] : undefined;
  if (!action)
    return {
      errors: {
        action: `No action is called "${draft.action.slice(0, 40)}". The organisation's file declares: ${Object.keys(s.org.actions).join(', ') || 'none'}.`,
      },
    };
  const targets = resolveTargets(s.org, action, draft.asked);
  if ('error' in targets) return { errors: { targets: targets.error } };
  const flood = floodOf(s);
  if (flood) return refused(null, 'propose', flood, draft.action);
  const executor = executorOf(s, draft);
  if ('errors' in executor) return executor;

  const policy = s.org.containment;
  const reversibility = harder(action.reversibility, draft.demands.reversibility);
  const expires = action.expires_minutes ?? policy.expires_minutes[reversibility];
  const old = draft.supersedes ? s.slice.all.find((c) => c.key === draft.supersedes) : undefined;
  const key = `CA-${s.slice.all.length + 1}`;
  const request: CanonicalRequest = {
    v: 1,
    tenant: s.incident.conversation ? `${s.incident.conversation.platform}/${s.incident.conversation.tenant}` : '',
    incident: s.incident.key,
    request: key,
    source: draft.source,
    action: draft.action,
    targets,
    parameters: draft.parameters,
    reversibility,
    executor,
    policy: s.policy,
    expiresAt: plusMinutes(s.nowAt, Math.min(expires, draft.demands.expiresMinutes ?? expires)),
    windowMinutes: action.window_minutes ?? policy.window_minutes[reversibility],
    nonce,
  };
  const same = sameDenied(s, request);
  if (same)
    return refused(
      same,
      'propose',
      no(
        'already-decided',
        same.ending
          ? `It is what ${same.ending.by?.label ?? 'somebody'} denied as ${same.key}: "${same.ending.reason}". Change what runs, or wait until ${policy.denied_again_minutes} minutes after that.`
          : '',
      ),
      draft.action,
    );

  const list = listFor(s.org, draft.action, reversibility);
  const excluded = [...new Set([draft.human, ...(old?.excluded ?? [])])];
  const apart = apartOf(s, { excluded, request });
  const eligible = eligibleFor(s.org, list, apart);
  const quorum = Math.max(list ? quorumFor(list, reversibility) : 1, draft.demands.quorum);
  if (eligible.length < quorum) {
    const who =
      eligible.length === 0 ? 'nobody else may approve it' : `only ${eligible.map((p) => p.name).join(', ')} could`;
    const outside = eligibleFor(s.org, list, { ...apart, isInside: (p) => !apart.isInside(p) });
    const add =
      outside.length > 0
        ? ` ${outside.map((p) => p.name).join(', ')} may, but ${outside.length === 1 ? 'is' : 'are'} not in this private incident: the commander lets somebody in with "status role observer @who".`
        : '';
    const refusal = no('no-approvers', `${action.title} needs ${quorum}, and ${who}.${add}`);
    return refused(null, 'propose', refusal, draft.action);
  }
  const supersede: ContainmentRecord[] =
    old && isOpen(old)
      ? [
          {
            type: 'containment.superseded',
            subject: old.key,
            body: {
              ...about(old),
              code: 'superseded',
              reason: `Changed by ${draft.proposer.label}: ${key} replaces it.`,
            },
          },
        ]
      : [];
  return {
    records: [
      ...supersede,
      {
        type: 'containment.proposed',
        subject: key,
        body: {
          request,
          digest: digestOf(request),
          quorum,
          needsRole: draft.demands.role,
          proposer: draft.proposer,
          excluded,
          asked: draft.asked,
          eligible: eligible.map((p) => p.key),
          reason: draft.reason,
          evidence: draft.evidence,
          preservation: draft.preservation,
          blast: blastRadius(s.org, targets),
          rollbackOf: draft.rollbackOf,
          supersedes: old?.key ?? null,
        },
      },
    ],
    refusal: null,
    request: key,
  };
}

function executorOf(s: Setting, draft: Draft): Executor | Incomplete {
  const declared = s.org.actions[draft.action]!.executor;
  // In an exercise nothing may reach a system: a person plays it.
  if (declared.kind === 'webhook' && s.incident.kind === 'live')
    return { kind: 'webhook', webhook: declared.webhook, url: s.org.webhooks[declared.webhook]!.url };
  const person = s.org.people.find((p) => p.key === (draft.executor ?? draft.human));
  const may = declared.kind === 'manual' ? declared.people : [];
  if (
    !person ||
    (may.length > 0 ? !may.includes(person.key) : !person.roles.some((r) => r === 'responder' || r === 'commander'))
  )
    return {
      errors: {
        executor:
          may.length > 0
            ? `Only ${may.join(', ')} may carry this out. Name one of them.`
            : 'Name a responder of the organisation who carries it out.',
      },
    };
  return { kind: 'manual', person: person.key };
}

function floodOf(s: Setting): Refusal<ReasonCode> | null {
  const { max_open, flood } = s.org.containment;
  const open = s.slice.all.filter(isOpen);
  if (open.length >= max_open)
    return no('too-many-pending', `${open.length} are open in this incident: ${open.map((c) => c.key).join(', ')}.`);
  const since = plusMinutes(s.nowAt, -flood.minutes);
  const recent = s.slice.all.filter((c) => c.proposedAt > since && c.state === 'pending');
  return recent.length >= flood.requests
    ? no(
        'too-many-pending',
        `${recent.length} were proposed in ${flood.minutes} minutes and wait: ${recent.map((c) => c.key).join(', ')}. New ones are taken again when some are decided or ${flood.minutes} minutes have passed.`,
      )
    : null;
}

function sameDenied(s: Setting, request: CanonicalRequest): Containment | null {
  const since = plusMinutes(s.nowAt, -s.org.containment.denied_again_minutes);
  const substance = substanceOf(request);
  return (
    s.slice.all.find(
      (c) => c.state === 'denied' && (c.ending?.at ?? '') > since && substanceOf(c.request) === substance,
    ) ?? null
  );
}

/** Records that make void what can no longer run: expired, policy or source changed, incident closed, stopped. */
export function decideVoid(
  s: Setting,
  isSourceCurrent: (request: CanonicalRequest) => boolean,
): readonly ContainmentRecord[] {
  return s.slice.all.filter(isOpen).flatMap((c): readonly ContainmentRecord[] => {
    const end = voidOf(s, c, isSourceCurrent);
    return end ? [end] : [];
  });
}

/** Why an open request can no longer go on, as its record; null while it can. */
export function voidOf(
  s: Setting,
  c: Containment,
  isSourceCurrent: (request: CanonicalRequest) => boolean,
): ContainmentRecord | null {
  const superseded = (code: ReasonCode, reason: string): ContainmentRecord => ({
    type: 'containment.superseded',
    subject: c.key,
    body: { ...about(c), code, reason },
  });
  const stop = blocked(s);
  if (stop) return superseded(stop.code, stop.message);
  if (c.request.policy !== s.policy)
    return superseded('superseded', "The organisation's file changed since this was proposed.");
  if (!isSourceCurrent(c.request))
    return superseded('superseded', 'The playbook step it came from changed, was skipped or is done.');
  if (c.state === 'pending' && s.nowAt >= c.request.expiresAt)
    return { type: 'containment.expired', subject: c.key, body: { ...about(c), expiresAt: c.request.expiresAt } };
  if (c.grant && s.nowAt >= c.grant.startBy)
    return { type: 'containment.lapsed', subject: c.key, body: { ...about(c), startBy: c.grant.startBy } };
  return null;
}

/** Why nothing more can be decided on it: told with who ended it and when. */
export function closedState(c: Containment): Refusal<ReasonCode> {
  const by = c.ending?.by?.label ?? 'Countersign';
  const at = c.ending?.at ? ` at ${c.ending.at.slice(11, 19)}Z` : '';
  const why = c.ending?.reason ? `: ${c.ending.reason}` : '';
  switch (c.state) {
    case 'pending':
      return no('already-decided', 'It is still waiting for approval.');
    case 'denied':
      return no('already-decided', `${by} denied ${c.key}${at}${why}`);
    case 'granted':
    case 'executing':
    case 'executed':
    case 'failed':
    case 'unknown':
      return no(
        'already-decided',
        `${c.key} was approved${c.grant ? ` at ${c.grant.at.slice(11, 19)}Z` : ''} by ${c.grant?.brokenGlass?.by.label ?? c.votes.map((v) => v.person.label).join(' and ')}.`,
      );
    case 'expired':
    case 'lapsed':
      return no('expired', `${c.key} expired${at}.`);
    case 'withdrawn':
      return no('withdrawn', `${by} withdrew ${c.key}${at}${why}`);
    case 'superseded':
      return no('superseded', c.ending?.reason ?? '');
    case 'disputed':
      return no('superseded', `${by} disputed their approval of ${c.key}${at}${why}`);
  }
}
