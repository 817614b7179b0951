// The assistant's nouns. It chooses lines, causes and steps; code writes every word that people read.
import type { Actor, NewRecord } from '../audit/record.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import type { Absence, Assumption, Cause } from './causes.ts';

export const TASKS = [
  'summarise',
  'catch-up',
  'explain',
  'hypotheses',
  'contradict',
  'ask',
  'suggest',
  'translate',
  'draft',
] as const;
/** What it can be asked for. Nothing here acts. */
export type Task = (typeof TASKS)[number];

export const SLOTS = ['time', 'actor', 'source', 'target', 'host', 'action', 'outcome'] as const;
export type Slot = (typeof SLOTS)[number];
/** What one event says, field by field; null: the event does not say. */
export type Slots = Readonly<Record<Slot, string | null>>;

/** One event as the assistant gets it. `id` holds only in this prompt. */
export interface Line {
  readonly id: string;
  readonly event: TimelineEvent;
  readonly slots: Slots;
  readonly text: string;
  /** The deterministic engine calls it severe, or it tries to give instructions: no summary may leave it out. */
  readonly isSevere: boolean;
}

/** A step that a playbook offers now. */
export interface StepOffer {
  readonly id: string;
  readonly run: string;
  readonly step: string;
  readonly title: string;
}

/** A sentence that code writes from the record and that an answer may choose: a finding in its lane, a question, a fact. */
export interface Offer {
  /** `F1`; holds only in this prompt. */
  readonly id: string;
  /** What it is known by in the incident: `FI-2`, `QU-1`, or the incident itself. */
  readonly key: string;
  /** VERIFIED, NOT VERIFIED, REFUTED, OPEN QUESTION, ON RECORD: as a reader must see it. */
  readonly lane: string;
  readonly text: string;
  readonly cites: readonly string[];
  /** A person verified it, or nobody knows it yet: no catch-up and no draft may leave it out in silence. */
  readonly mustShow: boolean;
}

/** Everything one question to the assistant rests on: this incident alone. */
export interface Material {
  readonly incident: string;
  readonly task: Task;
  /** The event or finding it is about, or null. */
  readonly subject: string | null;
  /** A person's own words, when they asked in words. */
  readonly question: string | null;
  /** Whom a draft is for, by key; null: responders. */
  readonly audience: string | null;
  /** The subject's own lines, by id. */
  readonly subjectLines: readonly string[];
  /** Lines that the engine takes for possible ways in, best first. */
  readonly candidates: readonly string[];
  readonly lines: readonly Line[];
  readonly steps: readonly StepOffer[];
  readonly offers: readonly Offer[];
  /** Every event of the timeline that the question is about. */
  readonly all: readonly TimelineEvent[];
  /** Every event read from any evidence, on the timeline or not: what a claim of absence is checked against. */
  readonly collected: readonly TimelineEvent[];
  readonly evidence: readonly string[];
  /** Events that were left out of the prompt, oldest and least severe first, and what was cut from long lines. */
  readonly cut: { readonly events: number; readonly severe: readonly string[]; readonly characters: number };
}

export interface EventClaim {
  readonly line: string;
  readonly slots: Partial<Slots>;
  /** Words of the line, exactly. */
  readonly quote: string | null;
}

export interface CountClaim {
  readonly lines: readonly string[];
  readonly count: number;
}

export interface CauseClaim {
  readonly cause: Cause;
  readonly line: string;
  readonly support: readonly string[];
  readonly against: readonly string[];
  readonly assumptions: readonly Assumption[];
  readonly alternatives: readonly Cause[];
  readonly confidence: number;
}

/** What comes back, after the strict schema and before it is grounded. */
export interface Output {
  readonly events: readonly EventClaim[];
  readonly counts: readonly CountClaim[];
  readonly causes: readonly CauseClaim[];
  readonly absences: readonly Absence[];
  readonly steps: readonly string[];
  /** Ids of offered sentences, most important first. */
  readonly recorded: readonly string[];
}

/** Why there is no answer from a model, as code; `message` says it in words and holds no secret. */
export type Failure =
  | 'off'
  | 'budget'
  | 'circuit-open'
  | 'time-out'
  | 'unreachable'
  | 'refused'
  | 'rejected'
  | 'too-long';

export interface Prompt {
  readonly system: string;
  readonly user: string;
  /** Stands in the system text; an answer that repeats it is dropped whole. */
  readonly canary: string;
}

export type Reply =
  | { readonly kind: 'answered'; readonly text: string; readonly tokens: number }
  | { readonly kind: 'failed'; readonly why: Failure; readonly message: string; readonly tokens: number };

/** Why the rules answer where a model is set up and somebody chose not to ask it. */
export const MODEL_OFF = 'it is switched off here.';

/** Whoever answers: code alone, or a model behind a protocol. It has no tools, no memory and no authority. */
export interface Assistant {
  /** As records and cards name it. */
  readonly name: string;
  readonly isModel: boolean;
  /** Asks whether it can be reached, at no cost. Null: it can; else why not, in words that say what to do. */
  check?(): Promise<string | null>;
  /** Never throws. `material` is for code; a model gets the prompt alone. `onText` is called as text arrives. */
  answer(ask: {
    readonly material: Material;
    readonly prompt: Prompt;
    readonly tokensLeft: number;
    readonly onText?: (characters: number) => void;
  }): Promise<Reply>;
}

