// A command: what the registry holds, and what everything generated is made from.
import type { Logger } from 'pino';
import type { DoctorRow } from '../adapter.ts';
import type { Pending } from '../assist/pending.ts';
import type { Assistant } from '../assist/types.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Actor, NewRecord } from '../audit/record.ts';
import type { Outgoing } from '../chat/outbox.ts';
import type {
  Capabilities,
  ChatEvent,
  Conversation,
  Disposed,
  IncomingFile,
  MessageRef,
  OutgoingFile,
  Principal,
} from '../chat/types.ts';
import type { DirectoryFact } from '../containment/decide-approval.ts';
import type { StepUp } from '../containment/step-up.ts';
import type { EvidenceBlobs } from '../evidence/blobs.ts';
import type { Intake } from '../evidence/intake.ts';
import type { SearchEvidence } from '../evidence/search.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { PolicyFile } from '../organisation/live.ts';
import type { LoadedOrganisation } from '../organisation/load.ts';
import type { Person } from '../organisation/schema.ts';
import type { PlaybookShelf } from '../playbook/load.ts';
import type { Refusal } from '../refusal.ts';
import type { Committed, Ledger } from '../store/ledger.ts';
import type { Store } from '../store/types.ts';
import type { Form, View } from '../view/types.ts';

/** The verbs, in the order help shows them. */
export const VERBS = [
  'open',
  'status',
  'log',
  'timeline',
  'step',
  'contain',
  'finding',
  'notice',
  'review',
  'audit',
  'help',
] as const;

/** What running it can do: nothing, write records, or lead to change in the attacked world. */
export type Effect = 'read' | 'record' | 'contain';

/**
 * Who may run it by default. `anyone`: every member of the workspace, inside an incident or not. `participant`: whoever is in
 * the incident, observers too. `responder`: participants who are not only observers. `command`: commander or deputy.
 * `liaison`: liaison, commander or deputy. `legal`: commander, deputy, or legal in the organisation's file. `export`:
 * commander, deputy, scribe, or auditor. Approving is none of these: that is the approver list alone.
 */
export const PERMISSIONS = ['anyone', 'participant', 'responder', 'command', 'liaison', 'legal', 'export'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** One argument in typed order; `rest` takes the remaining words. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
  readonly isRequired: boolean;
  readonly isRest?: boolean;
  readonly choices?: readonly string[];
}

/** Arguments by name: typed words, a button's arguments, a form's values. */
export type Args = Readonly<Record<string, string | readonly string[]>>;

/** What a command answers its actor; everything for others is said with the records. */
export type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'private'; readonly view: View; readonly file?: OutgoingFile }
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | Refusal;

export interface Message {
  readonly key: string;
  readonly lane?: 'decision' | 'traffic';
  readonly message: Outgoing;
}

/** A decision on an incident: what to append, and what to say when it is committed. */
export interface Resolution {
  readonly records: readonly NewRecord[];
  readonly say?: readonly Message[];
}

