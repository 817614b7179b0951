// The first draft of a review, from records alone: no sentence here is anybody's guess, and what only people can say is asked.
import { stateWords } from '../containment/view.ts';
import { shortName } from '../containment/view-body.ts';
import { defangText } from '../evidence/defang.ts';
import { isSettled } from '../finding/confidence.ts';
import type { Dossier } from '../incident/dossier.ts';
import { openClocks } from '../notice/clocks/board.ts';
import { incidentFacts, statusLine, utcAndLocal } from '../notice/facts.ts';
import { reliedOn } from '../notice/handover.ts';
import { eventLine, highlights } from '../notice/highlights.ts';
import { withCites } from '../notice/lines.ts';
import { isStricter } from '../notice/tlp.ts';
import type { Organisation } from '../organisation/schema.ts';
import { progressOf, stepLines, toldSteps } from '../playbook/steps.ts';
import { toldWords } from '../playbook/told.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import { clip } from '../view/escape.ts';
import { TO_DISCUSS } from './decide.ts';
import { type ReviewBody, SECTIONS } from './types.ts';

const MOST_HIGHLIGHTS = 15;
const MOST_LINES = 25;
export const LONGEST_LINE = 400;
/** What a form of every platform takes in one field, in UTF-16 units. */
export const LONGEST_SECTION = 3000;

export interface DraftSetting {
  readonly org: Organisation;
  readonly nowAt: string;
  readonly events: readonly TimelineEvent[];
}

/** Everything recorded that belongs into a review, by section. */
export function draftReview(dossier: Dossier, { org, nowAt, events }: DraftSetting): ReviewBody {
  const zone = dossier.incident.zone ?? org.zone;
  const findings = dossier.finding.findings.filter((f) => f.tlp === null || !isStricter(f.tlp, 'AMBER+STRICT'));
  const settled = findings.filter(isSettled);
  const impact = dossier.notice.briefings.at(-1)?.body.impact.trim() ?? '';
  const factors = settled.filter((f) => f.kind === 'root-cause').map((f) => withCites(f.claim, [f.key]));
  const body: Record<(typeof SECTIONS)[number]['name'], readonly string[]> = {
    summary: [
      ...dossier.incident.summary.split('\n'),
      statusLine(dossier.incident, org),
      ...incidentFacts(dossier, org),
      ...settled.filter((f) => f.kind !== 'root-cause').map((f) => withCites(f.claim, [f.key])),
    ],
    impact: [
      ...(impact === '' ? [] : [impact]),
      ...(impact === '' ? [`${TO_DISCUSS}what it meant for customers, data and the business, in numbers.`] : []),
    ],
    factors: [
      ...factors,
      ...(factors.length === 0 ? [`${TO_DISCUSS}why it could happen. No root cause is verified on record.`] : []),
      `${TO_DISCUSS}why it was not seen earlier.`,
    ],
    done: doneLines(dossier, org, zone, nowAt),
    learned: [...learnedLines(dossier, org, nowAt), `${TO_DISCUSS}what went well, what did not, where we were lucky.`],
    followUps: [...followUpLines(dossier, org, nowAt), `${TO_DISCUSS}what changes, who does it, by when.`],
    highlights: highlights(events, MOST_HIGHLIGHTS).map((e) => eventLine(e, zone)),
  };
  return Object.fromEntries(SECTIONS.map(({ name }) => [name, fitted(body[name])])) as ReviewBody;
}

/** At most what a form takes; the rest stays in the record, and is said to. */
export function fitted(lines: readonly string[]): readonly string[] {
  const clean = lines
    .map((line) => clip(defangText(line.replace(/\s+/g, ' ').trim()), LONGEST_LINE))
    .filter((line) => line !== '');
  let used = 0;
  const kept = clean.slice(0, MOST_LINES).filter((line) => (used += line.length + 1) <= LONGEST_SECTION - 100);
  const left = clean.length - kept.length;
  return left === 0 ? kept : [...kept, `${left} more in the record of the incident.`];
}

