// C2SP tlog-tiles: how a tree and its entries are laid out as plain files.
import { AuditError } from './errors.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** Most bytes of one entry: bundles prefix each with two bytes of length. The store must refuse larger records. */
export const MAX_ENTRY_BYTES = 65_535;

/** One tile of a tree: `width` hashes from `index * 256` on, each over 256^level leaves. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** Path of a tile or entry bundle below the export's folder: the index in groups of three digits, `.p/W` when not full. */
export function tilePath(level: number | 'entries', index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g)!.map((group, i, all) => (i < all.length - 1 ? `x${group}` : group));
  return ['tile', level, ...groups].join('/') + (width < TILE_WIDTH ? `.p/${width}` : '');
}

/** All tiles of a tree of `size` leaves, level by level. */
export function* tilesOf(size: number): Iterable<Tile> {
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    for (let index = 0; index * TILE_WIDTH < count; index++) {
      yield { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) };
    }
  }
}

/** Entries one after the other, each after its length as a big-endian uint16. Throws AuditError `bad-record` on one too long. */
export function encodeBundle(entries: readonly Uint8Array[], firstSeq: number): Uint8Array {
  const parts = entries.flatMap((entry, i) => {
    if (entry.length > MAX_ENTRY_BYTES) {
      const why = `record ${firstSeq + i} has ${entry.length} bytes; a log entry holds ${MAX_ENTRY_BYTES}`;
      throw new AuditError('bad-record', why, firstSeq + i);
    }
    return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
  });
  return Buffer.concat(parts);
}

/** The entries of a bundle. Throws AuditError `bad-export` naming the record at which its lengths stop making sense. */
export function decodeBundle(bytes: Uint8Array, firstSeq: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + 1 < bytes.length ? (bytes[at]! << 8) | bytes[at + 1]! : Number.NaN;
    const end = at + 2 + length;
    const seq = firstSeq + entries.length;
    if (!(end <= bytes.length)) throw new AuditError('record-changed', `the bundle breaks off in record ${seq}`, seq);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
