// What the main thread and a reading thread say to each other.
import type { OwnAssets, ReadOptions, Timeline } from '../types.ts';

/** What to read: bytes in memory (shared, or copied to the thread), or a file the thread opens itself. */
export type ReadInput = { readonly bytes: Uint8Array } | { readonly path: string };

export interface ReadRequest {
  readonly id: number;
  readonly input: ReadInput;
  readonly options: ReadOptions;
  readonly own: OwnAssets | null;
}

export type ReadReply =
  | { readonly id: number; readonly kind: 'progress'; readonly bytesRead: number; readonly linesRead: number }
  | { readonly id: number; readonly kind: 'done'; readonly timeline: Timeline }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