/** What commands work with; made once in main.ts. */
export interface Services {
  readonly store: Store;
  readonly incidents: Ledger<Dossier>;
  readonly blobs: EvidenceBlobs;
  /** The organisation in force: ask it anew for each decision, it changes while the program runs. */
  readonly organisation: LoadedOrganisation;
  readonly policy: PolicyFile;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 192 random bits as URL-safe text. */
  readonly randomId: () => string;
  /** Decides on an incident and commits, with its messages and an edit of its pinned card. */
  readonly act: (
    incident: string,
    actor: Actor,
    decide: (dossier: Dossier) => Resolution | Refusal | Promise<Resolution | Refusal>,
  ) => Promise<Committed<Dossier> | Refusal>;
  /** Whether notices can go out by mail. */
  readonly canMail: boolean;
  readonly auditLog: AuditLog;
  /** The playbooks as they stand on disk now. */
  readonly playbooks: () => PlaybookShelf;
  readonly commandNamed: (name: string) => Command | null;
  /** The registry, handed in because commands are what it is made of. */
  readonly commands: readonly Command[];
  readonly intake: Intake;
  /** The message that shows a receipt, once more. `stage` tells one edit from another. */
  readonly receiptAgain: (dossier: Dossier, evidence: string, stage: string) => readonly Message[];
  /** Searches the exact bytes of evidence, in order, for text or for an expression between slashes. */
  readonly search: SearchEvidence;
  /** Key of the incident of a conversation, or null. */
  readonly incidentIn: (where: Conversation) => Promise<string | null>;
  readonly incidentKeys: () => Promise<readonly string[]>;
  /** Asks the directory of a platform who somebody is now. Never throws: no answer in time is `unavailable`. */
  readonly standingOf: (who: Pick<Principal, 'platform' | 'tenant' | 'id'>) => Promise<DirectoryFact>;
  /** Says that an approved containment of an incident may be waiting to run; returns at once. */
  readonly nudgeExecutions: (incident: string) => void;
  readonly stepUp: StepUp;
  /** Rows of the self test from the adapters. */
  readonly chatRows: () => Promise<readonly DoctorRow[]>;
  /** The model of the settings, or null: then code alone answers. */
  readonly model: Assistant | null;
  /** Answers that are being waited for. */
  readonly asking: Pending;
  /** Tokens that a model may use for one incident. */
  readonly assistantTokens: number;
  readonly capabilities: (platform: string) => Capabilities;
  /** Whether people of another organisation read a channel; `unknown` when its platform cannot be asked now. */
  /** Deletes messages that hold what was disposed of; null where the chat keeps them itself. */
  readonly forget: (conversation: Conversation, disposed: Disposed) => Promise<number | null>;
  readonly isShared: (conversation: Conversation) => Promise<boolean | 'unknown'>;
  /** Files of a message, fetched now because somebody asked. */
  readonly filesOf: (
    message: MessageRef,
  ) => Promise<{ readonly files: readonly IncomingFile[]; readonly refused: readonly string[] } | Refusal>;
  /** Makes a conversation on the platform of the event, where it can. */
  readonly createConversation: (
    platform: string,
    name: string,
    options: { readonly isPrivate: boolean; readonly members: readonly Principal[] },
  ) => Promise<Conversation>;
}

/** How a call came: typed words, or a button or form the server handed out, with what its token tells. */
export type Origin =
  | { readonly kind: 'typed' }
  | {
      readonly kind: 'button' | 'form';
      /** It came from the conversation it was given to. */
      readonly isInPlace: boolean;
      /** It came from whom it was given to, or was given to nobody in particular. */
      readonly isHolder: boolean;
      readonly isHeldAlone: boolean;
      /** Name of the message it stands on, or null. */
      readonly card: string | null;
      /** It came from that very message, not from a copy. */
      readonly isOnItsMessage: boolean;
    };

/** One call of a command: who, where, and the incident it is about. */
export interface Call {
  readonly event: ChatEvent;
  readonly actor: Principal;
  readonly recordActor: Actor;
  readonly person: Person | null;
  readonly args: Args;
  readonly origin: Origin;
  readonly files: readonly IncomingFile[];
  /** ISO 8601 UTC of the server's clock when the event was taken. */
  readonly nowAt: string;
  /** Incident of the conversation, or the one the intent names. */
  readonly dossier: Dossier | null;
  readonly services: Services;
}

export interface Command {
  /** `open`, `status severity`: the verb, then the sub-verb. */
  readonly name: string;
  readonly summary: string;
  readonly args: readonly Argument[];
  readonly examples: readonly string[];
  readonly effect: Effect;
  readonly who: Permission;
  /** False for what works outside an incident too. */
  readonly needsIncident: boolean;
  /** Not typed: reached by buttons, forms and shortcuts only. */
  readonly isHidden?: boolean;
  /** It checks place and standing itself, so that every attempt is on record with its own reason; the desk lets it through. */
  readonly isSelfJudged?: boolean;
  /** It takes several steps to the ledger, and doing it again does only what is not done yet: after a crash it is, to its end. */
  readonly isResumable?: boolean;
  readonly run: (call: Call) => Promise<Answer>;
}

/** The last value of an argument, or an empty string. */
export const one = (args: Args, name: string): string => {
  const value = args[name];
  return typeof value === 'string' ? value : (value?.at(-1) ?? '');
};

/** All values of an argument. */
export const many = (args: Args, name: string): readonly string[] => {
  const value = args[name];
  return value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value;
};
