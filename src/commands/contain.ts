// contain: propose, look, withdraw, carry out, attest, undo, stop. Deciding is in contain-decide.ts: buttons only.
import { refOf } from '../chat/actor.ts';
import { rule, settingOf } from '../containment/act.ts';
import { blocked, type Draft, decidePropose, type Ruling, refused } from '../containment/decide.ts';
import { decideWithdraw } from '../containment/decide-pending.ts';
import { type Prefill, proposeForm, readFilled } from '../containment/form.ts';
import { no } from '../containment/reasons.ts';
import { noDemands, sourceOf } from '../containment/source.ts';
import { splitTargets } from '../containment/targets.ts';
import type { Containment } from '../containment/types.ts';
import { fullText, stateWords } from '../containment/view.ts';
import { shortName } from '../containment/view-body.ts';
import { emptyDossier } from '../incident/dossier.ts';
import { humanKey } from '../organisation/people.ts';
import { refuse } from '../refusal.ts';
import { actions, button, heading, prose, table, text, time, view } from '../view/build.ts';
import { containDecide, typedApproval } from './contain-decide.ts';
import { keyOf, missing, requestOf, ruleOn, shownOf, told } from './contain-press.ts';
import { containRun } from './contain-run.ts';
import { holdsRole } from './permission.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Args, type Call, type Command, many, one } from './types.ts';

const CLASS_WORDS = {
  reversible: 'can be undone',
  externally_reversible: 'undone with outside help',
  irreversible: 'CANNOT BE UNDONE',
} as const;

/** Arguments a proposal carries from button to form to decision: the server's word, never typed. */
const CARRIED = ['step', 'run', 'rollbackOf', 'supersedes'] as const;
const carried = (args: Args): Record<string, string> =>
  Object.fromEntries(CARRIED.flatMap((name) => (one(args, name) === '' ? [] : [[name, one(args, name)]])));

function choose(call: Call): Answer {
  const { actions: declared } = call.services.organisation.organisation;
  const names = Object.entries(declared);
  if (names.length === 0)
    return refuse(
      'no-actions',
      "The organisation's file declares no containment. Whoever keeps countersign.yml adds it under actions.",
    );
  return {
    kind: 'private',
    view: view('Propose containment: choose what', [
      heading('Propose containment'),
      text('Proposing runs nothing. Somebody other than you approves exactly what you propose.'),
      table(
        'What there is',
        ['action', 'what happens', 'undo'],
        names.map(([, a]) => [a.title, a.does, CLASS_WORDS[a.reversibility]]),
      ),
      actions(...names.map(([name, a]) => button(a.title, 'contain', { incident: incidentOf(call), action: name }))),
    ]),
  };
}

async function proposal(call: Call): Promise<Answer> {
  const org = call.services.organisation.organisation;
  const [word = '', ...rest] = one(call.args, 'action').trim().split(/\s+/);
  if (/^(approve|approved|ok|yes|deny)$/i.test(word)) return typed(call, rest[0] ?? '');
  if (word === '') return choose(call);
  const name = word.toLowerCase();
  const action = Object.hasOwn(org.actions, name) ? org.actions[name] : undefined;
  if (!action)
    return refuse(
      'bad-argument',
      `No action is called "${word.slice(0, 40)}". The organisation's file declares: ${Object.keys(org.actions).join(', ') || 'none'}.`,
    );
  const typedTargets = rest.join(' ');
  return openProposal(call, name, {
    targets: one(call.args, 'targets') || typedTargets,
    reason: one(call.args, 'reason'),
    evidence: one(call.args, 'evidence'),
  });
}

/** A typed approval is an attempt like any other: it is on record, and it approves nothing. */
async function typed(call: Call, request: string): Promise<Answer> {
  const args = { ...call.args, request };
  const known = requestOf({ ...call, args });
  await ruleOn({ ...call, args }, 'approve', (_s, c) => ({
    records: [
      {
        type: 'approval.refused',
        subject: c.key,
        body: { request: c.key, attempt: 'approve', code: 'wrong-context', digest: c.digest, via: 'typed words' },
      },
    ],
    refusal: no('wrong-context'),
    request: c.key,
  }));
  return refuse('wrong-context', typedApproval(known));
}

