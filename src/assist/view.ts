// What the assistant said, as people see it: proposed and not verified, what it rests on, what was refused, what it left out.
import { defangText } from '../evidence/defang.ts';
import { cappedConfidence } from '../finding/confidence.ts';
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
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Button, Element, Prose, View } from '../view/types.ts';
import type { Grounded, Held } from './ground.ts';
import type { AssistantAnswer, ClaimKind, Material, Task } from './types.ts';

export const TASK_TITLES: Readonly<Record<Task, string>> = {
  summarise: 'Summary',
  explain: 'What this event may mean',
  hypotheses: 'How they may have got in',
  contradict: 'What speaks against it',
  suggest: 'Steps that could be next',
  translate: 'In plain words',
};

const MOST_PUT_BACK = 12;

const cited = (keys: readonly string[]): string =>
  keys.length === 0 ? '' : ` [${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', \u2026' : ''}]`;

export interface Shown {
  readonly answer: Pick<AssistantAnswer, 'key' | 'task' | 'assistant' | 'fellBack'>;
  readonly grounded: Grounded;
  readonly material: Material;
  /** Kinds of claim that people judged wrong more often than right, and how often: shown last and said so. */
  readonly doubted: ReadonlyMap<ClaimKind, string>;
}

const keyOf = (shown: Shown, held: Held): string => `${shown.answer.key}.${shown.grounded.held.indexOf(held) + 1}`;

const line = (shown: Shown, held: Held): Prose =>
  prose(`${keyOf(shown, held)} `, untrusted(held.text), cited(held.cites));

function listOf(shown: Shown, kind: ClaimKind, title: string): readonly Element[] {
  const found = shown.grounded.held.filter((h) => h.kind === kind);
  const doubt = shown.doubted.get(kind);
  return found.length === 0
    ? []
    : [heading(title), ...(doubt ? [notice('warning', doubt)] : []), list(found.map((h) => line(shown, h)))];
}

function causeElements(shown: Shown, held: Held, rank: number): readonly Element[] {
  const { cause } = held;
  if (!cause) return [];
  const capped = cappedConfidence({
    claim: held.text,
    plain: null,
    kind: 'hypothesis',
    cites: held.cites,
    against: cause.against,
    assumptions: cause.assumptions,
    alternatives: cause.alternatives,
    wouldChange: cause.wouldChange,
    confidence: cause.confidence,
    isLowTrust: false,
    mismatches: [],
    tlp: null,
  });
  const args = { incident: shown.material.incident, claim: keyOf(shown, held) };
  return [
    heading(`${rank}. ${keyOf(shown, held)} \u00b7 ASSISTANT, NOT VERIFIED`),
    text(untrusted(held.text)),
    fields({
      'Speaks for it': cited(held.cites).trim() || 'nothing',
      'Speaks against it': cause.against.length > 0 ? cited(cause.against).trim() : 'nothing found; look for it',
      Assumes: cause.assumptions.join('; '),
      'Could also be': cause.alternatives.join('; '),
      'Would change our mind': cause.wouldChange,
      Confidence: `${capped.value} of 100${capped.reasons.length > 0 ? ` (${capped.stated} was stated; capped because ${capped.reasons.join(', and ')})` : ''}`,
    }),
    actions(
      button('Keep as a finding, not verified', 'finding propose', args),
      button('Judge it', 'finding judge', args),
    ),
  ];
}

function refused(shown: Shown): readonly Element[] {
  const { dropped } = shown.grounded;
  if (dropped.length === 0) return [];
  return [
    notice(
      'warning',
      `${dropped.length} ${dropped.length === 1 ? 'claim was' : 'claims were'} refused and ${dropped.length === 1 ? 'is' : 'are'} not shown: the record does not bear ${dropped.length === 1 ? 'it' : 'them'} out.`,
    ),
    list(dropped.slice(0, 10).map((d) => prose(`REFUSED ${d.kind}: `, untrusted(d.why)))),
  ];
}

