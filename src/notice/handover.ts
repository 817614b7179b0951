// The handover brief: what the next commander takes over with the role.
import { stateWords } from '../containment/view.ts';
import { shortName } from '../containment/view-body.ts';
import { claimed } from '../finding/said.ts';
import type { Finding } from '../finding/types.ts';
import { questionProse } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Organisation } from '../organisation/schema.ts';
import { currentSteps } from '../playbook/steps.ts';
import { heading, list, prose, strong, text, time, untrusted } from '../view/build.ts';
import type { Element, Prose } from '../view/types.ts';
import { briefingDueAt } from './briefing.ts';
import { clockSentences } from './clock-view.ts';
import { splitCites } from './lines.ts';

export interface HandoverLine {
  readonly part: string;
  readonly prose: Prose;
  /** Somebody has to do something now. */
  readonly isWork: boolean;
}

/** Findings nobody verified that something rests on: a notice in the making, or a containment proposed or done. */
export function reliedOn(dossier: Dossier): readonly { readonly finding: Finding; readonly by: readonly string[] }[] {
  const uses: { readonly by: string; readonly cites: readonly string[] }[] = [
    ...dossier.notice.notices
      .filter((n) => n.state === 'draft' || n.state === 'reviewed' || n.state === 'sent')
      .map((n) => ({
        by: n.key,
        cites: [n.body.status, ...n.body.known, ...n.body.beingDone, ...Object.values(n.body.answers)].flatMap(
          (l) => splitCites(l).cites,
        ),
      })),
    ...dossier.containment.all
      .filter((c) => !['denied', 'withdrawn', 'superseded', 'expired', 'lapsed'].includes(c.state))
      .map((c) => ({ by: c.key, cites: c.evidence })),
  ];
  return dossier.finding.findings
    .filter((f) => f.state !== 'verified')
    .map((finding) => ({ finding, by: uses.filter((u) => u.cites.includes(finding.key)).map((u) => u.by) }))
    .filter(({ by }) => by.length > 0);
}

/** What is open, in the order a commander needs it: approvals, steps, briefing, clocks, questions, shaky ground. */
export function handoverLines(
  dossier: Dossier,
  org: Organisation,
  nowAt: string,
  nameOf: (key: string) => string,
): readonly HandoverLine[] {
  const nowMs = Date.parse(nowAt);
  const dueAt = briefingDueAt(dossier, org);
  return [
    ...dossier.containment.all
      .filter((c) => ['pending', 'granted', 'executing', 'unknown'].includes(c.state))
      .map((c) => ({
        part: 'Containment that is open',
        prose: prose(
          `${c.key} `,
          untrusted(shortName(org, c)),
          `: ${stateWords[c.state]}`,
          ...(c.state === 'pending' ? [', expires ', time(c.request.expiresAt)] : []),
        ),
        isWork: true,
      })),
    ...dossier.playbook.runs
      .filter((r) => r.status === 'open')
      .flatMap((run) => currentSteps(run, nowMs).map((l) => ({ run, l })))
      .filter(({ l }) => l.isOverdue)
      .map(({ run, l }) => ({
        part: 'Steps that are overdue',
        prose: prose(
          `${run.key} "${l.step.title}"`,
          ...(l.dueAt === null ? [] : [', was due ', time(new Date(l.dueAt).toISOString())]),
        ),
        isWork: true,
      })),
    ...(dueAt
      ? [
          {
            part: 'Next briefing',
            prose:
              Date.parse(dueAt) <= nowMs
                ? prose('Briefing ', strong('overdue'), ', was due ', time(dueAt))
                : prose('Briefing due ', time(dueAt)),
            isWork: Date.parse(dueAt) <= nowMs,
          },
        ]
      : []),
    ...clockSentences(dossier.clock.state, nowMs, dossier.incident.zone ?? org.zone, nameOf)
      .filter((line) => !line.includes(': met'))
      .map((line) => ({ part: 'Legal clocks', prose: prose(line), isWork: true })),
    ...dossier.finding.questions
      .filter((q) => q.answer === null)
      .map((q) => ({ part: 'Open questions', prose: questionProse(q), isWork: false })),
    ...reliedOn(dossier).map(({ finding, by }) => ({
      part: 'Not verified, and something rests on it',
      prose: prose(
        `${finding.key}${finding.state === 'refuted' ? ' (REFUTED)' : ''} `,
        claimed(finding, finding.claim),
        `: ${by.join(', ')} ${by.length === 1 ? 'rests' : 'rest'} on it`,
      ),
      isWork: false,
    })),
  ];
}

/** The brief as part of a card. */
export function handoverElements(lines: readonly HandoverLine[]): readonly Element[] {
  const parts = [...new Set(lines.map((l) => l.part))];
  return parts.length === 0
    ? [text('Nothing is waiting: no open request, no overdue step, no clock, no open question.')]
    : parts.flatMap((part) => [heading(part), list(lines.filter((l) => l.part === part).map((l) => l.prose))]);
}
