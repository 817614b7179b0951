// The score card. It names what happened and gives no sum: a number would say more than anybody knows.
import { said } from '../finding/said.ts';
import type { Incident } from '../incident/types.ts';
import { exerciseBanner } from '../incident/view.ts';
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
  view,
} from '../view/build.ts';
import { lengthText } from '../view/length.ts';
import type { Element, Tone, View } from '../view/types.ts';
import type { Score, StepNamed, Verdict } from './types.ts';

const FALSE_WORDS: Readonly<Record<Verdict, readonly [words: string, tone: Tone]>> = {
  accepted: ['ACCEPTED: a false claim was verified', 'danger'],
  'relied-on': ['RELIED ON: nobody verified it, and something rests on it', 'danger'],
  'accepted-then-rejected': ['Accepted at first, then rejected', 'warning'],
  challenged: ['Challenged, not settled', 'info'],
  rejected: ['Rejected', 'good'],
  'left-open': ['Left open: neither accepted nor questioned', 'warning'],
};

const TRUE_WORDS: Readonly<Record<Verdict, readonly [words: string, tone: Tone]>> = {
  accepted: ['Accepted, and it was true', 'good'],
  'relied-on': ['Relied on without being verified; it was true', 'warning'],
  'accepted-then-rejected': ['Rejected, though it was true', 'warning'],
  challenged: ['Challenged, not settled; it was true', 'info'],
  rejected: ['Rejected, though it was true', 'warning'],
  'left-open': ['Left open; it was true', 'info'],
};

const steps = (title: string, named: readonly StepNamed[]): readonly Element[] =>
  named.length === 0
    ? []
    : [
        text(strong(`${title} (${named.length})`)),
        list(named.map((s) => prose(`${s.run} "${s.title}"`, ...(s.reason === '' ? [] : [': ', said(s.reason)])))),
      ];

const claims = (score: Score): readonly Element[] => {
  const accepted = score.claims.filter((c) => !c.isTrue && ['accepted', 'relied-on'].includes(c.verdict)).length;
  const planted = score.claims.filter((c) => !c.isTrue).length;
  return [
    heading('Claims that were planted'),
    ...(score.claims.length === 0
      ? [context('None: no step was settled after which the playbook plants one.')]
      : [
          text(
            strong(`${accepted} of ${planted} false claims ${accepted === 1 ? 'was' : 'were'} accepted or relied on.`),
          ),
        ]),
    ...score.claims.map((c) => {
      const [words, tone] = (c.isTrue ? TRUE_WORDS : FALSE_WORDS)[c.verdict];
      return notice(tone, strong(`${c.finding} \u00b7 ${words}. `), said(`"${c.claim}." ${c.why}`));
    }),
  ];
};

/** What the pinned card of an exercise adds. */
export const scoreSection = (incident: Incident): readonly Element[] =>
  incident.kind === 'exercise' ? [actions(button('Score', 'status score', { incident: incident.key }))] : [];

/** The score so far, or at the end; what was planted is named only when it is revealed. */
export function scoreView(incident: Incident, score: Score, isRevealed: boolean): View {
  const told = (ms: number | null): string => (ms === null ? (isRevealed ? 'never' : 'not yet') : lengthText(ms));
  return view(`Score of ${incident.key}`, [
    ...exerciseBanner(incident),
    heading(`Score of ${incident.key}${isRevealed ? '' : ' so far'}`),
    context(`Counted from when it was ${score.start.from}, `, time(score.start.at)),
    fields({
      'Somebody in command after': told(score.acknowledgeMs),
      'First approval after': told(score.firstApprovalMs),
      'That decision took': score.decisionMs === null ? null : lengthText(score.decisionMs),
      'First containment carried out after': told(score.containMs),
      Steps: `${score.steps.done} done, ${score.steps.late} of them late`,
    }),
    ...steps(isRevealed ? 'Missed' : 'Not settled yet', score.steps.missed),
    ...steps('Skipped', score.steps.skipped),
    ...steps('Waived', score.steps.waived),
    ...steps('Done without a notice', score.steps.untold),
    ...(isRevealed
      ? claims(score)
      : [context('Which claims were planted, and what became of them, is said when the exercise is closed.')]),
  ]);
}
