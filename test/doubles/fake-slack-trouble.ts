// What can go wrong with a call of the Web API, and what was called.
import type { Payload } from '../../adapters/slack/parse/payload.ts';

/** How one call goes wrong. */
export type Trouble =
  | { readonly kind: 'rate-limited'; readonly afterSeconds: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'page' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'dropped'; readonly isDone?: boolean };

export interface ApiCall {
  readonly method: string;
  readonly args: Payload;
  readonly atMs: number;
  answer: Payload | null;
}
