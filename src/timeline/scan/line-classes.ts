// The lines that are read alike: by their shapes, and by their shapes without what tells nothing.
import { lowerOf } from '../meaning/facts.ts';
import { partTeller } from '../meaning/telling-parts.ts';
import { asciiText } from '../names.ts';
import { type LineShape, maskEnd, maskStart, newShape, shapeReader } from './line-shape.ts';
import { PARSERS, type StampClock, type StampParser } from './stamp-plan.ts';
import type { WindowSource } from './window.ts';

/** What lines of one class have in common. */
export interface LineClass<Kept> {
  readonly kept: Kept;
  /** The number of its stamp's parser. */
  readonly parser: number;
  /** The masked part at which the stamp stands. */
  readonly mask: number;
  /** A line that says a later time is read with care. */
  readonly latestMs: number;
}

/** The bytes at hand. */
export interface Bytes {
  bytes: Uint8Array;
  /** Over the same bytes. */
  view: DataView;
  limit: number;
}

/** What is kept of a class, as far as classes need to know it. */
export interface Keeper<Kept> {
  /** The addresses of such lines that may be read ahead: the first of the four masked parts of each, or -1. */
  readonly addressesOf?: (kept: Kept) => readonly [number, number];
  /** What is kept for lines in which the parts in doubt of `shape` are those of this line. */
  readonly alike?: (kept: Kept, bytes: Uint8Array, start: number, shape: LineShape) => Kept;
}

/** Classes by number. */
export interface LineClasses<Kept> {
  /** The class of a shape, or -1. */
  readonly of: (shape: LineShape) => number;
  /** The same for a line; one that is like known lines but for parts that tell nothing gets a class from theirs. */
  readonly at: (start: number, shape: LineShape) => number;
  readonly get: (number: number) => LineClass<Kept>;
  readonly learn: (start: number, shape: LineShape, one: LineClass<Kept>) => void;
  readonly timeOf: (one: LineClass<Kept>, shape: LineShape) => number;
}

const NO_ADDRESSES = [-1, -1] as const;

/** No classes yet. `tableNumber` says which head of a table lines stand under: 0 for none. */
export function lineClasses<Kept>(
  { keys, classes: table }: WindowSource,
  here: Bytes,
  clock: StampClock,
  tableNumber: () => number,
  keeper: Keeper<Kept>,
): LineClasses<Kept> {
  const readUndoubted = shapeReader(keys[0], keys[1], { isWithoutDoubts: true });
  const undoubted = newShape();
  const doesTell = partTeller();
  const classes: LineClass<Kept>[] = [];

  // Who reads ahead knows of no tables.
  const isKnown = (shape: LineShape): boolean => shape.known !== -1 && tableNumber() === 0;
  const of = (shape: LineShape): number => {
    if (!shape.isPlain) return -1;
    return isKnown(shape) ? shape.known : table.get(shape.hash1 ^ tableNumber(), shape.hash2);
  };
  /** Reads a line's shape without its parts in doubt; false when it has none, or when one may change what the line means. */
  const isUndoubted = (start: number): boolean => {
    readUndoubted(here.bytes, here.view, start, here.limit, undoubted);
    if (undoubted.doubtCount === 0) return false;
    const lower = lowerOf(asciiText(here.bytes, start, undoubted.end));
    for (let i = 0; i < undoubted.doubtCount; i++) {
      const mask = undoubted.doubtMask[i] as number;
      if (doesTell(asciiText(here.bytes, maskStart(undoubted, mask), maskEnd(undoubted, mask)), lower)) return false;
    }
    return true;
  };
  /** Makes a class of the lines of a shape; its number, or -1 when there are too many. */
  const add = ({ hash1, hash2 }: LineShape, one: LineClass<Kept>): number => {
    const addresses = keeper.addressesOf?.(one.kept) ?? NO_ADDRESSES;
    table.setPlan(classes.length, { stamp: one.parser, mask: one.mask, addresses });
    return table.set(hash1 ^ tableNumber(), hash2, classes.length) ? classes.push(one) - 1 : -1;
  };
  const at = (start: number, shape: LineShape): number => {
    const known = of(shape);
    if (known !== -1 || !shape.isPlain || !isUndoubted(start)) return known;
    const like = of(undoubted);
    if (like === -1) return -1;
    const one = classes[like] as LineClass<Kept>;
    const kept = keeper.alike?.(one.kept, here.bytes, start, undoubted) ?? one.kept;
    const added = add(shape, { ...one, kept });
    return added === -1 ? like : added;
  };
  return {
    of,
    at,
    get: (number) => classes[number] as LineClass<Kept>,
    learn(start, shape, one) {
      if (isUndoubted(start) && add(undoubted, one) !== -1) at(start, shape);
      else add(shape, one);
    },
    timeOf: ({ parser, mask }, shape) =>
      isKnown(shape) ? shape.timeMs : (PARSERS[parser] as StampParser)(here.bytes, maskStart(shape, mask), clock),
  };
}
