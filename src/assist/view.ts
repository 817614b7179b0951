// What the assistant said, as people see it: proposed and not verified, what it rests on, what was refused, what it left out.
// Drawn from the record alone, so that the card is the same whoever opens it and whenever.
import { defangText } from '../evidence/defang.ts';
import { maskSecrets } from '../evidence/secrets.ts';
import { cappedConfidence } from '../finding/confidence.ts';
import { said } from '../finding/said.ts';
import type { Findings } from '../finding/types.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import {
  actions,
  button,
  context,
  fields,
  heading,
  list,
  notice,
  prose,
  strong,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Button, Element, Prose, View } from '../view/types.ts';
import type { Levels } from './precision.ts';
import { type AssistantAnswer, type ClaimKind, type Kept, MODEL_OFF, type Task } from './types.ts';

export const TASK_TITLES: Readonly<Record<Task, string>> = {
  summarise: 'Summary',
  'catch-up': 'What to read first',
  explain: 'What this event may mean',
  hypotheses: 'How they may have got in',
  contradict: 'What speaks against it',
  ask: 'Answer from the record',
  suggest: 'Steps that could be next',
  translate: 'In plain words',
  draft: 'What belongs into the draft',
};

const KIND_WORDS: Readonly<Record<ClaimKind, readonly [one: string, many: string]>> = {
  event: ['event', 'events'],
  count: ['count', 'counts'],
  cause: ['explanation', 'explanations'],
  absence: ['absence', 'absences'],
  step: ['step', 'steps'],
  recorded: ['sentence of the record', 'sentences of the record'],
};

const MOST_PUT_BACK = 12;
const MOST_REFUSED = 10;

const cited = (keys: readonly string[]): string =>
  keys.length === 0 ? '' : ` [${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', \u2026' : ''}]`;

export interface Shown {
  readonly answer: AssistantAnswer;
  readonly incident: string;
  /** The incident's timeline and findings now: words for what code puts back. */
  readonly events: readonly TimelineEvent[];
  readonly findings: Findings;
  readonly levels: Levels;
  /** What is held back is shown too. */
  readonly isAllShown: boolean;
  /** Characters that have arrived while it is being answered; null: nobody is at work on it. */
  readonly progress: number | null;
}

const of = (shown: Shown, kind: ClaimKind): readonly Kept[] => shown.answer.kept.filter((k) => k.kind === kind);
const isHeldBack = (shown: Shown, kind: ClaimKind): boolean =>
  !shown.isAllShown && shown.levels.get(kind)?.level === 'held back';

const judged = (shown: Shown, kept: Kept): string => {
  const verdict = shown.answer.verdicts.find((v) => v.claim === kept.key);
  return verdict ? `${verdict.isRight ? 'JUDGED RIGHT' : 'JUDGED WRONG'} by ${verdict.by.label} \u00b7 ` : '';
};

const line = (shown: Shown, kept: Kept): Prose =>
  prose(
    `${kept.key} `,
    strong(judged(shown, kept)),
    ...(kept.lane ? [strong(`${kept.lane}: `)] : []),
    untrusted(kept.text),
    cited(kept.cites),
  );

/** What people found of this kind of claim, or that it is held back because of it. */
function levelElements(shown: Shown, kind: ClaimKind): readonly Element[] {
  const level = shown.levels.get(kind);
  if (!level || level.says === '') return [];
  return [level.level === 'proven' ? context(level.says) : notice('warning', level.says)];
}

function listOf(shown: Shown, kind: ClaimKind, title: string): readonly Element[] {
  const found = of(shown, kind);
  if (found.length === 0 || isHeldBack(shown, kind)) return [];
  return [heading(title), ...levelElements(shown, kind), list(found.map((k) => line(shown, k)))];
}

function heldBack(shown: Shown): readonly Element[] {
  const kinds = [...shown.levels].filter(([kind]) => isHeldBack(shown, kind) && of(shown, kind).length > 0);
  return kinds.map(([kind, level]) => {
    const { length } = of(shown, kind);
    return notice(
      'warning',
      strong('HELD BACK: '),
      `${length} ${KIND_WORDS[kind][length === 1 ? 0 : 1]}. ${level.says} "Show what is held back" shows them all the same.`,
    );
  });
}

function causeElements(shown: Shown, kept: Kept, rank: number): readonly Element[] {
  const { cause } = kept;
  if (!cause) return [];
  const capped = cappedConfidence({
    claim: kept.text,
    plain: null,
    kind: 'hypothesis',
    cites: kept.cites,
    against: cause.against,
    assumptions: cause.assumptions,
    alternatives: cause.alternatives,
    wouldChange: cause.wouldChange,
    confidence: cause.confidence,
    isLowTrust: false,
    mismatches: [],
    tlp: null,
  });
  const args = { incident: shown.incident, claim: kept.key };
  const finding = shown.answer.proposed[kept.key];
  return [
    heading(`${rank}. ${kept.key} \u00b7 \u25cb ASSISTANT, NOT VERIFIED`),
    text(strong(judged(shown, kept)), untrusted(kept.text)),
    fields({
      'Speaks for it': cited(kept.cites).trim() || 'nothing',
      'Speaks against it': cause.against.length > 0 ? cited(cause.against).trim() : 'nothing found; look for it',
      Assumes: cause.assumptions.join('; '),
      'Could also be': cause.alternatives.join('; '),
      'Would change our mind': cause.wouldChange,
      Confidence: `${capped.value} of 100${capped.reasons.length > 0 ? ` (${capped.stated} was stated; capped because ${capped.reasons.join(', and ')})` : ''}`,
    }),
    actions(
      finding
        ? button(`Show ${finding}`, 'finding show', { incident: shown.incident, finding })
        : button('Keep as a finding, not verified', 'finding propose', args),
      button('Judge it', 'finding judge', args),
    ),
  ];
}

