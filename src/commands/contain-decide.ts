// contain approve, deny and what else is pressed on a card. Typed words never decide.

import { refOf } from '../chat/actor.ts';
import { settingOf } from '../containment/act.ts';
import { refused } from '../containment/decide.ts';
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
import { type Containment, shortDigest } from '../containment/types.ts';
import { fullText } from '../containment/view.ts';
import { shortName } from '../containment/view-body.ts';
import { humanKey } from '../organisation/people.ts';
import { isRefusal } from '../refusal.ts';
import { code, notice, text } from '../view/build.ts';
import type { Field, Form } from '../view/types.ts';
import { keyOf, misplacedOf, pressOf, requestOf, ruleOn, shownOf, told, viaOf } from './contain-press.ts';
import { holdsRole } from './permission.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

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
      ...(needsStepUp({ org }, c.request)
        ? [
            {
              kind: 'line' as const,
              name: 'code',
              label: 'Code from your authenticator',
              isRequired: true,
              maxLength: 12,
            },
          ]
        : []),
    ],
  };
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
    if (!trial.refusal && needsStepUp({ org: setting.org }, c.request)) {
      const result = await services.stepUp.check(humanKey(setting.org, call.actor), one(call.args, 'code'));
      stepUp = result === 'passed' ? 'passed' : 'failed';
    }
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
    const now = dossier.containment.all.find((x) => x.key === keyOf(call));
    return now?.state === 'pending'
      ? `Your approval of ${now.key} counts: ${now.votes.length} of ${now.quorum}. Nothing runs before the rest is given.`
      : `${now?.key} is approved.`;
  });
}

const reasonForm = (
  call: Call,
  verb: string,
  title: string,
  label: string,
  submitLabel: string,
  more: readonly Field[] = [],
): Form => ({
  title,
  submitLabel,
  intent: { verb, args: argsOf(call, one(call.args, 'waive') ? { waive: 'yes' } : {}) },
  intro: [],
  fields: [...more, { kind: 'paragraph', name: 'reason', label, isRequired: true, maxLength: 1000 }],
});

async function deny(call: Call): Promise<Answer> {
  const reason = one(call.args, 'reason').trim();
  const c = requestOf(call);
  if (c && call.dossier && reason === '' && call.origin.kind !== 'typed') {
    const trial = decideDeny(settingOf(call.services, call.dossier), c, await pressOf(call, c, call.dossier), '');
    if (!trial.refusal)
      return {
        kind: 'form',
        form: reasonForm(call, 'contain deny', `Deny ${c.key}`, 'Why: the proposer reads this', 'Deny'),
      };
  }
  const ruled = await ruleOn(call, 'deny', async (s, now, dossier) =>
    decideDeny(s, now, await pressOf(call, now, dossier), reason),
  );
  return told(ruled, () => `${keyOf(call)} is denied. That is final; a changed proposal is a new request.`);
}

async function viewFull(call: Call): Promise<Answer> {
  const isAllowed = misplacedOf(call) === null;
  const ruled = await ruleOn(call, 'view', (_s, c) =>
    !call.person || call.actor.standing !== 'member'
      ? refused(
          c,
          'view',
          no(
            call.actor.standing === 'bot' ? 'not-human' : 'not-eligible',
            "Only people the organisation's file lists can open it.",
          ),
          viaOf(call),
        )
      : !isAllowed
        ? refused(c, 'view', no('wrong-context', misplacedOf(call) ?? ''), viaOf(call))
        : {
            records: [
              {
                type: 'containment.viewed',
                subject: c.key,
                body: {
                  request: c.key,
                  digest: c.digest,
                  human: humanKey(call.services.organisation.organisation, call.actor),
                  person: refOf(call.actor),
                },
              },
            ],
            refusal: null,
            request: c.key,
          },
  );
  if (isRefusal(ruled)) return ruled;
  if (ruled.refusal) return ruled.refusal;
  const c = ruled.dossier.containment.all.find((x) => x.key === keyOf(call));
  return c ? { kind: 'private', view: fullText(shownOf(call), c, true) } : { kind: 'none' };
}

