// The nouns of the timeline engine. Everything here is plain data that crosses to worker threads and JSON unchanged.

import type { Phase } from './phase.ts';

/** How finely a time was written. */
export type Precision = 'day' | 'minute' | 's' | 'ms' | 'us' | 'ns';

/** Where the zone of a time came from: written in it, known for the source, set for the incident, assumed, or no time at all. */
export type ZoneBasis = 'stated' | 'source' | 'incident' | 'assumed' | 'none';

/** What a line left out and the engine had to assume. */
export type Assumption = 'year' | 'zone' | 'dayMonthOrder' | 'date';

/** Whether a technique is certain from the line alone, or one reading of it. */
export interface Technique {
  readonly id: string;
  readonly certainty: 'certain' | 'possible';
}

/** Who and what a record names; values are raw text as the log has them. */
export interface Entities {
  readonly srcIp?: string;
  readonly dstIp?: string;
  readonly user?: string;
  readonly host?: string;
  readonly process?: string;
  readonly action?: string;
  readonly outcome?: 'success' | 'failure' | 'unknown';
}

/** What is unusual about a line itself. `possible-manipulation`: it tries to give instructions or imitates our own cards or records. */
export type EntryFlag = 'possible-manipulation' | 'uptime-only' | 'binary' | 'overlong';

/** One physical line of the input. Lines are 1-based; bytes are offsets into the input exactly as received, byteEnd exclusive. */
export interface LogEntry {
  readonly source?: string;
  readonly line: number;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly kind: 'entry' | 'continuation' | 'unparsed';
  /** For a continuation: the line of the entry it belongs to. */
  readonly of?: number;
  /** ISO 8601 UTC with milliseconds and Z, or null when the line states no time. */
  readonly occurredAt: string | null;
  readonly precision: Precision | null;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: readonly Assumption[];
  readonly format: string | null;
  readonly level: string | null;
  /** 0 (noise) to 10 (act now). */
  readonly severity: number;
  readonly templateId: string | null;
  readonly template: string | null;
  readonly entities: Entities;
  readonly techniques: readonly Technique[];
  readonly flags: readonly EntryFlag[];
}

/** How to read a paste. `now` settles year-less times; `zone` is an IANA name for zone-less ones. */
export interface ReadOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly zone: string;
  /** True when a person set the zone for the incident: the basis is then `incident`, not `assumed`. */
  readonly zoneIsKnown?: boolean;
  /** Reading corrections a person made for this source. */
  readonly overrides?: {
    /** Of year-less dates; with `firstMonth` of the first of them. */
    readonly year?: number;
    /** Month (1 to 12) of the first line: months well before it are of the year after `year`. */
    readonly firstMonth?: number;
    readonly dayMonthOrder?: 'dayFirst' | 'monthFirst';
    /** Added to every time of this source, for a clock known to be off. */
    readonly clockOffsetMs?: number;
  };
}

/** Who says that it happened: a log line, a person, a captured chat message, a decision on record, or the assistant (never shown without that word). */
export type Provenance = 'log' | 'human' | 'message' | 'decision' | 'assistant';

/** Where an imported event stood in the incident it was exported from. */
export interface RowOrigin {
  readonly id: string;
  readonly evidence: string | null;
  readonly source: string | null;
  readonly lines: readonly number[];
}

/** One thing that happened: one log record, or many alike collapsed. */
export interface DerivedEvent {
  readonly occurredAt: string;
  readonly lastAt: string;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: readonly Assumption[];
  readonly count: number;
  /** First lines of the records behind it, at most 20; `count` says how many there are. */
  readonly lines: readonly number[];
  /** Which of several records on its first line it is, from 1; absent where a line is one record. */
  readonly part?: number;
  readonly message: string;
  readonly format: string;
  readonly severity: number;
  /** Rank score: higher is more worth a look; the reasons say why. */
  readonly score: number;
  readonly reasons: readonly string[];
  readonly templateId: string;
  readonly entities: Entities;
  readonly techniques: readonly Technique[];
  readonly flags: readonly EntryFlag[];
  /** The step of an intrusion it would be, the detections that spoke, and whether it turns the story; absent for the everyday. */
  readonly phase?: Phase;
  readonly detections?: readonly string[];
  readonly isTurn?: true;
  /** Set for what was read back from an export of another timeline. */
  readonly origin?: RowOrigin;
  readonly said?: { readonly provenance: Provenance; readonly by: string | null; readonly fromMessage: string | null };
}

/** An indicator of compromise, validated and de-duplicated. `value` is raw: defang it before showing it. */
export interface Indicator {
  readonly type: 'ipv4' | 'ipv6' | 'domain' | 'url' | 'email' | 'md5' | 'sha1' | 'sha256' | 'path' | 'cve';
  readonly value: string;
  readonly count: number;
  /** First lines it stands in, at most 20. */
  readonly lines: readonly number[];
  /** True when it belongs to the organisation's own assets. */
  readonly isOurs: boolean;
}

/** One candidate for how they got in, best first; `caveat` says why it could be wrong. `source` names it where there are several. */
export interface InitialAccessCandidate {
  readonly source?: string;
  readonly line: number;
  readonly why: string;
  readonly caveat: string;
}

/** An address that behaves like an attacker's, best first. Over several sources `lines` are of the one it did most in. */
export interface Attacker {
  readonly ip: string;
  readonly score: number;
  readonly why: string;
  readonly lines: readonly number[];
}

/** A silence or a backward jump in the clock of one source. */
export interface ClockFinding {
  readonly kind: 'gap' | 'jump-back' | 'jump-forward';
  readonly afterLine: number;
  readonly beforeLine: number;
  readonly fromAt: string;
  readonly toAt: string;
}

/** What reading did with every line. lines = entries + continuations + unparsed, always. */
export interface Receipt {
  readonly lines: number;
  readonly entries: number;
  readonly continuations: number;
  readonly unparsed: number;
  readonly bytes: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Entries by format, most first. */
  readonly formats: readonly { readonly format: string; readonly entries: number }[];
  /** Entries by what had to be assumed. */
  readonly assumed: Readonly<Record<Assumption, number>>;
  readonly undated: number;
  /** Records, where lines hold several each. */
  readonly records?: number;
  /** Numbers of unparsed lines, at most 200. */
  readonly unparsedLines: readonly number[];
  readonly duplicatesCollapsed: number;
  readonly manipulationLines: readonly number[];
  readonly clock: readonly ClockFinding[];
  readonly engine: string;
}

/** Everything the engine derives from one input. */
export interface Timeline {
  readonly receipt: Receipt;
  readonly events: readonly DerivedEvent[];
  readonly indicators: readonly Indicator[];
  readonly attackers: readonly Attacker[];
  readonly initialAccess: readonly InitialAccessCandidate[];
  readonly scope: {
    readonly hosts: readonly { readonly value: string; readonly count: number }[];
    readonly users: readonly { readonly value: string; readonly count: number }[];
    readonly addresses: readonly { readonly value: string; readonly count: number }[];
    readonly how: string;
  };
}

/** What the organisation knows to be its own, so that indicators and attackers can be told apart. */
export interface OwnAssets {
  /** CIDR ranges and single addresses. */
  readonly networks: readonly string[];
  readonly hosts: readonly string[];
  readonly domains: readonly string[];
}
