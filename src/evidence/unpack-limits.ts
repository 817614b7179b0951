// What may come out of an archive, and the words that refuse more.
import { type Refusal, refuse } from '../refusal.ts';
import { visibleText } from './visible-text.ts';

/** One source that came out of an upload, in a file of its own. */
export interface Member {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** How much may come out of one upload: bytes altogether, times its size (once past `freeBytes`), and members. */
export interface UnpackLimits {
  readonly maxBytes: number;
  readonly maxRatio: number;
  readonly freeBytes: number;
  readonly maxMembers: number;
}

export type UnpackCode = 'bomb' | 'too-big' | 'nested' | 'bad-archive' | 'not-readable' | 'encrypted';

const MIB = 1 << 20;
/** What may come out of one upload unless the caller says otherwise. */
export const UNPACK_LIMITS: UnpackLimits = {
  maxBytes: 1024 * MIB,
  maxRatio: 250,
  freeBytes: 16 * MIB,
  maxMembers: 200,
};
const LONGEST_NAME = 200;

/** Bytes that may come out of `size` packed bytes. */
export function allowance(size: number, limits: UnpackLimits): number {
  return Math.min(limits.maxBytes, Math.max(limits.freeBytes, size * limits.maxRatio));
}

/** The refusal for what would unpack to more than it may, with its ratio. */
export function tooMuch(name: string, size: number, most: number, limits: UnpackLimits): Refusal<UnpackCode> {
  const ratio = Math.floor(most / Math.max(1, size));
  if (most >= limits.maxBytes) {
    return refuse(
      'too-big',
      `${shown(name)} unpacks to more than ${Math.floor(limits.maxBytes / MIB)} MiB (over ${ratio} times its size). Cut it to the hours that matter and upload those.`,
    );
  }
  return refuse(
    'bomb',
    `${shown(name)} unpacks to more than ${ratio} times its size, which no log does: it was not opened. If it is real, unpack it yourself and upload a part.`,
  );
}

/** A file's name as a message may show it. */
export function shown(name: string): string {
  return visibleText(name).slice(0, LONGEST_NAME) || 'The upload';
}