function refused({ answer }: Shown): readonly Element[] {
  const { dropped } = answer;
  if (dropped.length === 0) return [];
  const isOne = dropped.length === 1;
  const rest = dropped.length - MOST_REFUSED;
  return [
    heading(`\u2717 Refused: ${dropped.length}`),
    notice(
      'danger',
      `${dropped.length} ${isOne ? 'claim was' : 'claims were'} refused and ${isOne ? 'is' : 'are'} not shown: the record does not bear ${isOne ? 'it' : 'them'} out.`,
    ),
    list([
      ...dropped.slice(0, MOST_REFUSED).map((d) => prose(`REFUSED ${d.kind}: `, untrusted(d.why))),
      ...(rest > 0 ? [prose(`and ${rest} more; "audit assistant ${answer.key}" lists all`)] : []),
    ]),
  ];
}

/** What a key stands for, in words, or null when it is gone. */
function wordsOf(key: string, shown: Shown): Prose | null {
  const event = shown.events.find((e) => e.key === key);
  const isPlain = shown.answer.task === 'translate';
  if (event)
    return isPlain
      ? prose(time(event.occurredAt), ' Something serious was recorded that needs a technical reader', ` [${key}]`)
      : prose(
          time(event.occurredAt),
          ' ',
          untrusted(defangText(clip(maskSecrets(event.text.trim()), 200))),
          ` [${key}]`,
        );
  const finding = shown.findings.findings.find((f) => f.key === key);
  if (finding) return prose(strong(finding.state === 'verified' ? 'VERIFIED: ' : ''), said(finding.claim), ` [${key}]`);
  const question = shown.findings.questions.find((q) => q.key === key);
  return question ? prose(strong('OPEN QUESTION: '), said(question.text), ` [${key}]`) : null;
}

function putBack(shown: Shown): readonly Element[] {
  const { omitted } = shown.answer;
  if (omitted.length === 0) return [];
  const isOne = omitted.length === 1;
  const events = omitted.filter((k) => /^(EV|TE)-/.test(k)).length;
  const what =
    events === omitted.length
      ? `severe ${isOne ? 'event' : 'events'}`
      : `${isOne ? 'thing' : 'things'} that must not be missed`;
  const words = omitted.map((k) => wordsOf(k, shown)).filter((w) => w !== null);
  return [
    heading(`+ Put back by code: ${omitted.length}`),
    notice('warning', `The assistant left out ${omitted.length} ${what}. Code puts ${isOne ? 'it' : 'them'} back:`),
    list(words.slice(0, MOST_PUT_BACK)),
    ...(words.length > MOST_PUT_BACK
      ? [context(`and ${words.length - MOST_PUT_BACK} more; "timeline" shows all`)]
      : []),
  ];
}

function leftOut({ answer }: Shown): readonly Element[] {
  if (answer.leftOut.length === 0) return [];
  return [
    heading(`\u2212 Left out: ${answer.leftOut.length}`),
    list(answer.leftOut.map((t) => prose(strong('LEFT OUT: '), untrusted(t)))),
    context('They stay on record. In the draft they stand under what is left out, and "Edit" brings any of them back.'),
  ];
}

const headline = ({ answer }: Shown): string => {
  const title = TASK_TITLES[answer.task];
  return answer.task === 'draft' && answer.audience ? `${title}: ${answer.audience}` : title;
};

const asker = ({ answer }: Shown): Element =>
  context(
    answer.isAutomatic
      ? 'By itself, as countersign.yml allows and people\u2019s verdicts have earned, at '
      : `Asked by ${answer.askedBy.label} at `,
    time(answer.askedAt),
    ...(answer.question === null ? [] : [': ', said(maskSecrets(answer.question))]),
  );

/** The card while nothing has come back, and after a stop that lost what was on its way. */
function waiting(shown: Shown): View {
  const { answer, progress, incident } = shown;
  const isLost = progress === null;
  const words = isLost
    ? 'NO ANSWER CAME: the program was stopped while it waited. Nothing was lost but the answer; ask again.'
    : `WORKING: ${answer.assistant} was asked. ${progress > 0 ? `${progress.toLocaleString('en')} characters have arrived; nothing` : 'Nothing'} is shown before it is checked.`;
  const elements = [
    heading(`${answer.key} \u00b7 ${headline(shown)} \u00b7 ${isLost ? 'NO ANSWER' : '\u2026 WORKING'}`),
    notice(isLost ? 'warning' : 'info', words),
    ...(isLost ? [] : [text('Go on working. If it takes too long, the built-in rules answer and this card says so.')]),
    asker(shown),
    actions(button('Exactly what it was given', 'audit assistant', { incident, answer: answer.key })),
  ];
  const summary = `${answer.key} ${headline(shown)}: ${isLost ? 'no answer came' : 'working'}`;
  return view(summary, elements, isLost ? 'warning' : 'info');
}