/** The form in which somebody proposes an action; a step of a playbook opens it filled in, and the person still sees and may change all of it. */
export async function openProposal(call: Call, name: string, prefill: Prefill): Promise<Answer> {
  const org = call.services.organisation.organisation;
  const action = org.actions[name];
  // What stands against any containment is said before anybody fills in a form in vain.
  const against = call.dossier ? blocked(settingOf(call.services, call.dossier)) : null;
  if (against)
    return told(
      await rule(call.services, incidentOf(call), call.recordActor, () => refused(null, 'propose', against, name)),
      () => '',
    );
  if (!action) return refuse('bad-argument', `No action is called "${name.slice(0, 40)}".`);
  return {
    kind: 'form',
    form: proposeForm(org, name, action, { incident: incidentOf(call), ...carried(call.args) }, prefill),
  };
}

async function propose(call: Call): Promise<Answer> {
  const { services } = call;
  const org = services.organisation.organisation;
  const name = one(call.args, 'action');
  const action = Object.hasOwn(org.actions, name) ? org.actions[name] : undefined;
  if (!action) return refuse('bad-argument', 'This action is no longer declared. Start again with "contain".');
  const filled = readFilled(action, call.dossier ?? emptyDossier, (field) => one(call.args, field));
  if ('errors' in filled) return { kind: 'errors', errors: filled.errors };
  const asked = sourceOf(call.dossier ?? { playbook: { runs: [] } }, one(call.args, 'run'), one(call.args, 'step'));
  if (one(call.args, 'run') !== '' && !asked)
    return refuse('no-such-step', 'The step this came from is gone. Propose it from the playbook again.');
  const draft: Draft = {
    ...filled,
    action: name,
    asked: splitTargets([one(call.args, 'targets'), ...many(call.args, 'seen')].join('\n')),
    executor: one(call.args, 'executor') || null,
    source: asked?.source ?? { kind: 'person' },
    demands: asked?.demands ?? noDemands,
    rollbackOf: one(call.args, 'rollbackOf') || null,
    supersedes: one(call.args, 'supersedes') || null,
    proposer: refOf(call.actor),
    human: humanKey(org, call.actor),
  };
  const nonce = services.randomId();
  let errors: Readonly<Record<string, string>> | null = null;
  const ruled = await rule(services, incidentOf(call), call.recordActor, (setting): Ruling => {
    const ruling = decidePropose(setting, draft, nonce);
    errors = 'errors' in ruling ? ruling.errors : null;
    return 'errors' in ruling ? { records: [], refusal: null, request: null } : ruling;
  });
  if (errors) return { kind: 'errors', errors };
  return told(ruled, ({ dossier, request }) => {
    const c = dossier.containment.all.find((x) => x.key === request);
    return `${request} is proposed: ${c ? shortName(org, c) : ''}. Those who may approve it were told; nothing runs until then.`;
  });
}

function list(call: Call): Answer {
  const org = call.services.organisation.organisation;
  const mine = one(call.args, 'which') === 'mine' ? humanKey(org, call.actor) : null;
  const all = (call.dossier?.containment.all ?? []).filter((c) => mine === null || c.excluded.includes(mine));
  return {
    kind: 'private',
    view: view(`${all.length} containment requests`, [
      all.length === 0
        ? text('No containment was proposed here.')
        : table(
            'Containment, newest first',
            ['key', 'what', 'state', 'proposed'],
            [...all]
              .reverse()
              .slice(0, 50)
              .map((c) => [
                c.key,
                shortName(org, c),
                stateWords[c.state],
                prose(c.proposer.label, ', ', time(c.proposedAt, 'time')),
              ]),
          ),
      ...(all.length > 50 ? [text(`The newest 50 of ${all.length}; "contain show CA-n" shows any.`)] : []),
    ]),
  };
}

