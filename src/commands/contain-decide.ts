// contain approve, deny and what else is pressed on a card. Typed words never decide.

import { refOf } from '../chat/actor.ts';
import { type Ruled, settingOf } from '../containment/act.ts';
import { challengeLack } from '../containment/challenge.ts';
import { type Ruling, refused, type Setting } from '../containment/decide.ts';
import {
  confirmName,
  decideApprove,
  decideBreakGlass,
  decideDeny,
  needsStepUp,
} from '../containment/decide-approval.ts';
import { decideAskChanges, decideChallenge } from '../containment/decide-pending.ts';
import { decideDispute, decideReview } from '../containment/decide-run.ts';
import { no } from '../containment/reasons.ts';
import { showAll } from '../containment/show-all.ts';
import { type Attempt, type Containment, shortDigest } from '../containment/types.ts';
import { fullText } from '../containment/view.ts';
import { bodyOf, shortName } from '../containment/view-body.ts';
import { RED_FLAGS, type RedFlag } from '../finding/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Role } from '../incident/types.ts';
import { humanKey } from '../organisation/people.ts';
import type { Organisation } from '../organisation/schema.ts';
import { isRefusal } from '../refusal.ts';
import { code, notice, text } from '../view/build.ts';
import type { Field, Form } from '../view/types.ts';
import { keyOf, misplacedOf, pressOf, requestIn, requestOf, ruleOn, shownOf, told, viaOf } from './contain-press.ts';
import { holdsRole } from './permission.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, many, one } from './types.ts';

const argsOf = (call: Call, more: Readonly<Record<string, string>> = {}) => ({
  incident: incidentOf(call),
  request: keyOf(call),
  digest: one(call.args, 'digest'),
  ...(one(call.args, 'full') ? { full: 'yes' } : {}),
  ...more,
});

function approveForm(call: Call, c: Containment): Form {
  const org = call.services.organisation.organisation;
  const isIrreversible = c.request.reversibility === 'irreversible';
  return {
    title: `Approve ${c.key}`,
    submitLabel: `Approve ${shortName(org, c)}`.slice(0, 60),
    intent: { verb: 'contain approve', args: argsOf(call) },
    intro: [
      text(
        `${shortName(org, c)}, ${c.request.targets.length === 1 ? 'one target' : `${c.request.targets.length} targets`}. Digest `,
        code(shortDigest(c.digest)),
        '.',
      ),
      ...(isIrreversible ? [notice('danger', 'This cannot be undone.')] : []),
    ],
    fields: [
      ...(isIrreversible
        ? [
            {
              kind: 'line' as const,
              name: 'typedTarget',
              label: `Type the target's name: ${showAll(confirmName(c.request))}`.slice(0, 140),
              isRequired: true,
              maxLength: 300,
            },
          ]
        : []),
      ...codeField(org, c),
    ],
  };
}

const codeField = (org: Organisation, c: Containment): readonly Field[] =>
  needsStepUp({ org }, c.request)
    ? [{ kind: 'line', name: 'code', label: 'Code from your authenticator', isRequired: true, maxLength: 12 }]
    : [];

/** What the code of a press is worth; asked for only where the policy asks. A code is used up by being looked at. */
async function stepUpOf(
  call: Call,
  org: Organisation,
  c: Containment | null,
): Promise<'not-asked' | 'passed' | 'failed'> {
  if (!c || !needsStepUp({ org }, c.request)) return 'not-asked';
  const result = await call.services.stepUp.check(humanKey(org, call.actor), one(call.args, 'code'));
  return result === 'passed' ? 'passed' : 'failed';
}

async function approve(call: Call): Promise<Answer> {
  const { services } = call;
  const c = requestOf(call);
  const setting = call.dossier ? settingOf(services, call.dossier) : null;
  const asksMore = c !== null && (c.request.reversibility === 'irreversible' || needsStepUp(shownOf(call), c.request));
  let stepUp: 'not-asked' | 'passed' | 'failed' = 'not-asked';
  if (c && setting && asksMore) {
    const press = await pressOf(call, c, call.dossier);
    // Everything but the two answers is judged first, so that nobody is asked for a code in vain.
    const trial = decideApprove(setting, c, { ...press, typedTarget: confirmName(c.request), stepUp: 'passed' });
    if (!trial.refusal && call.origin.kind === 'button') return { kind: 'form', form: approveForm(call, c) };
    if (!trial.refusal) stepUp = await stepUpOf(call, setting.org, c);
  }
  const ruled = await ruleOn(call, 'approve', async (s, now, dossier) =>
    decideApprove(s, now, {
      ...(await pressOf(call, now, dossier)),
      typedTarget: one(call.args, 'typedTarget'),
      stepUp,
    }),
  );
  if (!isRefusal(ruled) && ruled.refusal && call.origin.kind === 'form') {
    if (ruled.refusal.code === 'step-up-failed') return { kind: 'errors', errors: { code: ruled.refusal.message } };
    if (ruled.refusal.code === 'not-fully-viewed' && asksMore)
      return { kind: 'errors', errors: { typedTarget: ruled.refusal.message } };
  }
  if (!isRefusal(ruled) && !ruled.refusal) services.nudgeExecutions(incidentOf(call));
  return told(ruled, ({ dossier }) => {
    const now = requestIn(call, dossier);
    return now?.state === 'pending'
      ? `Your approval of ${now.key} counts: ${now.votes.length} of ${now.quorum}. Nothing runs before the rest is given.`
      : `${now?.key} is approved.`;
  });
}