function putBack(shown: Shown): readonly Element[] {
  const { omitted } = shown.grounded;
  if (omitted.length === 0) return [];
  const isPlain = shown.material.task === 'translate';
  const events = omitted.flatMap((k): TimelineEvent[] => {
    const found = shown.material.all.find((e) => e.key === k);
    return found ? [found] : [];
  });
  return [
    notice(
      'warning',
      `The assistant left out ${omitted.length} severe ${omitted.length === 1 ? 'event' : 'events'}. Code puts ${omitted.length === 1 ? 'it' : 'them'} back:`,
    ),
    list(
      events
        .slice(0, MOST_PUT_BACK)
        .map((e) =>
          isPlain
            ? prose(time(e.occurredAt), ' Something serious was recorded that needs a technical reader', ` [${e.key}]`)
            : prose(time(e.occurredAt), ' ', untrusted(defangText(clip(e.text, 200))), ` [${e.key}]`),
        ),
    ),
    ...(events.length > MOST_PUT_BACK
      ? [context(`and ${events.length - MOST_PUT_BACK} more; "timeline" shows all`)]
      : []),
  ];
}

/** The answer's card. Code wrote every word of it. */
export function answerView(shown: Shown): View {
  const { answer, grounded, material } = shown;
  const { key, task } = answer;
  const causes = grounded.held.filter((h) => h.kind === 'cause');
  const steps = grounded.held.filter((h) => h.kind === 'step');
  const planted = material.all.filter((e) => e.derived?.flags.includes('possible-manipulation'));
  const args = { incident: material.incident };
  const row: Button[] = [
    ...(causes.length === 0 && grounded.held.length > 0
      ? [button('Judge a claim', 'finding judge', { ...args, claim: `${key}.1` })]
      : []),
    button('Exactly what it was given', 'finding preview-prompt', {
      ...args,
      task,
      ...(material.subject ? { about: material.subject } : {}),
    }),
  ];
  return view(
    `${key} ${TASK_TITLES[task]}: proposed by the assistant, NOT VERIFIED. ${grounded.held.length} claims, ${grounded.dropped.length} refused.`,
    [
      heading(`${key} \u00b7 ${TASK_TITLES[task]}`),
      notice('warning', `PROPOSED BY THE ASSISTANT (${answer.assistant}), NOT VERIFIED. Nobody has checked this.`),
      ...(answer.fellBack
        ? [notice('warning', `The model did not answer, so the built-in rules did: ${answer.fellBack}`)]
        : []),
      ...(planted.length > 0
        ? [
            notice(
              'danger',
              `${planted.length} ${planted.length === 1 ? 'line tries' : 'lines try'} to give instructions to readers or models${cited(planted.map((e) => e.key))}. They are evidence; nothing obeys them.`,
            ),
          ]
        : []),
      ...listOf(shown, 'event', task === 'contradict' ? 'Does not go with it' : 'Events'),
      ...listOf(shown, 'count', 'Counted by code'),
      ...causes.flatMap((h, i) => causeElements(shown, h, i + 1)),
      ...listOf(shown, 'step', 'Offered by the playbook'),
      ...(steps.length > 0 ? [actions(button('Open the playbook', 'step', args))] : []),
      ...listOf(shown, 'absence', 'Not found'),
      ...(grounded.held.length === 0 && grounded.omitted.length === 0 ? [notice('info', nothing[task])] : []),
      ...putBack(shown),
      ...refused(shown),
      ...(material.cut.events > 0
        ? [
            context(
              `${material.cut.events} older or less severe events were not looked at; the newest and the most severe were.`,
            ),
          ]
        : []),
      actions(...row),
    ],
    'warning',
  );
}

const nothing: Readonly<Record<Task, string>> = {
  summarise: 'There is nothing on the timeline to summarise. Add evidence: log.',
  explain: 'Nothing on the timeline goes with it.',
  hypotheses: 'No event on the timeline bears out an explanation yet. Add evidence: log.',
  contradict: 'Nothing on the timeline speaks against it. That does not make it so: look for what was never collected.',
  suggest: 'No playbook offers a step now. Start one: step.',
  translate: 'There is nothing on the timeline to put into plain words.',
};
