// Custody: who held a piece of evidence, when and why (NIST SP 800-86). One line for each collection, transfer, access,
// export, derivation, hold and disposal. The decision, pure; the fold is in custody-state.ts.
import { isSameAccount } from '../chat/actor.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { PersonRef } from '../view/types.ts';
import type { CustodyItem, CustodyState } from './custody-state.ts';
import type { NewRecord } from './record.ts';

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
  /** The holder hands it over; it is the receiver's word, with a hash of their own, that moves it. */
  | NewRecord<
      'custody.offered',
      About & {
        readonly releasedBy: PersonRef;
        readonly to: PersonRef;
        readonly purpose: string;
        readonly condition: string;
      }
    >
  | NewRecord<'custody.disposal-asked', About & Asker & { readonly reason: string }>
  | NewRecord<'custody.disposal-declined', About & Asker & { readonly reason: string }>
  | NewRecord<
      'custody.disposed',
      About & { readonly method: string; readonly reason: string; readonly authority: string } & Asker
    >;

interface Asker {
  readonly by: PersonRef;
  /** Key of the human over all linked accounts. */
  readonly human: string;
}

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
  | Ask<'custody.offered'>
  | Ask<'custody.disposal-asked'>
  | Ask<'custody.disposal-declined'>
  | Ask<'custody.disposed'>;

export type CustodyCode =
  | 'no-such-evidence'
  | 'already-collected'
  | 'not-offered'
  | 'not-asked'
  | 'self'
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
    case 'custody.offered':
      return offer(item, command);
    case 'custody.disposal-asked':
      return withReason(command.reason, 'Say why.') ?? maybeKept(item, nowAt) ?? record(command);
    case 'custody.disposal-declined':
      if (!item.disposal) return refuse('not-asked', `Nobody asks to dispose of ${command.key}.`);
      return withReason(command.reason, 'Say why it is kept.') ?? record(command);
    case 'custody.disposed':
      return dispose(item, command, nowAt);
  }
}

function collect(command: Ask<'custody.collected'>): CustodyRecord | Refusal<CustodyCode> {
  if (Number.isNaN(Date.parse(command.collectedAt))) return refuse('not-a-time', 'Give the time of collection in UTC.');
  return withReason(command.authority, 'Say whose authority or consent it was taken with.') ?? record(command);
}

const derive = (command: Ask<'custody.derived'>): CustodyRecord | Refusal<CustodyCode> =>
  withReason(command.transform, 'Say what made it, and which version.') ?? record(command);

function offer(item: CustodyItem, command: Ask<'custody.offered'>): CustodyRecord | Refusal<CustodyCode> {
  const { releasedBy, to, purpose } = command;
  if (item.holder && !isSameAccount(item.holder, releasedBy)) {
    return refuse('not-the-holder', `${item.holder.label} holds ${item.key} and has to release it.`);
  }
  if (isSameAccount(releasedBy, to))
    return refuse('same-person', 'A transfer needs two people: name the one who receives it.');
  return withReason(purpose, 'Say what for.') ?? record(command);
}

function transfer(
  item: CustodyItem,
  command: Ask<'custody.transferred', 'isIntact'>,
): CustodyRecord | Refusal<CustodyCode> {
  const { releasedBy, receivedBy, sha256, purpose } = command;
  const offered = item.offered;
  if (!offered || !isSameAccount(offered.to, receivedBy) || !isSameAccount(offered.releasedBy, releasedBy))
    return refuse(
      'not-offered',
      `Nobody hands ${item.key} over to you. Whoever holds it does, with "audit transfer ${item.key}".`,
    );
  if (!HEX_64.test(sha256)) return refuse('not-a-hash', 'Take the SHA-256 again yourself: 64 lower-case hex digits.');
  return withReason(purpose, 'Say what for.') ?? record({ ...command, isIntact: sha256 === item.sha256 });
}

/** Why it must be kept, or null. */
function maybeKept(item: CustodyItem, nowAt: string): Refusal<CustodyCode> | null {
  if (item.isHeld) return refuse('on-hold', `${item.key} is under legal hold: whoever set it has to end it first.`);
  return item.retainUntil && Date.parse(item.retainUntil) > Date.parse(nowAt)
    ? refuse('retained', `${item.key} must be kept until ${item.retainUntil}.`)
    : null;
}

function dispose(
  item: CustodyItem,
  command: Ask<'custody.disposed'>,
  nowAt: string,
): CustodyRecord | Refusal<CustodyCode> {
  const kept = maybeKept(item, nowAt);
  if (kept) return kept;
  if (!item.disposal)
    return refuse('not-asked', `Somebody has to ask first, with "audit dispose ${item.key}" and the reason.`);
  if (item.disposal.human === command.human)
    return refuse('self', `You asked for it yourself. Somebody else has to agree that ${item.key} goes.`);
  return (
    withReason(command.reason, 'Say why.') ??
    withReason(command.authority, 'Say on whose authority.') ??
    record(command)
  );
}

function withReason(text: string, ask: string): Refusal<CustodyCode> | null {
  return text.trim() === '' ? refuse('reason-missing', ask) : null;
}

function record({ kind, ...body }: CustodyCommand | Ask<'custody.transferred'>): CustodyRecord {
  return { type: kind, body, subject: body.key } as unknown as CustodyRecord;
}