/** A press that needs words: a form asks for them first, then it is ruled on. */
interface Spoken {
  readonly attempt: Attempt;
  readonly title: string;
  readonly label: string;
  readonly submitLabel: string;
  readonly fields?: readonly Field[];
  /** Looks whether it would be refused anyway, so that nobody writes in vain. */
  readonly wouldRefuse?: (c: Containment) => Promise<boolean>;
  readonly decide: (s: Setting, c: Containment, words: string, dossier: Dossier) => Ruling | Promise<Ruling>;
  readonly done: (ruled: Ruled) => string;
}

async function withWords(call: Call, spoken: Spoken): Promise<Answer> {
  const { attempt, title, label, submitLabel, fields = [], wouldRefuse, decide, done } = spoken;
  const words = one(call.args, 'reason').trim();
  const c = requestOf(call);
  if (words === '' && c && call.origin.kind !== 'typed' && !(await wouldRefuse?.(c))) {
    const more: Record<string, string> = one(call.args, 'waive') ? { waive: 'yes' } : {};
    return {
      kind: 'form',
      form: {
        title: `${title} ${c.key}`,
        submitLabel,
        intent: { verb: `contain ${attempt === 'ask-changes' ? 'ask' : attempt}`, args: argsOf(call, more) },
        intro: [],
        fields: [...fields, { kind: 'paragraph', name: 'reason', label, isRequired: true, maxLength: 1000 }],
      },
    };
  }
  return told(await ruleOn(call, attempt, (s, now, dossier) => decide(s, now, words, dossier)), done);
}

const deny = (call: Call): Promise<Answer> =>
  withWords(call, {
    attempt: 'deny',
    title: 'Deny',
    label: 'Why: the proposer reads this',
    submitLabel: 'Deny',
    async wouldRefuse(c) {
      if (!call.dossier) return true;
      const press = await pressOf(call, c, call.dossier);
      return decideDeny(settingOf(call.services, call.dossier), c, press, '').refusal !== null;
    },
    decide: async (s, c, words, dossier) => decideDeny(s, c, await pressOf(call, c, dossier), words),
    done: () => `${keyOf(call)} is denied. That is final; a changed proposal is a new request.`,
  });

/** Why somebody may not open the full text, or null. */
function viewRefusal(call: Call): ReturnType<typeof no> | null {
  const { person, actor } = call;
  if (!person || actor.standing !== 'member')
    return no(
      actor.standing === 'bot' ? 'not-human' : 'not-eligible',
      "Only people the organisation's file lists can open it.",
    );
  const misplaced = misplacedOf(call);
  return misplaced === null ? null : no('wrong-context', misplaced);
}

async function viewFull(call: Call): Promise<Answer> {
  const human = humanKey(call.services.organisation.organisation, call.actor);
  const ruled = await ruleOn(call, 'view', (_s, c) => {
    const refusal = viewRefusal(call);
    if (refusal) return refused(c, 'view', refusal, viaOf(call));
    const body = { request: c.key, digest: c.digest, human, person: refOf(call.actor) };
    return { records: [{ type: 'containment.viewed', subject: c.key, body }], refusal: null, request: c.key };
  });
  if (isRefusal(ruled)) return ruled;
  if (ruled.refusal) return ruled.refusal;
  const c = requestIn(call, ruled.dossier);
  return c ? { kind: 'private', view: fullText(shownOf(call), c, true) } : { kind: 'none' };
}

function challenge(call: Call): Promise<Answer> {
  const isWaived = one(call.args, 'waive') === 'yes';
  const { organisation: org } = call.services.organisation;
  const holds = (...roles: readonly Role[]): boolean =>
    call.dossier !== null && roles.some((role) => holdsRole(org, call.dossier as Dossier, call.actor, role));
  const may = { challenge: holds('challenger'), waive: holds('commander', 'deputy') };
  const flags = many(call.args, 'flags').flatMap((f) => (Object.hasOwn(RED_FLAGS, f) ? [RED_FLAGS[f as RedFlag]] : []));
  const red = flags.length > 0 ? ` (red flags: ${flags.join('; ')})` : '';
  return withWords(call, {
    attempt: 'challenge',
    title: isWaived ? 'Waive the challenge of' : 'Challenge',
    label: isWaived ? 'Why it goes on unchallenged' : 'What else could explain what you see, and what would show it',
    submitLabel: isWaived ? 'Waive' : 'Put it on record',
    fields: isWaived
      ? []
      : [
          {
            kind: 'choices',
            name: 'flags',
            label: 'Red flags that apply',
            isRequired: false,
            choices: Object.entries(RED_FLAGS).map(([value, label]) => ({ value, label })),
          },
        ],
    decide: (_s, c, words) =>
      decideChallenge(c, refOf(call.actor), humanKey(org, call.actor), may, isWaived, `${words}${red}`),
    done: ({ dossier }) => {
      const now = requestIn(call, dossier);
      const lack = now ? challengeLack({ org, ...dossier }, now) : null;
      return `The challenge of ${keyOf(call)} is ${isWaived ? 'waived' : 'on record'}. ${lack ?? 'It can be approved now.'}`;
    },
  });
}

