// What the server tells the page, for both of them.

/** One element of the page: replace it, or put it into `parent` in order; empty `html` takes it away. */
export interface Patch {
  readonly id: string;
  readonly parent: string | null;
  readonly order: number;
  readonly html: string;
}

/** What the server answers to an action, the same word the desk used. */
export type Answer =
  | { readonly kind: 'none'; readonly patches: readonly Patch[] }
  | {
      readonly kind: 'private';
      readonly channel: string;
      readonly thread: string | null;
      readonly summary: string;
      readonly patches: readonly Patch[];
    }
  | { readonly kind: 'form'; readonly html: string; readonly channel: string; readonly thread: string | null }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> };
