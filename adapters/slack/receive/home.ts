// The home tab: what the core shows, and the latest private answers, since those in a channel vanish on reload.
import type { DeliverableView, Desk, Principal } from '../../../src/chat/types.ts';
import { heading } from '../../../src/view/build.ts';
import type { SlackLog } from '../options.ts';
import { arrange } from '../render/fit.ts';
import { PANEL_ROOM, type Piece, piecesOf } from '../render/view.ts';
import type { Call } from '../send/clients.ts';

const ANSWERS_KEPT = 5;
const PEOPLE_KEPT = 500;

export interface Home {
  remember(user: string, shown: DeliverableView): void;
  publish(desk: Desk, who: Principal, user: string): Promise<void>;
}

export function createHome(parts: { readonly call: Call; readonly log: SlackLog }): Home {
  const latest = new Map<string, readonly DeliverableView[]>();
  return {
    remember(user, shown) {
      const kept = [shown, ...(latest.get(user) ?? [])].slice(0, ANSWERS_KEPT);
      latest.delete(user);
      latest.set(user, kept);
      if (latest.size > PEOPLE_KEPT) latest.delete(latest.keys().next().value as string);
    },
    async publish(desk, who, user) {
      const shown = await desk.home(who);
      const said = latest.get(user) ?? [];
      const before: readonly Piece[] =
        said.length === 0
          ? []
          : [
              ...piecesOf({
                view: { summary: '', tone: null, elements: [heading('What I told you last')] },
                tokens: [],
              }),
              // Buttons of old answers stay where they were pressed.
              ...said.flatMap((s) => piecesOf(s).filter((p) => !p.isActions)),
            ];
      const { first } = arrange(
        [...piecesOf(shown), ...before],
        PANEL_ROOM,
        'home',
        () => 'More than the home tab holds: "/ir status" in the channel shows the rest.',
      );
      await parts.call('views.publish', { user_id: user, view: { type: 'home', blocks: first } });
    },
  };
}