const ask = (call: Call): Promise<Answer> =>
  withWords(call, {
    attempt: 'ask-changes',
    title: 'Ask for changes to',
    label: 'What should be different',
    submitLabel: 'Ask',
    decide: (_s, c, words) => decideAskChanges(c, refOf(call.actor), words),
    done: () => `${keyOf(call)} stays as it is and its time runs on; the proposer was told what you want changed.`,
  });

const dispute = (call: Call): Promise<Answer> =>
  withWords(call, {
    attempt: 'dispute',
    title: 'Dispute',
    label: 'What is wrong: not you, or not what you read',
    submitLabel: 'Dispute',
    decide: (s, c, words) => decideDispute(s, c, refOf(call.actor), words),
    done: ({ dossier }) =>
      requestIn(call, dossier)?.state === 'disputed'
        ? `${keyOf(call)} is stopped: it had not started and will not run.`
        : `${keyOf(call)} is marked as contested. It had started already; propose undoing it if that is needed.`,
  });

const review = (call: Call): Promise<Answer> =>
  withWords(call, {
    attempt: 'review',
    title: 'Review',
    label: 'Was breaking the glass right, and what follows from it',
    submitLabel: 'Put it on record',
    decide: (s, c, words) => decideReview(s, c, refOf(call.actor), words),
    done: () => `Your review of ${keyOf(call)} is on record.`,
  });

async function breakGlass(call: Call): Promise<Answer> {
  const reason = one(call.args, 'reason').trim();
  const c = requestOf(call);
  const org = call.services.organisation.organisation;
  if (c && call.origin.kind !== 'form')
    return {
      kind: 'form',
      form: {
        title: `BREAK THE GLASS for ${c.key}`,
        submitLabel: 'Break the glass',
        intent: { verb: 'contain break-glass', args: { ...argsOf(call), digest: c.digest } },
        intro: [
          notice('danger', 'You let this pass alone. Everybody in the channel is told, and somebody else reviews it.'),
          ...bodyOf(shownOf(call), c, true),
        ],
        fields: [
          {
            kind: 'paragraph',
            name: 'reason',
            label: 'Why it cannot wait for anybody else',
            isRequired: true,
            maxLength: 1000,
          },
          ...codeField(org, c),
        ],
      },
    };
  const stepUp = await stepUpOf(call, org, c);
  const ruled = await ruleOn(call, 'break-glass', async (s, now, dossier) =>
    decideBreakGlass(s, now, { ...(await pressOf(call, now, dossier)), typedTarget: '', stepUp }, reason),
  );
  if (!isRefusal(ruled) && !ruled.refusal) call.services.nudgeExecutions(incidentOf(call));
  return told(ruled, () => `${keyOf(call)} passes on your word alone. Everybody was told; a review is due.`);
}

const pressed = {
  args: [],
  examples: [],
  needsIncident: true,
  isHidden: true,
  effect: 'contain',
  who: 'participant',
} as const;

export const containDecide: readonly Command[] = [
  {
    ...pressed,
    name: 'contain approve',
    summary: 'Approve, by the button of a card',
    isSelfJudged: true,
    run: approve,
  },
  { ...pressed, name: 'contain deny', summary: 'Deny, by the button of a card', isSelfJudged: true, run: deny },
  {
    ...pressed,
    name: 'contain view',
    summary: 'The full text of a request, from its card',
    isSelfJudged: true,
    effect: 'read',
    run: viewFull,
  },
  { ...pressed, name: 'contain challenge', summary: "The challenger's word on a request", run: challenge },
  { ...pressed, name: 'contain ask', summary: 'Ask for changes to a request', run: ask },
  { ...pressed, name: 'contain dispute', summary: 'Dispute your own approval', run: dispute },
  { ...pressed, name: 'contain review', summary: 'Review a use of break-glass', run: review },
  {
    name: 'contain break-glass',
    summary: 'Let a reversible request pass alone, loudly; off unless the organisation allows it',
    args: [{ name: 'request', summary: 'Key such as CA-3', isRequired: true }],
    examples: ['contain break-glass CA-3'],
    needsIncident: true,
    effect: 'contain',
    who: 'participant',
    isSelfJudged: true,
    run: breakGlass,
  },
];

/** A line for whoever typed that they approve. */
export const typedApproval = (c: Containment | null): string =>
  c
    ? `Typing does not approve anything. Use the button on the card of ${c.key} in this channel, or open it from your home tab.`
    : 'Typing does not approve anything. Use the button on the card of the request.';
