// Custody: who held a piece of evidence, when and why (NIST SP 800-86). One line for each collection, transfer, access,
// export, derivation, hold and disposal; a pure decision and a pure fold over the incident's records.
import type { EvidenceRecord } from '../evidence/types.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import type { Actor, LedgerRecord, NewRecord } from './record.ts';

/** How a piece of evidence was collected, as a forensic examiner asks. Times are UTC ISO 8601; unknown is null, never a guess. */
interface Collection {
  readonly itemType: 'chat-copy' | 'file' | 'disk-image' | 'memory-image' | 'network-capture' | 'device' | 'other';
  readonly description: string;
  readonly source: { readonly system: string; readonly owner: string | null; readonly location: string | null };
  readonly collectedBy: PersonRef;
  readonly collectedAt: string;
  /** IANA zone of the source, and how far its clock was ahead. */
  readonly sourceZone: string | null;
  readonly clockOffsetMs: number | null;
  readonly method: string;
  readonly tool: { readonly name: string; readonly version: string } | null;
  readonly command: string | null;
  /** Whose authority or consent it was taken with. */
  readonly authority: string;
  readonly volatilityNote: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly storageUri: string;
  readonly protection: 'sealed' | 'encrypted' | 'none';
  readonly accessList: readonly string[];
}

interface About {
  readonly key: string;
}

export type CustodyRecord =
  | NewRecord<'custody.collected', About & Collection>
  | NewRecord<
      'custody.transferred',
      About & {
        readonly releasedBy: PersonRef;
        readonly receivedBy: PersonRef;
        readonly purpose: string;
        readonly condition: string;
        /** Hash taken by the receiver, and whether it is the one collected. */
        readonly sha256: string;
        readonly isIntact: boolean;
      }
    >
  | NewRecord<'custody.accessed', About & { readonly by: PersonRef; readonly purpose: string }>
  | NewRecord<'custody.exported', About & { readonly by: PersonRef; readonly to: string; readonly purpose: string }>
  | NewRecord<
      'custody.derived',
      About & { readonly from: string; readonly transform: string; readonly version: string; readonly sha256: string }
    >
  | NewRecord<'custody.held', About & { readonly reason: string; readonly authority: string }>
  | NewRecord<'custody.released', About & { readonly reason: string; readonly authority: string }>
  | NewRecord<'custody.retained', About & { readonly until: string; readonly reason: string }>
  | NewRecord<
      'custody.disposed',
      About & { readonly method: string; readonly reason: string; readonly authority: string }
    >;

type Ask<Type extends CustodyRecord['type'], Drop extends string = never> = {
  readonly kind: Type;
} & Omit<Extract<CustodyRecord, { type: Type }>['body'], Drop>;

/** What people ask for; the record's own type names it. `isIntact` is found out, not stated. */
export type CustodyCommand =
  | Ask<'custody.collected'>
  | Ask<'custody.transferred', 'isIntact'>
  | Ask<'custody.accessed'>
  | Ask<'custody.exported'>
  | Ask<'custody.derived'>
  | Ask<'custody.held'>
  | Ask<'custody.released'>
  | Ask<'custody.retained'>
  | Ask<'custody.disposed'>;

/** One line of the chain, in order. */
interface CustodyLine {
  readonly seq: number;
  readonly at: string;
  readonly by: Actor;
  /** What happened, in plain words; contains what people wrote and is untrusted text. */
  readonly what: string;
  /** A hash that was taken then, and whether it was the one collected; null when none was taken. */
  readonly isIntact: boolean | null;
}

export interface CustodyItem {
  readonly key: string;
  readonly sha256: string;
  /** Who holds it; null while it is only in this system's own store. */
  readonly holder: PersonRef | null;
  readonly isForensicOriginal: boolean;
  readonly isHeld: boolean;
  readonly retainUntil: string | null;
  readonly isDisposed: boolean;
  readonly lines: readonly CustodyLine[];
}

export type CustodyState = ReadonlyMap<string, CustodyItem>;

export type CustodyCode =
  | 'no-such-evidence'
  | 'already-collected'
  | 'disposed'
  | 'not-the-holder'
  | 'same-person'
  | 'reason-missing'
  | 'on-hold'
  | 'not-on-hold'
  | 'retained'
  | 'not-a-hash'
  | 'not-a-time';

