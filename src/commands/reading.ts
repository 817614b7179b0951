import type { Call } from './types.ts';

/** The zone in which times without one are read and shown: the incident's, else the organisation's. */
export const zoneOf = (call: Pick<Call, 'dossier' | 'services'>): string =>
  call.dossier?.incident.zone ?? call.services.organisation.organisation.zone;
