// What a person sees, without a platform. Renderers switch over these exhaustively; there is no default branch.

/** What a button or a form asks for: the same words as a typed command, with named arguments. */
export interface Intent {
  /** Verb and sub-verb, such as `step done`. */
  readonly verb: string;
  readonly args: Readonly<Record<string, string>>;
}

/** A person by stable id; `label` is shown, never compared. */
export interface PersonRef {
  readonly platform: string;
  readonly tenant: string;
  readonly id: string;
  readonly label: string;
}

/** A conversation by stable id; `label` is shown where it cannot be linked. */
export type ChannelRef = PersonRef;

/** How much of a time is shown. `exact` always has its date and seconds, where the others may leave out what is today's. */
export type TimeAs = 'datetime' | 'exact' | 'time' | 'date';

/** A run of text. Every renderer escapes all of them; `untrusted` also shows controls and never links or mentions. */
export type Inline =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'untrusted'; readonly text: string }
  /** `at` is UTC ISO 8601; shown in the reader's zone with UTC at hand. */
  | { readonly kind: 'time'; readonly at: string; readonly as: TimeAs }
  | { readonly kind: 'person'; readonly person: PersonRef }
  /** A way to a conversation, for readers on its platform; for all others, and where there is no way, the label. */
  | { readonly kind: 'channel'; readonly channel: ChannelRef };

/** A sentence or a cell. */
export type Prose = readonly Inline[];

/** A press that asks for something. Buttons carry an opaque token once delivered, never the intent itself. */
export interface Button {
  readonly label: string;
  readonly intent: Intent;
  readonly style: 'normal' | 'primary' | 'danger';
  readonly confirm?: { readonly title: string; readonly text: string; readonly button: string };
  /** People it concerns: a platform that can may draw the card anew for each when they look. It gives nobody a right. */
  readonly meantFor?: readonly PersonRef[];
}

export type Element =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly prose: Prose }
  | { readonly kind: 'fields'; readonly fields: readonly { readonly label: string; readonly value: Prose }[] }
  | { readonly kind: 'list'; readonly items: readonly Prose[]; readonly isOrdered: boolean }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Prose[])[];
      readonly caption: string;
    }
  | { readonly kind: 'code'; readonly text: string }
  /** Text from logs, chat or a model: shown fenced and escaped, with where it came from. */
  | { readonly kind: 'quote'; readonly text: string; readonly source: string }
  /** Pictures are blobs by SHA-256, read through `Desk.blob`. */
  | { readonly kind: 'image'; readonly svg: string; readonly png: string; readonly altText: string }
  | { readonly kind: 'notice'; readonly tone: Tone; readonly prose: Prose }
  | { readonly kind: 'context'; readonly prose: Prose }
  | { readonly kind: 'actions'; readonly buttons: readonly Button[] }
  | { readonly kind: 'divider' };

export type Tone = 'info' | 'good' | 'warning' | 'danger';

/** One message, card or page. `summary` stands alone in a notification or a screen reader. */
export interface View {
  readonly summary: string;
  readonly tone: Tone | null;
  readonly elements: readonly Element[];
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isRequired: boolean;
  /** The form may be kept without it, and what it is for cannot be finished without: nobody calls it optional. */
  readonly isNeeded?: boolean;
} & (
  | { readonly kind: 'line'; readonly value?: string; readonly maxLength?: number }
  | { readonly kind: 'paragraph'; readonly value?: string; readonly maxLength?: number }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[]; readonly value?: string }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[]; readonly values?: readonly string[] }
  | { readonly kind: 'person'; readonly value?: string }
  | { readonly kind: 'file' }
);

/** Something to fill in. `intent` runs with the values added to its arguments. */
export interface Form {
  readonly title: string;
  readonly intro: readonly Element[];
  readonly fields: readonly Field[];
  readonly submitLabel: string;
  readonly intent: Intent;
}