const HEX_64 = /^[0-9a-f]{64}$/;

/**
 * Decides one custody command; `nowAt` is the server's clock as UTC ISO 8601. A hash that differs at a transfer is not
 * refused: it is the line that matters most, and is recorded as not intact.
 */
export function decideCustody(
  state: CustodyState,
  command: CustodyCommand,
  nowAt: string,
): CustodyRecord | Refusal<CustodyCode> {
  const item = state.get(command.key);
  if (command.kind === 'custody.collected' || command.kind === 'custody.derived') {
    if (item)
      return refuse('already-collected', `${command.key} is in custody already: give the new item its own key.`);
    if (!HEX_64.test(command.sha256)) return refuse('not-a-hash', 'Give the SHA-256 as 64 lower-case hex digits.');
    if (command.kind === 'custody.collected') return collect(command);
    return state.has(command.from)
      ? derive(command)
      : refuse('no-such-evidence', `There is no evidence ${command.from}.`);
  }
  if (!item) return refuse('no-such-evidence', `There is no evidence ${command.key}. Use a key such as EV-7.`);
  if (item.isDisposed) return refuse('disposed', `${command.key} was disposed of; its chain has ended.`);
  switch (command.kind) {
    case 'custody.transferred':
      return transfer(item, command);
    case 'custody.accessed':
    case 'custody.exported':
      return withReason(command.purpose, 'Say what for.') ?? record(command);
    case 'custody.held':
      return withReason(command.reason, 'Say why, and on whose authority, it is held.') ?? record(command);
    case 'custody.released':
      if (!item.isHeld) return refuse('not-on-hold', `${command.key} is under no legal hold.`);
      return withReason(command.reason, 'Say why the hold ends.') ?? record(command);
    case 'custody.retained':
      return Number.isNaN(Date.parse(command.until))
        ? refuse('not-a-time', 'Give the end of retention as a date, such as 2027-11-20.')
        : record(command);
    case 'custody.disposed':
      return dispose(item, command, nowAt);
  }
}

/** Folds one record; a paste or upload becomes an item too, as the copy it is. Records of other nouns leave the state as it is. */
function evolveCustody(state: CustodyState, stored: LedgerRecord): CustodyState {
  const change = stored as unknown as CustodyRecord | EvidenceRecord;
  const put = (
    key: string,
    item: Omit<CustodyItem, 'key' | 'lines'>,
    what: string,
    isIntact: boolean | null = null,
  ) => {
    const line: CustodyLine = { seq: stored.seq, at: stored.ts, by: stored.actor, what, isIntact };
    return new Map(state).set(key, { key, ...item, lines: [...(state.get(key)?.lines ?? []), line] });
  };
  const fresh = { holder: null, isHeld: false, retainUntil: null, isDisposed: false };
  if (change.type === 'evidence.received') {
    const { key, sha256, how, name, message, derivedFrom } = change.body;
    const what = `received as a copy (${how}), not a forensic original: ${name}${message ? `, from message ${message}` : ''}${derivedFrom ? `, unpacked from ${derivedFrom}` : ''}`;
    return put(key, { ...fresh, sha256, isForensicOriginal: false }, what);
  }
  if (change.type === 'custody.collected') {
    const { key, sha256, description, source, collectedBy, collectedAt, method, authority } = change.body;
    const what = `collected by ${collectedBy.label} at ${collectedAt} from ${source.system} by ${method}, authority: ${authority}: ${description}`;
    return put(key, { ...fresh, sha256, holder: collectedBy, isForensicOriginal: true }, what, true);
  }
  if (change.type === 'custody.derived') {
    const { key, from, transform, version, sha256 } = change.body;
    return put(key, { ...fresh, sha256, isForensicOriginal: false }, `derived from ${from} by ${transform} ${version}`);
  }
  const key = (change.body as Partial<About> | null)?.key;
  const item = key === undefined ? undefined : state.get(key);
  if (!item) return state;
  switch (change.type) {
    case 'evidence.source-changed':
      return put(item.key, item, `the message it came from was ${change.body.change}`);
    case 'custody.transferred': {
      const { releasedBy, receivedBy, purpose, condition, isIntact } = change.body;
      const what = `handed by ${releasedBy.label} to ${receivedBy.label} for ${purpose}, condition: ${condition}${isIntact ? '' : '. THE HASH DIFFERED'}`;
      return put(item.key, { ...item, holder: receivedBy }, what, isIntact);
    }
    case 'custody.accessed':
      return put(item.key, item, `accessed by ${change.body.by.label} for ${change.body.purpose}`);
    case 'custody.exported':
      return put(item.key, item, `exported by ${change.body.by.label} to ${change.body.to} for ${change.body.purpose}`);
    case 'custody.held':
      return put(item.key, { ...item, isHeld: true }, `legal hold: ${change.body.reason} (${change.body.authority})`);
    case 'custody.released':
      return put(item.key, { ...item, isHeld: false }, `hold ended: ${change.body.reason} (${change.body.authority})`);
    case 'custody.retained':
      return put(
        item.key,
        { ...item, retainUntil: change.body.until },
        `kept until ${change.body.until}: ${change.body.reason}`,
      );
    case 'custody.disposed':
      return put(
        item.key,
        { ...item, isDisposed: true },
        `disposed of by ${change.body.method}: ${change.body.reason} (${change.body.authority})`,
      );
    case 'evidence.read':
    case 'evidence.unreadable':
    case 'indicator.confirmed':
      return state;
  }
  return state;
}

