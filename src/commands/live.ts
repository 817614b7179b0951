// Live content by name: what the courier renders from the state at delivery.

import { receiptView } from '../evidence/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { cardView } from '../incident/view.ts';
import type { Element, View } from '../view/types.ts';
import type { Services } from './types.ts';

/** What renders one kind of live message; null when there is nothing to show any more. */
export type LiveRender = (dossier: Dossier, subject: string, services: Services) => Promise<View | null>;

/** What each noun adds to the pinned card, in order. */
export const cardSections: readonly ((
  dossier: Dossier,
  services: Services,
) => readonly Element[] | Promise<readonly Element[]>)[] = [];

const receipt: LiveRender = async (dossier, key, services) => {
  const item = dossier.evidence.items.find((i) => i.key === key);
  if (!item) return null;
  const timeline = item.reading ? await services.intake.result(item.reading.result) : null;
  const isAdded = dossier.timeline.additions.some((a) => a.evidence === key);
  return receiptView(
    item,
    dossier.incident.key,
    timeline,
    services.intake.progress(dossier.incident.key, key),
    isAdded,
  );
};

export const liveViews: Readonly<Record<string, LiveRender>> = {
  receipt,
  'incident-card': async (dossier, _subject, services) =>
    cardView(dossier.incident, (await Promise.all(cardSections.map((s) => s(dossier, services)))).flat()),
};
