// Live content by name: what the courier renders from the state at delivery.
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

export const liveViews: Readonly<Record<string, LiveRender>> = {
  'incident-card': async (dossier, _subject, services) =>
    cardView(dossier.incident, (await Promise.all(cardSections.map((s) => s(dossier, services)))).flat()),
};