/** The state of custody over an incident's records. */
export const custodyOf = (records: Iterable<LedgerRecord>): CustodyState => {
  let state: CustodyState = new Map();
  for (const stored of records) state = evolveCustody(state, stored);
  return state;
};

function collect(command: Ask<'custody.collected'>): CustodyRecord | Refusal<CustodyCode> {
  if (Number.isNaN(Date.parse(command.collectedAt))) return refuse('not-a-time', 'Give the time of collection in UTC.');
  return withReason(command.authority, 'Say whose authority or consent it was taken with.') ?? record(command);
}

const derive = (command: Ask<'custody.derived'>): CustodyRecord | Refusal<CustodyCode> =>
  withReason(command.transform, 'Say what made it, and which version.') ?? record(command);

function transfer(
  item: CustodyItem,
  command: Ask<'custody.transferred', 'isIntact'>,
): CustodyRecord | Refusal<CustodyCode> {
  const { releasedBy, receivedBy, sha256, purpose } = command;
  if (item.holder && !isSame(item.holder, releasedBy)) {
    return refuse('not-the-holder', `${item.holder.label} holds ${item.key} and has to release it.`);
  }
  if (isSame(releasedBy, receivedBy))
    return refuse('same-person', 'A transfer needs two people: name the one who receives it.');
  if (!HEX_64.test(sha256))
    return refuse('not-a-hash', 'Have the receiver take the SHA-256 again: 64 lower-case hex digits.');
  return withReason(purpose, 'Say what for.') ?? record({ ...command, isIntact: sha256 === item.sha256 });
}

function dispose(
  item: CustodyItem,
  command: Ask<'custody.disposed'>,
  nowAt: string,
): CustodyRecord | Refusal<CustodyCode> {
  if (item.isHeld) return refuse('on-hold', `${item.key} is under legal hold: whoever set it has to end it first.`);
  if (item.retainUntil && Date.parse(item.retainUntil) > Date.parse(nowAt)) {
    return refuse('retained', `${item.key} must be kept until ${item.retainUntil}.`);
  }
  return (
    withReason(command.reason, 'Say why.') ??
    withReason(command.authority, 'Say on whose authority.') ??
    record(command)
  );
}

function withReason(text: string, ask: string): Refusal<CustodyCode> | null {
  return text.trim() === '' ? refuse('reason-missing', ask) : null;
}

function isSame(a: PersonRef, b: PersonRef): boolean {
  return a.platform === b.platform && a.tenant === b.tenant && a.id === b.id;
}

function record({ kind, ...body }: CustodyCommand | Ask<'custody.transferred'>): CustodyRecord {
  return { type: kind, body, subject: body.key } as unknown as CustodyRecord;
}
