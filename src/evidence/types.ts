// What somebody pasted or uploaded, exactly as received, and what was read from it.
import type { Actor, NewRecord } from '../audit/record.ts';
import type { Indicator, ReadOptions, Receipt } from '../timeline/types.ts';

/** How the bytes came in. */
export type Delivery = 'paste' | 'upload' | 'message' | 'unpacked';

/** One reading of a piece of evidence by one version of the engine; the result is a blob, so it can be rebuilt and compared. */
export interface Reading {
  readonly engine: string;
  /** SHA-256 of the derived timeline's JSON, which is kept as a blob of that name. */
  readonly result: string;
  readonly options: ReadOptions;
  readonly lines: number;
  readonly entries: number;
  readonly continuations: number;
  readonly unparsed: number;
  readonly events: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

export interface Evidence {
  /** `EV-7`. */
  readonly key: string;
  /** SHA-256 of the bytes as they are read: decoded where chat had changed them. */
  readonly sha256: string;
  /** SHA-256 of the bytes as delivered, when they differ. */
  readonly deliveredSha256: string | null;
  readonly sizeBytes: number;
  readonly name: string;
  readonly how: Delivery;
  /** Chat message it came with, as `platform/tenant/conversation/message`. */
  readonly message: string | null;
  /** Archive it was unpacked from. */
  readonly derivedFrom: string | null;
  readonly receivedBy: Actor;
  readonly receivedAt: string;
  readonly reading: Reading | null;
  /** Why it could not be read. */
  readonly failure: string | null;
  readonly isSourceDeleted: boolean;
  /** Its bytes are gone, on record; what was read from them is gone too. */
  readonly isDisposed: boolean;
}

/** An indicator that somebody confirmed for the incident. */
export interface ConfirmedIndicator {
  readonly type: Indicator['type'];
  readonly value: string;
  readonly evidence: string;
  readonly confirmedBy: Actor;
}

export interface EvidenceState {
  readonly items: readonly Evidence[];
  readonly indicators: readonly ConfirmedIndicator[];
}

export const noEvidence: EvidenceState = { items: [], indicators: [] };

export type EvidenceRecord =
  | NewRecord<
      'evidence.received',
      Pick<Evidence, 'key' | 'sha256' | 'deliveredSha256' | 'sizeBytes' | 'name' | 'how' | 'message' | 'derivedFrom'>
    >
  | NewRecord<
      'evidence.read',
      {
        readonly key: string;
        readonly reading: Reading;
        readonly assumed: Receipt['assumed'];
        readonly manipulationLines: readonly number[];
      }
    >
  | NewRecord<'evidence.unreadable', { readonly key: string; readonly why: string }>
  | NewRecord<'evidence.source-changed', { readonly key: string; readonly change: 'deleted' | 'edited' }>
  | NewRecord<
      'indicator.confirmed',
      { readonly type: Indicator['type']; readonly value: string; readonly evidence: string }
    >;
