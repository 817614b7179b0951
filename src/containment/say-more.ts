// What is said besides a request's own records: a flood in one summary, and cards whose grounds changed.
import { fixed, live } from '../chat/outbox.ts';
import type { Conversation } from '../chat/types.ts';
import type { Message } from '../commands/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { accountOf } from '../organisation/people.ts';
import { actions, button, list, notice, person, prose, strong, time, view } from '../view/build.ts';
import { apartOf, type Setting } from './decide.ts';
import { eligibleFor, listFor } from './policy.ts';
import { cardNameOf } from './types.ts';
import { shortName } from './view-body.ts';

/** The cards of requests that wait and rest on a finding, drawn again when it changes: its lane and its challenges stand on them. */
export const cardsRestingOn = (
  { incident, containment, version }: Pick<Dossier, 'incident' | 'containment' | 'version'>,
  finding: string,
): readonly Message[] => {
  const { key, conversation } = incident;
  return containment.all
    .filter((c) => conversation !== null && c.state === 'pending' && c.evidence.includes(finding))
    .map((c) => ({
      key: `card/${cardNameOf(key, c.key)}/${finding}-${version}`,
      lane: 'decision',
      message: {
        op: 'put',
        name: cardNameOf(key, c.key),
        to: conversation as Conversation,
        content: live('containment-card', key, c.key),
      },
    }));
};

type Put = (key: string, message: Message['message']) => void;

/** A flood is one summary for each approver, once for as long as its oldest request waits, and no message a proposal. */
export function summarise(s: Setting, put: Put): void {
  const { org, incident } = s;
  const waiting = s.slice.all.filter((c) => c.state === 'pending');
  const platform = incident.conversation?.platform ?? '';
  for (const one of org.people) {
    const account = accountOf(one, platform);
    const theirs = waiting.filter(
      (c) =>
        !c.votes.some((v) => v.human === one.key) &&
        eligibleFor(org, listFor(org, c.request.action, c.request.reversibility), apartOf(s, c)).includes(one),
    );
    if (!account || theirs.length === 0) continue;
    const shown = view(
      `${theirs.length} containment requests wait for you in ${incident.key}`,
      [
        notice(
          'warning',
          strong(`${theirs.length} requests wait for you in ${incident.key}. `),
          'That is more than somebody can weigh at once, so no more are taken for now. Decide them one by one, or have the commander stop containment if something is wrong.',
        ),
        list(
          theirs.map((c) => [
            strong(`${c.key} ${shortName(org, c)}`),
            ...prose(', by ', person(c.proposer), ', until ', time(c.request.expiresAt, 'time')),
          ]),
        ),
        actions(
          ...theirs
            .slice(0, 5)
            .map((c) =>
              button(`Read ${c.key}`, 'contain view', { incident: incident.key, request: c.key, digest: c.digest }),
            ),
        ),
      ],
      'warning',
    );
    put(`flood/${incident.key}/${waiting[0]?.key}/${one.key}`, {
      op: 'tell',
      to: { ...account, label: one.name },
      content: fixed(shown),
    });
  }
}
