import type { WebSettings } from './options.ts';
import type { Viewer } from './render/viewer.ts';
import { pictureAddress, type SignedIn } from './session.ts';

/** The reader behind a session. */
export const viewerOf = (settings: WebSettings, who: SignedIn): Viewer => ({
  person: who.person,
  people: new Map(settings.people.map((person) => [person.id, person])),
  picture: pictureAddress(who.session),
  commandName: settings.commandName,
  canSee: (channel) => settings.store.canSee(channel, who.person.id),
});
