// Live content by name: what the courier renders from the state at delivery.

import { privateView, readPrivateSubject } from '../containment/private.ts';
import { containmentOf } from '../containment/types.ts';
import { cardLines, containmentCard } from '../containment/view.ts';
import type { Shown } from '../containment/view-body.ts';
import { receiptView } from '../evidence/view.ts';
import { scoreSection } from '../exercise/view.ts';
import { findingsSection, findingView, questionView } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { cardView, watermarked } from '../incident/view.ts';
import { briefingCard, briefingSection } from '../notice/briefing-view.ts';
import { clockSection } from '../notice/clock-view.ts';
import { runsSection, runView } from '../playbook/view.ts';
import { reviewSection } from '../review/view.ts';
import type { Element, View } from '../view/types.ts';
import { cardView as answerCard } from './assist-card.ts';
import { namesIn } from './names.ts';
import { noticeLive } from './notice-desk.ts';
import type { Services } from './types.ts';

/** What renders one kind of live message; null when there is nothing to show any more. */
export type LiveRender = (dossier: Dossier, subject: string, services: Services) => Promise<View | null>;

const shownIn = (services: Services, { incident, finding }: Dossier): Shown => ({
  org: services.organisation.organisation,
  incident,
  finding,
});

/** What each noun adds to the pinned card, in order. */
export const cardSections: readonly ((
  dossier: Dossier,
  services: Services,
) => readonly Element[] | Promise<readonly Element[]>)[] = [
  ({ playbook }, services) => runsSection(playbook, services.now()),
  (dossier, services) => cardLines(shownIn(services, dossier), dossier.containment),
  ({ finding }) => findingsSection(finding),
  ({ clock }, services) => clockSection(clock.state, services.now()),
  (dossier, services) => briefingSection(dossier, services.organisation.organisation, services.now()),
  ({ incident, review }) => reviewSection(incident, review),
  ({ incident }) => scoreSection(incident),
];

const receipt: LiveRender = async (dossier, key, services) => {
  const item = dossier.evidence.items.find((i) => i.key === key);
  if (!item) return null;
  const timeline = item.reading ? await services.intake.result(item.reading.result) : null;
  const added = dossier.timeline.additions.find((a) => a.evidence === key) ?? null;
  return receiptView(
    item,
    dossier.incident.key,
    timeline,
    services.intake.progress(dossier.incident.key, key),
    added,
    dossier.timeline.rereadings,
  );
};

const walker: LiveRender = async (dossier, id, services) => {
  const run = dossier.playbook.runs.find((r) => r.id === id);
  return run
    ? runView(
        dossier.incident.key,
        run,
        services.now(),
        services.playbooks().playbooks.get(run.playbook.id),
        namesIn(services),
      )
    : null;
};

const containment: LiveRender = async (dossier, key, services) => {
  const c = containmentOf(dossier.containment, key);
  return c ? containmentCard(shownIn(services, dossier), c) : null;
};

const containmentPrivate: LiveRender = async (dossier, subject, services) => {
  const read = readPrivateSubject(subject);
  const c = read && containmentOf(dossier.containment, read.request);
  return c ? privateView(shownIn(services, dossier), c, read.why, read.human) : null;
};

export const liveViews: Readonly<Record<string, LiveRender>> = {
  'containment-card': containment,
  'containment-private': containmentPrivate,
  receipt,
  walker,
  finding: async (dossier, key) => {
    const finding = dossier.finding.findings.find((f) => f.key === key);
    const question = dossier.finding.questions.find((q) => q.key === key);
    if (question) return questionView(question, dossier.incident.key);
    return finding ? findingView(finding, dossier.incident.key) : null;
  },
  assistant: (dossier, key, services) => answerCard(services, dossier, key),
  notice: async (dossier, key, services) => noticeLive(dossier, key, services),
  briefing: async (dossier, _subject, services) => briefingCard(dossier, services.organisation.organisation),
  'incident-card': async (dossier, _subject, services) =>
    cardView(dossier.incident, (await Promise.all(cardSections.map((s) => s(dossier, services)))).flat()),
};

/** A live message as it stands now, or null when there is nothing to show any more. */
export async function renderLive(
  { show, incident, subject }: { readonly show: string; readonly incident: string; readonly subject: string },
  services: Services,
): Promise<View | null> {
  const dossier = (await services.incidents.load(incident)).state;
  const shown = await liveViews[show]?.(dossier, subject, services);
  return shown ? watermarked(dossier.incident, shown) : null;
}
