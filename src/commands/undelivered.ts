// A notice that does not arrive is said where it was sent from: sent is not received.
import { systemActor } from '../chat/actor.ts';
import { card } from './notice-desk.ts';
import type { Services } from './types.ts';

const OUT = /^notice\/((?:INC|EX)-\d+)\/(NO-\d+)\/(?:out|back)\/(.+)$/s;

/** Puts the trouble with a notice's message on record and on its card; other messages are none of its business. */
export async function recordTrouble(services: Services, key: string, isDelivered: boolean): Promise<void> {
  const [, incident = '', notice = '', to = ''] = OUT.exec(key) ?? [];
  if (incident === '') return;
  const type = isDelivered ? 'notice.delivered-late' : 'notice.undelivered';
  await services.act(incident, systemActor, (dossier) => ({
    records: [{ type, body: { key: notice, to }, subject: notice }],
    say: card(dossier, notice, type),
  }));
}