function buttonsFor(shown: Shown): readonly Button[] {
  const { answer, incident } = shown;
  const { key } = answer;
  const isBriefing = answer.audience === 'briefing';
  const hasHeldBack = answer.kept.some((k) => isHeldBack(shown, k.kind));
  return [
    ...(answer.task === 'draft' && answer.kept.length > 0
      ? [
          isBriefing
            ? button('Open the briefing with these', 'notice brief', { incident, from: key }, { style: 'primary' })
            : button(
                'Make it a draft',
                'notice draft',
                { incident, audience: answer.audience ?? '', from: key },
                { style: 'primary' },
              ),
        ]
      : []),
    ...(hasHeldBack ? [button('Show what is held back', 'finding show', { incident, finding: key, all: 'yes' })] : []),
    ...(of(shown, 'cause').length === 0 && answer.kept.length > 0
      ? [button('Judge a claim', 'finding judge', { incident, claim: key })]
      : []),
    button('Exactly what it was given', 'audit assistant', { incident, answer: key }),
  ];
}

/** The answer's card. Code wrote every word of it. */
export function answerView(shown: Shown): View {
  const { answer, incident } = shown;
  const { key, task } = answer;
  if (answer.answeredAt === null) return waiting(shown);
  const causes = isHeldBack(shown, 'cause') ? [] : of(shown, 'cause');
  const missed = answer.given.of - answer.given.events;
  return view(
    `${key} ${headline(shown)}: proposed by the assistant, NOT VERIFIED. ${answer.kept.length} claims, ${answer.dropped.length} refused.`,
    [
      heading(`${key} \u00b7 ${headline(shown)} \u00b7 \u25cb NOT VERIFIED`),
      notice('warning', `PROPOSED BY THE ASSISTANT (${answer.assistant}), NOT VERIFIED. Nobody has checked this.`),
      asker(shown),
      ...(answer.fellBack
        ? [
            notice(
              answer.fellBack === MODEL_OFF ? 'info' : 'warning',
              `The built-in rules answered in place of the model: ${answer.fellBack}`,
            ),
          ]
        : []),
      ...(answer.planted.length > 0
        ? [
            notice(
              'danger',
              `${answer.planted.length} ${answer.planted.length === 1 ? 'line tries' : 'lines try'} to give instructions to readers or models${cited(answer.planted)}. They are evidence; nothing obeys them.`,
            ),
          ]
        : []),
      ...listOf(shown, 'recorded', task === 'draft' ? 'Goes in, in this order' : 'From the record'),
      ...listOf(shown, 'event', task === 'contradict' ? 'Does not go with it' : 'Events'),
      ...listOf(shown, 'count', 'Counted by code'),
      ...(causes.length > 0 ? levelElements(shown, 'cause') : []),
      ...causes.flatMap((k, i) => causeElements(shown, k, i + 1)),
      ...listOf(shown, 'step', 'Offered by the playbook'),
      ...(of(shown, 'step').length > 0 ? [actions(button('Open the playbook', 'step', { incident }))] : []),
      ...listOf(shown, 'absence', 'Not found'),
      ...heldBack(shown),
      ...(answer.kept.length === 0 && answer.omitted.length === 0 ? [notice('info', nothing[task])] : []),
      ...putBack(shown),
      ...leftOut(shown),
      ...refused(shown),
      ...(missed > 0
        ? [
            context(
              `${missed} older or less severe ${missed === 1 ? 'event was' : 'events were'} not looked at; the newest and the most severe were.`,
            ),
          ]
        : []),
      ...(answer.isModel
        ? []
        : [
            context(
              'Chosen by rules: how severe an event is, what it shares with others, which words it has. They read nothing.',
            ),
          ]),
      actions(...buttonsFor(shown)),
    ],
    'warning',
  );
}

const nothing: Readonly<Record<Task, string>> = {
  summarise: 'There is nothing on the timeline to summarise. Add evidence: log.',
  'catch-up': 'There is nothing on record to read yet.',
  explain: 'Nothing on the timeline goes with it.',
  hypotheses: 'No event on the timeline bears out an explanation yet. Add evidence: log.',
  contradict: 'Nothing on the timeline speaks against it. That does not make it so: look for what was never collected.',
  ask: 'Nothing on record answers it. That is not the same as not happened: look for what was never collected.',
  suggest: 'No playbook offers a step now. Start one: step.',
  translate: 'There is nothing on the timeline to put into plain words.',
  draft: 'The record holds no sentence for these readers yet. Verify a finding and put it in plain words: finding.',
};
