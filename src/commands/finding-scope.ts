// finding scope: how far it goes, what of it is established, and what nobody has looked at.
import { type Scope, type Standing, scopeOf, type Touched } from '../finding/scope.ts';
import type { Dossier } from '../incident/dossier.ts';
import { actions, button, heading, list, notice, prose, strong, text, time, untrusted, view } from '../view/build.ts';
import type { Prose, View } from '../view/types.ts';
import { collectedEvents } from './events.ts';
import { incidentOf } from './status.ts';
import type { Call, Command } from './types.ts';

const MOST_ROWS = 15;

const STANDINGS = ['established', 'claimed', 'seen', 'refuted'] as const satisfies readonly Standing[];
const WORDS: Readonly<Record<Standing, string>> = {
  established: '\u2713 VERIFIED',
  claimed: '\u25cb CLAIMED, NOT VERIFIED',
  seen: '? SEEN IN LOGS, NO FINDING YET',
  refuted: '\u2717 REFUTED',
};

const touchedProse = (t: Touched): Prose =>
  prose(
    strong(`${t.kind} `),
    untrusted(t.name),
    t.isCrownJewel ? strong(' CROWN JEWEL') : '',
    `: ${t.events} ${t.events === 1 ? 'event' : 'events'}, `,
    time(t.firstAt),
    ...(t.lastAt === t.firstAt ? [] : [' to ', time(t.lastAt)]),
    `, such as ${t.cites.join(', ')}`,
    t.findings.length > 0 ? ` (${t.findings.join(', ')})` : '',
  );

function scopeView(scope: Scope, evidence: readonly string[], incident: string): View {
  const { touched, notCollected } = scope;
  const count = (standing: Standing): number => touched.filter((t) => t.standing === standing).length;
  const summary = `Scope of ${incident}: ${count('established')} verified, ${count('claimed')} claimed, ${count('seen')} only seen, ${notCollected.length} never looked at`;
  return view(summary, [
    heading(`How far it goes \u00b7 ${incident}`),
    ...(touched.length === 0
      ? [
          notice(
            'info',
            evidence.length === 0
              ? 'No evidence was collected yet.'
              : 'No suspicious event names an account or a host.',
          ),
        ]
      : []),
    ...STANDINGS.flatMap((standing) => {
      const own = touched.filter((t) => t.standing === standing);
      if (own.length === 0) return [];
      return [
        heading(`${WORDS[standing]}: ${own.length}`),
        list([
          ...own.slice(0, MOST_ROWS).map(touchedProse),
          ...(own.length > MOST_ROWS ? [prose(`and ${own.length - MOST_ROWS} more`)] : []),
        ]),
      ];
    }),
    ...(notCollected.length > 0
      ? [
          heading('Nobody has looked: no event of it in any evidence'),
          list(
            notCollected
              .slice(0, MOST_ROWS)
              .map((n) => prose(untrusted(n.name), n.isCrownJewel ? strong(' CROWN JEWEL') : '', `: ${n.why}`)),
          ),
        ]
      : []),
    text(
      evidence.length > 0
        ? `Counted by code over everything read from ${evidence.join(', ')}, on the timeline or not. What was never collected is not in it.`
        : 'Add evidence: log.',
    ),
    actions(
      button('Add a finding', 'finding add', { incident }),
      button('Ask a question', 'finding question', { incident }),
      button('Findings', 'finding', { incident }),
    ),
  ]);
}

export const scoping: Command = {
  name: 'finding scope',
  summary: 'How far it goes: accounts and hosts, what of each is verified, and what nobody has looked at',
  args: [],
  examples: ['finding scope'],
  effect: 'read',
  who: 'participant',
  needsIncident: true,
  async run(call: Call) {
    const dossier = call.dossier as Dossier;
    const collected = await collectedEvents(call.services, dossier);
    const scope = scopeOf(collected, dossier.finding.findings, call.services.organisation.organisation);
    return {
      kind: 'private',
      view: scopeView(
        scope,
        dossier.evidence.items.map((e) => e.key),
        incidentOf(call),
      ),
    };
  },
};
