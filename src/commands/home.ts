// The home tab: what waits for me, my incidents, what to try. Never blank.
import type { Principal } from '../chat/types.ts';
import { awaiting } from '../containment/home.ts';
import type { Dossier } from '../incident/dossier.ts';
import { displayName } from '../incident/view.ts';
import { humanKey, personOf } from '../organisation/people.ts';
import { actions, button, channel, heading, notice, strong, text, view } from '../view/build.ts';
import type { Element, View } from '../view/types.ts';
import { latestBriefings, waitingHere } from './home-notices.ts';
import { deadlinesOf, stepsOf } from './home-work.ts';
import { isInside } from './permission.ts';
import type { Services } from './types.ts';

/** What each noun shows on the home tab of a person, first of all. */
export const homeSections: readonly ((
  dossiers: readonly Dossier[],
  actor: Principal,
  services: Services,
) => readonly Element[] | Promise<readonly Element[]>)[] = [
  (dossiers, actor, services) =>
    awaiting(services.organisation.organisation, dossiers, humanKey(services.organisation.organisation, actor)),
  waitingHere,
  stepsOf,
];

/** The home tab of a person. */
export async function homeView(services: Services, actor: Principal, root: string): Promise<View> {
  const org = services.organisation.organisation;
  const person = personOf(org, actor);
  const all = await Promise.all(
    (await services.incidentKeys()).map(async (k) => (await services.incidents.load(k)).state),
  );
  const mine = all.filter((d) => isInside(org, d, actor, person)).reverse();
  const open = mine.filter((d) => d.incident.phase !== 'closed');
  const me = humanKey(org, actor);
  const sections = (await Promise.all(homeSections.map((s) => s(open, actor, services)))).flat();
  return view('Home', [
    ...(person
      ? []
      : [notice('warning', "The organisation's file does not list you yet, so you can look around but not act.")]),
    heading('Waiting for you'),
    ...(sections.length > 0 ? sections : [text('Nothing waits for you now.')]),
    heading('Open incidents'),
    ...(open.length > 0
      ? open.flatMap((d) => {
          const roles = Object.entries(d.incident.roles)
            .filter(([, holders]) => holders?.some((p) => humanKey(org, p) === me))
            .map(([role]) => role);
          return [
            text(
              strong(`${d.incident.key} `),
              displayName(d.incident),
              ` \u00b7 ${d.incident.severity} \u00b7 ${d.incident.phase}${roles.length > 0 ? ` \u00b7 you are ${roles.join(', ')}` : ''}`,
              ...(d.incident.conversation ? [' \u00b7 ', channel(d.incident.conversation, 'its channel')] : []),
            ),
            actions(
              button('Status', 'status', { incident: d.incident.key }),
              button('Catch up', 'status catchup', { incident: d.incident.key }),
            ),
          ];
        })
      : [text('No incident is open.')]),
    ...deadlinesOf(open, services),
    ...latestBriefings(open, services),
    heading('Start here'),
    text(
      `Open an incident, or try the sample one: it takes three minutes. Everything can also be typed: /${root} help`,
    ),
    actions(
      button('Open an incident', 'open', {}, { style: 'primary' }),
      button('Sample incident', 'help demo'),
      button('Help', 'help'),
    ),
  ]);
}
