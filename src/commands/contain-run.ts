// contain start, outcome, stop, resume: from approval to what came of it, and the kill switch.
import { refOf } from '../chat/actor.ts';
import { rule } from '../containment/act.ts';
import { type Ruling, refused } from '../containment/decide.ts';
import { decideStop } from '../containment/decide-pending.ts';
import { decideOutcome, decideStart } from '../containment/decide-run.ts';
import { isKey, splitKeys, WHERE_KEYS } from '../containment/form.ts';
import { no } from '../containment/reasons.ts';
import { fullText } from '../containment/view.ts';
import { shortName } from '../containment/view-body.ts';
import { danglingCites } from '../finding/cites.ts';
import { emptyDossier } from '../incident/dossier.ts';
import { isRefusal } from '../refusal.ts';
import { actions, button, notice, text, view } from '../view/build.ts';
import { keyOf, missing, pressOf, requestOf, ruleOn, shownOf, told } from './contain-press.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

async function start(call: Call): Promise<Answer> {
  const ruled = await ruleOn(call, 'start', async (s, c, dossier) => {
    const press = await pressOf(call, c, dossier);
    if (press.misplaced !== null) return refused(c, 'start', no('wrong-context', press.misplaced), press.via);
    if (press.digest !== c.digest) return refused(c, 'start', no('changed'), press.via);
    return decideStart(s, c, press.by, { ...press, deadlineSeconds: 0 });
  });
  if (isRefusal(ruled)) return ruled;
  if (ruled.refusal) return ruled.refusal;
  const c = ruled.dossier.containment.all.find((x) => x.key === keyOf(call));
  return c
    ? {
        kind: 'private',
        view: view(`Go: ${shortName(shownOf(call).org, c)}`, [
          notice('good', 'The approval holds. Do exactly this now, then record the outcome.'),
          ...fullText(shownOf(call), c, false).elements.slice(0, -1),
          actions(
            button(
              'Record the outcome',
              'contain outcome',
              { incident: incidentOf(call), request: c.key },
              { style: 'primary' },
            ),
          ),
        ]),
      }
    : { kind: 'none' };
}

async function outcome(call: Call): Promise<Answer> {
  const c = requestOf(call);
  if (!c) return missing(call);
  const result = one(call.args, 'result');
  const summary = one(call.args, 'summary').trim();
  if (result === '')
    return {
      kind: 'form',
      form: {
        title: `Outcome of ${c.key}`,
        submitLabel: 'Attest',
        intent: { verb: 'contain outcome', args: { incident: incidentOf(call), request: c.key } },
        intro: [text(`What came of: ${shortName(shownOf(call).org, c)}. It goes on record under your name.`)],
        fields: [
          {
            kind: 'choice',
            name: 'result',
            label: 'It',
            isRequired: true,
            choices: [
              { value: 'executed', label: 'was done, as approved' },
              { value: 'failed', label: 'failed, or was not done' },
              { value: 'unknown', label: 'is not known: I cannot tell' },
            ],
          },
          {
            kind: 'paragraph',
            name: 'summary',
            label: 'What you did and how you saw that it worked',
            isRequired: true,
            maxLength: 1500,
          },
          {
            kind: 'line',
            name: 'evidence',
            label: 'Evidence',
            hint: 'Keys such as EV-2, or a ticket',
            isRequired: false,
            maxLength: 200,
          },
        ],
      },
    };
  if (result !== 'executed' && result !== 'failed' && result !== 'unknown')
    return { kind: 'errors', errors: { result: 'Choose one.' } };
  if (summary.length < 5) return { kind: 'errors', errors: { summary: 'Say what you did and what you saw.' } };
  const evidence = splitKeys(one(call.args, 'evidence'));
  // Anything else may be a ticket; what looks like a key of ours has to be one.
  const absent = danglingCites(evidence.filter(isKey), call.dossier ?? emptyDossier);
  if (absent.length > 0)
    return { kind: 'errors', errors: { evidence: `There is no ${absent.join(', ')} in this incident. ${WHERE_KEYS}` } };
  const ruled = await ruleOn(call, 'outcome', (s, now) =>
    decideOutcome(s, now, { result, by: refOf(call.actor), summary, evidence }),
  );
  return told(ruled, () => `The outcome of ${c.key} is on record under your name.`);
}

async function stop(call: Call): Promise<Answer> {
  const reason = one(call.args, 'reason').trim();
  if (reason === '')
    return {
      kind: 'form',
      form: {
        title: 'Stop all containment here',
        submitLabel: 'Stop',
        intent: { verb: 'contain stop', args: { incident: incidentOf(call) } },
        intro: [
          notice(
            'danger',
            'Every open request becomes void, approved ones too, and nothing new starts until you resume. What has started already is not called back.',
          ),
        ],
        fields: [{ kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 }],
      },
    };
  const ruled = await rule(
    call.services,
    incidentOf(call),
    call.recordActor,
    (s): Ruling => ({ records: decideStop(s, refOf(call.actor), reason), refusal: null, request: null }),
  );
  return told(ruled, () => 'Containment is stopped in this incident. "contain resume <why>" lets it go on.');
}

async function resume(call: Call): Promise<Answer> {
  const reason = one(call.args, 'reason').trim();
  const ruled = await rule(
    call.services,
    incidentOf(call),
    call.recordActor,
    (s): Ruling => ({
      records: s.slice.stopped ? [{ type: 'containment.resumed', body: { by: refOf(call.actor), reason } }] : [],
      refusal: null,
      request: null,
    }),
  );
  return told(ruled, () => 'Containment may go on. What was made void stays void; propose it again.');
}

const base = { needsIncident: true, effect: 'contain' } as const;

export const containRun: readonly Command[] = [
  {
    ...base,
    who: 'participant',
    name: 'contain start',
    summary: 'Begin what was approved; checks it once more',
    args: [],
    examples: [],
    isHidden: true,
    run: start,
  },
  {
    ...base,
    who: 'participant',
    name: 'contain outcome',
    summary: 'What came of it, attested by whoever carried it out',
    args: [{ name: 'request', summary: 'Key such as CA-3', isRequired: true }],
    examples: ['contain outcome CA-3'],
    run: outcome,
  },
  {
    ...base,
    who: 'command',
    name: 'contain stop',
    summary: 'The kill switch: everything open becomes void, nothing starts',
    args: [{ name: 'reason', summary: 'Why', isRequired: false, isRest: true }],
    examples: ['contain stop we are hitting our own customers'],
    run: stop,
  },
  {
    ...base,
    who: 'command',
    name: 'contain resume',
    summary: 'Let containment go on after a stop',
    args: [{ name: 'reason', summary: 'Why', isRequired: true, isRest: true }],
    examples: ['contain resume the list of targets is corrected'],
    run: resume,
  },
];
