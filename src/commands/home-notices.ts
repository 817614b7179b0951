// What findings, notices and briefings put on a person's home tab.
import type { Principal } from '../chat/types.ts';
import { claimed, said } from '../finding/said.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Role } from '../incident/types.ts';
import { displayName } from '../incident/view.ts';
import { briefingElements } from '../notice/briefing-view.ts';
import { humanKey } from '../organisation/people.ts';
import { actions, button, context, heading, text, time } from '../view/build.ts';
import type { Element } from '../view/types.ts';
import { holdsRole } from './permission.ts';
import type { Services } from './types.ts';

/** Questions to answer, verifications to confirm, notices to send and briefings to post: only those that wait for this person. */
export function waitingHere(dossiers: readonly Dossier[], actor: Principal, services: Services): readonly Element[] {
  const org = services.organisation.organisation;
  const me = humanKey(org, actor);
  return dossiers.flatMap((dossier): Element[] => {
    const { key: incident } = dossier.incident;
    const holds = (...roles: readonly Role[]): boolean => roles.some((r) => holdsRole(org, dossier, actor, r));
    const questions = dossier.finding.questions
      .filter((q) => q.answer === null && q.answerer && humanKey(org, q.answerer) === me)
      .flatMap((q) => [
        text(`${incident} ${q.key}: `, said(q.text), ...(q.dueAt ? [' by ', time(q.dueAt)] : [])),
        actions(button(`Answer ${q.key}`, 'finding answer', { incident, question: q.key })),
      ]);
    const confirmations = dossier.finding.findings
      .filter((f) => f.state === 'unverified' && f.verification?.second && humanKey(org, f.verification.second) === me)
      .flatMap((f) => [
        text(
          `${incident} ${f.key}: ${f.verification?.by.label ?? ''} verified this and asks you to confirm: `,
          claimed(f, f.claim),
        ),
        actions(button(`Look at ${f.key}`, 'finding show', { incident, finding: f.key })),
      ]);
    if (!holds('liaison', 'commander', 'deputy')) return [...questions, ...confirmations];
    const reviewed = dossier.notice.notices
      .filter((n) => n.state === 'reviewed')
      .flatMap((n) => [
        text(`${incident} ${n.key} to ${n.audience} was reviewed and waits to be sent.`),
        actions(button(`Send ${n.key}`, 'notice send', { incident, notice: n.key })),
      ]);
    const due = dossier.notice.briefingDraft
      ? [
          text(`${incident}: the briefing is due. Its draft is ready.`),
          actions(button('Read and post', 'notice brief', { incident })),
        ]
      : [];
    return [...due, ...questions, ...confirmations, ...reviewed];
  });
}

/** The latest briefing of each open incident, for those who were not there. */
export const latestBriefings = (dossiers: readonly Dossier[], services: Services): readonly Element[] =>
  dossiers.flatMap((dossier): Element[] => {
    const last = dossier.notice.briefings.at(-1);
    return last
      ? [
          heading(`Latest briefing: ${dossier.incident.key} ${displayName(dossier.incident)}`),
          ...briefingElements(last.body, dossier, services.organisation.organisation),
          context(`Posted by ${last.by.label} at `, time(last.at)),
        ]
      : [];
  });