async function challenge(call: Call): Promise<Answer> {
  const isWaived = one(call.args, 'waive') === 'yes';
  const words = one(call.args, 'reason').trim();
  const flags = call.args['flags'];
  const c = requestOf(call);
  if (words === '' && c)
    return {
      kind: 'form',
      form: isWaived
        ? reasonForm(
            call,
            'contain challenge',
            `Waive the challenge of ${c.key}`,
            'Why it goes on unchallenged',
            'Waive',
          )
        : reasonForm(
            call,
            'contain challenge',
            `Challenge ${c.key}`,
            'What else could explain what you see, and what would show it',
            'Put it on record',
            [
              {
                kind: 'choices',
                name: 'flags',
                label: 'Red flags that apply',
                isRequired: false,
                choices: [
                  'looks like the textbook',
                  'something contradicts it',
                  'rests on a single source',
                  'timeline too tidy',
                  'unexplained silence',
                ].map((f) => ({ value: f, label: f })),
              },
            ],
          ),
    };
  const { organisation: org } = call.services.organisation;
  const dossier = call.dossier!;
  const may = {
    challenge: holdsRole(org, dossier, call.actor, 'challenger'),
    waive: holdsRole(org, dossier, call.actor, 'commander') || holdsRole(org, dossier, call.actor, 'deputy'),
  };
  const ticked = flags === undefined || flags === '' ? [] : typeof flags === 'string' ? [flags] : flags;
  const all = ticked.length > 0 ? `${words} (red flags: ${ticked.join(', ')})` : words;
  const ruled = await ruleOn(call, 'challenge', (_s, now) =>
    decideChallenge(now, refOf(call.actor), humanKey(org, call.actor), may, isWaived, all),
  );
  return told(
    ruled,
    () => `The challenge of ${keyOf(call)} is ${isWaived ? 'waived' : 'on record'}. It can be approved now.`,
  );
}

async function ask(call: Call): Promise<Answer> {
  const words = one(call.args, 'reason').trim();
  const c = requestOf(call);
  if (words === '' && c)
    return {
      kind: 'form',
      form: reasonForm(call, 'contain ask', `Ask for changes to ${c.key}`, 'What should be different', 'Ask'),
    };
  const ruled = await ruleOn(call, 'ask-changes', (_s, now) => decideAskChanges(now, refOf(call.actor), words));
  return told(
    ruled,
    () => `${keyOf(call)} stays as it is and its time runs on; the proposer was told what you want changed.`,
  );
}

async function dispute(call: Call): Promise<Answer> {
  const words = one(call.args, 'reason').trim();
  const c = requestOf(call);
  if (words === '' && c)
    return {
      kind: 'form',
      form: reasonForm(
        call,
        'contain dispute',
        `Dispute ${c.key}`,
        'What is wrong: not you, or not what you read',
        'Dispute',
      ),
    };
  const ruled = await ruleOn(call, 'dispute', (s, now) => decideDispute(s, now, refOf(call.actor), words));
  return told(ruled, ({ dossier }) =>
    dossier.containment.all.find((x) => x.key === keyOf(call))?.state === 'disputed'
      ? `${keyOf(call)} is stopped: it had not started and will not run.`
      : `${keyOf(call)} is marked as contested. It had started already; propose undoing it if that is needed.`,
  );
}

async function review(call: Call): Promise<Answer> {
  const words = one(call.args, 'reason').trim();
  const c = requestOf(call);
  if (words === '' && c)
    return {
      kind: 'form',
      form: reasonForm(
        call,
        'contain review',
        `Review ${c.key}`,
        'Was breaking the glass right, and what follows from it',
        'Put it on record',
      ),
    };
  const ruled = await ruleOn(call, 'review', (s, now) => decideReview(s, now, refOf(call.actor), words));
  return told(ruled, () => `Your review of ${keyOf(call)} is on record.`);
}

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
          ...fullText(shownOf(call), c, false).elements.slice(1, -1),
        ],
        fields: [
          {
            kind: 'paragraph',
            name: 'reason',
            label: 'Why it cannot wait for anybody else',
            isRequired: true,
            maxLength: 1000,
          },
          ...(needsStepUp({ org }, c.request)
            ? [
                {
                  kind: 'line' as const,
                  name: 'code',
                  label: 'Code from your authenticator',
                  isRequired: true,
                  maxLength: 12,
                },
              ]
            : []),
        ],
      },
    };
  const isAsked = c !== null && needsStepUp({ org }, c.request);
  const stepUp = isAsked
    ? (await call.services.stepUp.check(humanKey(org, call.actor), one(call.args, 'code'))) === 'passed'
      ? 'passed'
      : 'failed'
    : 'not-asked';
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
