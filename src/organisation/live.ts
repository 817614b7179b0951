// The organisation's file in force. A changed file takes effect by a clear act, whole or not at all.
import type { Actor } from '../audit/record.ts';
import { type LoadedOrganisation, OrganisationError } from './load.ts';

/** What stands in the file now, against what is in force. */
export type FileNow =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly next: LoadedOrganisation }
  | { readonly kind: 'broken'; readonly faults: string };

/** The file in force and how another one is put in its place. */
export interface PolicyFile {
  look(): FileNow;
  /** Takes up what stands in the file now, or leaves everything as it is; either is recorded and said in open incidents. Throws LedgerUnavailable when it cannot be recorded: then nothing changed. */
  reload(actor: Actor): Promise<FileNow>;
}

/** Always the organisation in force: whoever keeps this object sees what is taken up later. */
export interface LiveOrganisation extends LoadedOrganisation {
  /** Reads the file and compares; changes nothing. */
  look(): FileNow;
  /** Puts another one in force. */
  take(next: LoadedOrganisation): void;
}

/** Starts with `first`; `read` reads the file, and throws OrganisationError when it cannot be used. */
export function liveOrganisation(first: LoadedOrganisation, read: () => LoadedOrganisation): LiveOrganisation {
  let current = first;
  return {
    get organisation() {
      return current.organisation;
    },
    get hash() {
      return current.hash;
    },
    get templates() {
      return current.templates;
    },
    look() {
      try {
        const next = read();
        const isSame = next.hash === current.hash && textOf(next) === textOf(current);
        return isSame ? { kind: 'same' } : { kind: 'changed', next };
      } catch (error) {
        if (error instanceof OrganisationError) return { kind: 'broken', faults: error.message };
        throw error;
      }
    },
    take(next) {
      current = next;
    },
  };
}

/** Templates stand in files of their own, which the hash of the organisation's file does not cover. */
const textOf = ({ templates }: LoadedOrganisation): string => JSON.stringify([...templates].sort());
