// What waits for one person, for their home tab.
import type { Dossier } from '../incident/dossier.ts';
import type { Organisation } from '../organisation/schema.ts';
import { actions, button, notice, person, strong, text, time, untrusted } from '../view/build.ts';
import type { Element } from '../view/types.ts';
import { apartOf } from './decide.ts';
import { eligibleFor, listFor } from './policy.ts';
import { shortName } from './view-body.ts';

/** Approvals a person may give and has not, and what they are named to carry out. */
export function awaiting(org: Organisation, dossiers: readonly Dossier[], human: string): readonly Element[] {
  return dossiers.flatMap(({ incident, containment }) =>
    containment.all.flatMap((c): readonly Element[] => {
      const args = { incident: incident.key, request: c.key, digest: c.digest };
      const what = `${incident.key} ${c.key} ${shortName(org, c)}`;
      const mayApprove =
        c.state === 'pending' &&
        !c.votes.some((v) => v.human === human) &&
        eligibleFor(org, listFor(org, c.request.action, c.request.reversibility), apartOf({ org, incident }, c)).some(
          (p) => p.key === human,
        );
      if (mayApprove)
        return [
          notice('warning', 'Approval: ', strong(what), ', until ', time(c.request.expiresAt, 'time')),
          text('Proposed by ', person(c.proposer), ': ', untrusted(c.reason)),
          actions(button(`Read ${c.key} and decide`, 'contain view', args, { style: 'primary' })),
        ];
      const isMine = c.request.executor.kind === 'manual' && c.request.executor.person === human;
      if (isMine && c.state === 'granted')
        return [
          notice('warning', 'Carry out: ', strong(what), ', by ', time(c.grant?.startBy ?? '', 'time')),
          actions(button(`Carry out ${c.key} now`, 'contain start', args, { style: 'primary' })),
        ];
      if (isMine && (c.state === 'executing' || c.state === 'unknown'))
        return [
          notice('warning', 'Outcome wanted: ', strong(what)),
          actions(button(`Record the outcome of ${c.key}`, 'contain outcome', args)),
        ];
      return [];
    }),
  );
}
