import type { Reply } from '../../../src/chat/types.ts';
import type { Answer, Patch } from '../client/answer.ts';
import { directId } from '../port.ts';
import { FormBox } from '../render/form.tsx';
import type { SignedIn } from '../session.ts';
import { viewerOf } from '../viewers.ts';
import type { Parts } from './env.ts';

/** Where the person stood when they asked. `echo` is what they typed, for their own eyes. */
export interface Place {
  readonly channel: string;
  readonly thread?: string | undefined;
  readonly echo: string;
}

/** Keeps a private reply where only its person sees it, and gives what the page shows at once. */
export function answerTo(parts: Parts, who: SignedIn, place: Place, reply: Reply, sent?: string): Answer {
  const { settings, hub } = parts;
  const viewer = viewerOf(settings, who);
  const thread = place.thread ?? null;
  const shapes = (id: string): readonly Patch[] => {
    const message = settings.store.message(id);
    return message === null ? [] : hub.patches(message, viewer);
  };
  const own = sent === undefined ? [] : shapes(sent);
  switch (reply.kind) {
    case 'none':
      return { kind: 'none', patches: own };
    case 'private': {
      const { message } = settings.store.add({
        id: settings.newId(),
        channel: place.channel,
        ...(place.thread === undefined ? {} : { thread: place.thread }),
        author: null,
        onlyFor: who.person.id,
        text: place.echo,
        view: reply.view,
        ...(reply.file === undefined ? {} : { files: [reply.file] }),
        sentAt: new Date(settings.now()).toISOString(),
      });
      // It is shown with this answer; only what was asked on the home tab is found again as unread in the private chat.
      if (place.channel !== directId(who.person.id)) settings.store.markRead(place.channel, who.person.id);
      hub.messageChanged(message.id);
      return {
        kind: 'private',
        channel: place.channel,
        thread,
        summary: reply.view.view.summary,
        patches: [...own, ...shapes(message.id)],
      };
    }
    case 'form':
      return {
        kind: 'form',
        html: (<FormBox deliverable={reply.form} viewer={viewer} />).toString(),
        channel: place.channel,
        thread,
      };
    case 'errors':
      return { kind: 'errors', errors: reply.errors };
  }
}
