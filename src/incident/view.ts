// The pinned card and what stands around it.
import {
  actions,
  button,
  context,
  fields,
  list,
  notice,
  person,
  prose,
  strong,
  text,
  time,
  view,
} from '../view/build.ts';
import type { Element, Prose, View } from '../view/types.ts';
import type { Incident, Role } from './types.ts';

/** How an incident is named outside its channel. */
export const displayName = (incident: Incident): string => incident.codename ?? incident.title;

export const exerciseBanner = (incident: Incident): readonly Element[] =>
  incident.kind === 'exercise'
    ? [notice('info', strong('EXERCISE'), ' Nothing here is real, and no containment adapter runs.')]
    : [];

const isBanner = (element: Element): boolean =>
  (element.kind === 'notice' || element.kind === 'context') &&
  element.prose[0]?.kind === 'strong' &&
  element.prose[0].text === 'EXERCISE';

const mark = context(strong('EXERCISE'), ' Nothing here is real.');

/** The elements of anything an exercise shows: the first says so. */
export const markedElements = (incident: Pick<Incident, 'kind'>, elements: readonly Element[]): readonly Element[] =>
  incident.kind === 'live' || elements.some(isBanner) ? elements : [mark, ...elements];

/** A view of an incident as it may leave: of an exercise it says so, in its summary too. */
export const watermarked = (incident: Pick<Incident, 'kind'>, shown: View): View =>
  incident.kind === 'live'
    ? shown
    : {
        ...shown,
        summary: shown.summary.startsWith('EXERCISE') ? shown.summary : `EXERCISE ${shown.summary}`,
        elements: markedElements(incident, shown.elements),
      };

const PINNED_ROLES: readonly Role[] = ['commander', 'deputy', 'scribe', 'liaison', 'challenger'];

function rolesProse(incident: Incident): Prose {
  const runs = PINNED_ROLES.flatMap((role) => {
    const holders = incident.roles[role] ?? [];
    if (holders.length === 0) return role === 'commander' ? [`${role} wanted; `] : [];
    return [`${role} `, ...holders.flatMap((p, i) => (i > 0 ? [', ', person(p)] : [person(p)])), '; '];
  });
  const last = runs.at(-1);
  return prose(...runs.slice(0, -1), typeof last === 'string' ? last.replace(/; $/, '') : '');
}

/** The pinned card: one message, edited in place. `sections` are what other nouns add: step, approvals, briefing, clocks. */
export function cardView(incident: Incident, sections: readonly Element[]): View {
  const name = `${incident.key} ${displayName(incident)}`;
  const isClosed = incident.phase === 'closed';
  return view(
    `${incident.kind === 'exercise' ? 'EXERCISE ' : ''}${name}, ${incident.severity}, ${incident.phase}`,
    [
      ...exerciseBanner(incident),
      { kind: 'heading', text: name },
      fields({
        Severity: strong(incident.severity),
        Phase: strong(incident.phase),
        Roles: rolesProse(incident),
        Opened: incident.declaredAt ? time(incident.declaredAt) : null,
        Detected: incident.times.detectedAt ? time(incident.times.detectedAt) : null,
      }),
      ...(incident.isShared
        ? [
            notice(
              'danger',
              'Another organisation reads this channel (Slack Connect). What is TLP:RED or TLP:AMBER+STRICT, the rule for incidents, does not belong here.',
            ),
          ]
        : []),
      ...(incident.summary ? [text(incident.summary)] : []),
      ...(incident.handover
        ? [
            notice(
              'warning',
              'Command is being handed to ',
              person(incident.handover.to),
              '; until they acknowledge, ',
              person(incident.handover.from),
              ' holds it.',
            ),
          ]
        : []),
      ...sections,
      ...(isClosed
        ? []
        : [
            actions(
              button('Current step', 'step', { incident: incident.key }),
              button('Timeline', 'timeline', { incident: incident.key }),
              button('Add logs', 'log', { incident: incident.key }),
              button('Propose containment', 'contain', { incident: incident.key }),
              button('Catch up', 'status catchup', { incident: incident.key }),
            ),
          ]),
    ],
    isClosed ? null : incident.severity === 'SEV1' ? 'danger' : incident.severity === 'SEV2' ? 'warning' : 'info',
  );
}

/** The first message of a new incident: three things to do, and what the bot does not do. */
export const welcomeView = (incident: Incident): View =>
  view(`${incident.key} is open. Paste logs, start a playbook, claim a role.`, [
    ...exerciseBanner(incident),
    text(strong('What to do first')),
    list(
      [
        'Paste or drop logs here: you get a receipt, then choose what goes on the timeline.',
        'Start a playbook: it says what to do next and keeps the books.',
        'Claim the roles that are open: scribe, liaison, challenger.',
      ],
      true,
    ),
    actions(
      button('Add logs', 'log', { incident: incident.key }),
      button('Start a playbook', 'step start', { incident: incident.key }),
      button('Claim scribe', 'status claim', { incident: incident.key, role: 'scribe' }),
      button('Claim liaison', 'status claim', { incident: incident.key, role: 'liaison' }),
    ),
    context('Nothing is contained without a named human pressing a button, and everything is on record.'),
  ]);