function doneLines(dossier: Dossier, org: Organisation, zone: string, nowAt: string): readonly string[] {
  const at = (when: string): string => utcAndLocal(when, zone);
  return [
    ...dossier.notice.milestones
      .filter((m) => m.cite === '')
      .map((m) => withCites(`${at(m.at)}: ${m.text}`, [dossier.incident.key])),
    ...dossier.containment.all
      .filter((c) => c.outcome !== null)
      .map((c) => {
        const approvers = c.votes.map((v) => v.person.label).join(', ') || 'nobody';
        const doer = c.outcome?.by?.label ?? 'the automation';
        const words = `${shortName(org, c)}: ${stateWords[c.state]}. Proposed by ${c.proposer.label}, approved by ${approvers}, carried out by ${doer}, ${at(c.outcome?.at ?? '')}: ${c.outcome?.summary ?? ''}`;
        return withCites(words, [c.key]);
      }),
    ...dossier.notice.notices
      .filter((n) => n.sent !== null)
      .map(
        (n) =>
          `${n.key} to ${n.audience}, version ${n.version}, sent by ${n.sent?.by.label} at ${at(n.sent?.at ?? '')}.`,
      ),
    ...dossier.playbook.runs.map((run) => {
      const { settled, all } = progressOf(run);
      const skipped = stepLines(run, Date.parse(nowAt)).filter((l) => l.standing === 'skipped').length;
      return `${run.key} ${run.playbook.name}: ${settled} of ${all} steps settled, ${skipped} of them skipped.`;
    }),
  ];
}

/** What went otherwise than planned, as the record has it: each is asked about, none is judged. */
function learnedLines(dossier: Dossier, org: Organisation, nowAt: string): readonly string[] {
  const ask = (words: string, key: string): string => `${TO_DISCUSS}${withCites(words, [key])}`;
  return [
    ...dossier.finding.findings
      .filter((f) => f.state === 'refuted')
      .map((f) => ask(`it was believed and then refuted: "${f.claim}" What made it convincing?`, f.key)),
    ...dossier.containment.all
      .filter((c) => c.grant?.brokenGlass || ['failed', 'unknown', 'denied', 'expired', 'disputed'].includes(c.state))
      .map((c) =>
        ask(
          `${shortName(org, c)} ${c.grant?.brokenGlass ? 'went through break-glass' : `is ${stateWords[c.state]}`}. Why?`,
          c.key,
        ),
      ),
    ...dossier.notice.notices
      .filter((n) => n.retraction !== null)
      .map((n) => ask(`${n.key} to ${n.audience} was taken back: ${n.retraction?.reason ?? ''}`, dossier.incident.key)),
    ...dossier.playbook.runs.flatMap((run) => [
      ...stepLines(run, Date.parse(nowAt))
        .filter((l) => l.standing === 'skipped')
        .map((l) => `${TO_DISCUSS}step "${l.step.title}" of ${run.key} was skipped: ${l.state.reason ?? ''}`),
      ...toldSteps(run)
        .filter((t) => t.told.without.length > 0)
        .map((t) => `${TO_DISCUSS}step "${t.step.title}" of ${run.key} was done ${toldWords(t.told)}`),
    ]),
    ...dossier.incident.waivers.map((w) => `${TO_DISCUSS}it was closed without ${w.blocker}: ${w.reason}`),
  ];
}

function followUpLines(dossier: Dossier, org: Organisation, nowAt: string): readonly string[] {
  return [
    ...dossier.finding.questions
      .filter((q) => q.answer === null)
      .map((q) => withCites(`Find out: ${q.text}${q.answerer ? ` (${q.answerer.label})` : ''}`, [q.key])),
    ...reliedOn(dossier).map(({ finding, by }) =>
      withCites(`Verify or withdraw what ${by.join(', ')} rested on: ${finding.claim}`, [finding.key]),
    ),
    ...dossier.containment.all
      .filter((c) => c.state === 'executed' && c.request.reversibility !== 'irreversible')
      .map((c) => withCites(`Decide whether it stays or is undone: ${shortName(org, c)}`, [c.key])),
    ...openClocks(dossier.clock.state, Date.parse(nowAt)).map(
      (l) => `Settle the clock ${l.regime.name}, ${l.rule.to}.`,
    ),
  ];
}
