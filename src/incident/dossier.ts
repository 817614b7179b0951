// Everything known of one incident: the fold of its stream, one slice a noun.
import type { LedgerRecord } from '../audit/record.ts';
import { evolveIncident } from './evolve.ts';
import { type Incident, noIncident } from './types.ts';

export interface Dossier {
  readonly incident: Incident;
  /** Number of records folded so far. */
  readonly version: number;
}

export const emptyDossier: Dossier = { incident: noIncident, version: 0 };

/** Folds one record into every slice that knows its type. */
export const evolveDossier = (dossier: Dossier, record: LedgerRecord): Dossier => ({
  incident: evolveIncident(dossier.incident, record),
  version: record.version,
});