async function change(call: Call): Promise<Answer> {
  const c = requestOf(call);
  if (!c) return missing(call);
  const { source } = c.request;
  const from: Record<string, string> = source.kind === 'playbook' ? { run: source.run, step: source.step } : {};
  return openProposal({ ...call, args: { ...call.args, ...from, supersedes: c.key } }, c.request.action, prefillOf(c));
}

async function rollback(call: Call): Promise<Answer> {
  const c = requestOf(call);
  if (!c) return missing(call);
  const undo = call.services.organisation.organisation.actions[c.request.action]?.undo_action;
  if (!undo)
    return refuse(
      'no-undo',
      `The organisation's file names no action that undoes ${c.request.action}. Propose what is right with "contain".`,
    );
  return openProposal({ ...call, args: { ...call.args, rollbackOf: c.key } }, undo, {
    targets: c.request.targets.map((t) => t.name).join('\n'),
    reason: `Undo ${c.key}: `,
  });
}

const prefillOf = (c: Containment): Prefill => ({
  targets: c.asked.join('\n'),
  reason: c.reason,
  evidence: c.evidence.join(' '),
  parameters: c.request.parameters,
});

async function withdraw(call: Call): Promise<Answer> {
  const reason = one(call.args, 'reason').trim();
  const c = requestOf(call);
  if (!c) return missing(call);
  if (reason === '')
    return {
      kind: 'form',
      form: {
        title: `Withdraw ${c.key}`,
        submitLabel: 'Withdraw',
        intent: { verb: 'contain withdraw', args: { incident: incidentOf(call), request: c.key } },
        intro: [],
        fields: [{ kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 }],
      },
    };
  const org = call.services.organisation.organisation;
  const mayCommand =
    holdsRole(org, call.dossier!, call.actor, 'commander') || holdsRole(org, call.dossier!, call.actor, 'deputy');
  const ruled = await ruleOn(call, 'withdraw', (_s, now) =>
    decideWithdraw(now, refOf(call.actor), humanKey(org, call.actor), mayCommand, reason),
  );
  return told(ruled, () => `${keyOf(call)} is withdrawn.`);
}

const request = { name: 'request', summary: 'Key such as CA-3', isRequired: true } as const;
const base = { needsIncident: true, effect: 'contain', who: 'responder' } as const;

export const contain: readonly Command[] = [
  {
    ...base,
    name: 'contain',
    summary: 'Propose containment; somebody else approves it with a button',
    args: [
      { name: 'action', summary: 'An action of the organisation, then its targets', isRequired: false, isRest: true },
    ],
    examples: ['contain', 'contain isolate-host web-01'],
    run: proposal,
  },
  {
    ...base,
    name: 'contain propose',
    summary: 'Propose what the form says',
    args: [],
    examples: [],
    isHidden: true,
    run: propose,
  },
  {
    ...base,
    who: 'participant',
    effect: 'read',
    name: 'contain list',
    summary: 'All containment of this incident, or what you proposed',
    args: [{ name: 'which', summary: 'mine', isRequired: false, choices: ['mine'] }],
    examples: ['contain list', 'contain list mine'],
    run: async (call) => list(call),
  },
  {
    ...base,
    who: 'participant',
    effect: 'read',
    name: 'contain show',
    summary: 'The full text of one request, without buttons',
    args: [request],
    examples: ['contain show CA-3'],
    async run(call) {
      const c = requestOf(call);
      return c ? { kind: 'private', view: fullText(shownOf(call), c, false) } : missing(call);
    },
  },
  {
    ...base,
    name: 'contain change',
    summary: 'Propose it changed: the old request and its approvals become void',
    args: [request],
    examples: ['contain change CA-3'],
    run: change,
  },
  {
    ...base,
    name: 'contain withdraw',
    summary: 'Withdraw a request that has not started',
    args: [request, { name: 'reason', summary: 'Why', isRequired: false, isRest: true }],
    examples: ['contain withdraw CA-3 the host is down already'],
    run: withdraw,
  },
  {
    ...base,
    name: 'contain rollback',
    summary: 'Propose undoing it: a containment of its own',
    args: [request],
    examples: ['contain rollback CA-3'],
    run: rollback,
  },
  ...containRun,
  ...containDecide,
];