/** Who speaks when the assistant proposes. It is nobody's name, and no decision takes it for a person. */
export const ASSISTANT_ACTOR: Actor = {
  kind: 'bot',
  platform: 'countersign',
  tenant: 'local',
  id: 'assistant',
  label: 'Assistant',
};

export const CLAIM_KINDS = ['event', 'count', 'cause', 'absence', 'step', 'recorded'] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

/** A claim that held, with its cites; `text` is what code wrote. */
export interface Kept {
  /** `AR-2.1`. */
  readonly key: string;
  readonly kind: ClaimKind;
  readonly text: string;
  readonly cites: readonly string[];
  /** The rest of an explanation. */
  readonly cause?: Grounds;
  /** The lane of a sentence of the record, as it stood when it was chosen. */
  readonly lane?: string;
}

/** What an explanation rests on, in code's words. */
export interface Grounds {
  readonly support: readonly string[];
  readonly against: readonly string[];
  readonly assumptions: readonly string[];
  readonly alternatives: readonly string[];
  readonly wouldChange: string;
  readonly plain: string;
  readonly confidence: number;
}

/** A claim that did not hold; its words are kept in the blob and never shown as fact. */
export interface Dropped {
  readonly kind: ClaimKind | 'answer';
  readonly why: string;
}

export interface Verdict {
  readonly claim: string;
  readonly isRight: boolean;
  readonly why: string;
  readonly by: Actor;
  readonly at: string;
}

/** One answer of the assistant with everything that happened to it. */
export interface AssistantAnswer {
  /** `AR-2`. */
  readonly key: string;
  readonly task: Task;
  readonly subject: string | null;
  readonly question: string | null;
  /** Whom a draft is for; null: responders. */
  readonly audience: string | null;
  readonly askedBy: Actor;
  readonly askedAt: string;
  /** Asked by nobody: the organisation's setting and people's verdicts let it answer by itself. */
  readonly isAutomatic: boolean;
  /** Null while nothing has come back. */
  readonly answeredAt: string | null;
  /** Events it was given, and how many it was not. */
  readonly given: { readonly events: number; readonly of: number };
  readonly assistant: string;
  readonly isModel: boolean;
  /** Why the built-in one answered in place of a model; null: it did not. */
  readonly fellBack: string | null;
  readonly kept: readonly Kept[];
  readonly dropped: readonly Dropped[];
  /** Severe events it left out and code put back. */
  readonly omitted: readonly string[];
  /** Events whose text tries to give instructions. */
  readonly planted: readonly string[];
  /** Sentences that were offered for a draft and not chosen. */
  readonly leftOut: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** Finding that a claim became, by the claim's key. */
  readonly proposed: Readonly<Record<string, string>>;
}

export interface Assists {
  readonly answers: readonly AssistantAnswer[];
  /** A person's choice for this incident; null: nobody chose, so the settings say. */
  readonly isModelOn: boolean | null;
  /** A person's choice for drafts to one audience in this incident. */
  readonly audiences: Readonly<Record<string, boolean>>;
  readonly tokens: number;
}

export const noAssists: Assists = { answers: [], isModelOn: null, audiences: {}, tokens: 0 };

export type AssistantRecord =
  | NewRecord<
      'assistant.switched',
      { readonly isOn: boolean; readonly reason: string /** Null: everything. */; readonly audience?: string | null }
    >
  | NewRecord<
      'assistant.asked',
      {
        readonly key: string;
        readonly task: Task;
        readonly subject: string | null;
        readonly question: string | null;
        readonly audience: string | null;
        readonly isAutomatic: boolean;
        readonly assistant: string;
        readonly isModel: boolean;
        /** The exact text that was sent, secrets and names replaced; `absent` says why nothing was. */
        readonly prompt: { readonly sha256: string } | { readonly absent: string };
        readonly events: readonly string[];
        /** Events that the question was about before the cut. */
        readonly of: number;
        readonly cut: { readonly events: number; readonly characters: number };
        /** How many of each kind were replaced by placeholders. */
        readonly replaced: Readonly<Record<string, number>>;
      }
    >
  | NewRecord<
      'assistant.answered',
      {
        readonly key: string;
        readonly assistant: string;
        readonly isModel: boolean;
        readonly output: { readonly sha256: string } | { readonly absent: string };
        readonly fellBack: string | null;
        readonly tokens: number;
      }
    >
  | NewRecord<
      'assistant.checked',
      {
        readonly key: string;
        readonly kept: readonly Kept[];
        readonly dropped: readonly Dropped[];
        readonly omitted: readonly string[];
        readonly planted: readonly string[];
        readonly leftOut: readonly string[];
      }
    >
  | NewRecord<
      'assistant.judged',
      { readonly key: string; readonly claim: string; readonly isRight: boolean; readonly why: string }
    >
  /** A person made the answer's choice a draft. */
  | NewRecord<'assistant.taken', { readonly key: string; readonly into: string }>
  | NewRecord<
      'assistant.proposed',
      { readonly key: string; readonly claim: string; readonly finding: string; readonly askedBy: Actor }
    >;
