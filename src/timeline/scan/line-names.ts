// Who a line of a known shape names: read from where the names stood in the line that was read with care.
import type { KnownLine } from '../derive.ts';
import { type NameTable, NONE } from '../names.ts';
import type { Entities } from '../types.ts';
import { fourAt } from './four.ts';
import { type LineShape, maskEnd, maskStart } from './line-shape.ts';
import { type Span, spanEnd, spanOf, spanStart } from './span.ts';

/** An address: at four masked parts one after another, or else between the ends of a span. */
interface Place {
  readonly mask: number;
  readonly span: Span;
}

/** A name that is the same in every line of the shape, or stands at these places, which must agree. */
interface Name {
  readonly handle: number;
  readonly spans: readonly Span[];
}

/** Where the names of a shape's lines stand. */
export interface NamePlan {
  readonly places: readonly Place[];
  /** Places of the remote party's address, which must agree; none where it is always the same, or there is none. */
  readonly srcAt: readonly number[];
  readonly dstAt: readonly number[];
  readonly src: number;
  readonly dst: number;
  readonly user: Name;
  readonly host: Name;
  readonly process: Name;
}

const NO_NAME: Name = { handle: NONE, spans: [] };
const DOT = 46;
const MOST_OCCURRENCES = 8;

/** The spans of a value in a line, as far as its ends can be found in other lines of the shape. */
function spansOf(line: string, value: string, shape: LineShape, start: number): Span[] {
  const spans: Span[] = [];
  for (let at = line.indexOf(value); at !== -1 && spans.length < MOST_OCCURRENCES; at = line.indexOf(value, at + 1)) {
    const span = spanOf(shape, start, start + at, start + at + value.length);
    if (span !== null) spans.push(span);
  }
  return spans;
}

function nameOf(text: string | undefined, spans: (text: string) => readonly Span[], handle: number): Name | null {
  if (text === undefined || text === '') return NO_NAME;
  const found = spans(text);
  const differing = found.filter((span) => !span.isConstant);
  if (found.length === 0 || (differing.length > 0 && differing.length < found.length)) return null;
  return { handle, spans: differing };
}

/** The first of four masked parts with dots between them that make up a part of a line, or -1. */
function fourMasks(bytes: Uint8Array, shape: LineShape, from: number, to: number): number {
  for (let m = 0; m + 3 < shape.maskCount && maskStart(shape, m) <= from; m++) {
    if (maskStart(shape, m) !== from || maskEnd(shape, m + 3) !== to) continue;
    const isDotted = [0, 1, 2].every((i) => {
      const end = maskEnd(shape, m + i);
      return bytes[end] === DOT && maskStart(shape, m + i + 1) === end + 1;
    });
    return isDotted ? m : -1;
  }
  return -1;
}

/**
 * The plan that finds what `entities` names in each line of a shape, and the addresses at `addresses`; null when a name
 * cannot be told in other lines. `line` is the line that was read with care, at `start` of `bytes`.
 */
export function planNames(
  entities: Entities,
  addresses: readonly { readonly from: number; readonly to: number }[],
  { line, bytes, start, shape }: { line: string; bytes: Uint8Array; start: number; shape: LineShape },
  names: NameTable,
): NamePlan | null {
  const spans = (text: string): Span[] => spansOf(line, text, shape, start);
  const user = nameOf(entities.user, spans, names.of(entities.user));
  const host = nameOf(entities.host, spans, names.of(entities.host));
  const found = entities.process === undefined ? [] : spans(entities.process);
  // A program is a word of the line; only where it has a number in it does it differ.
  const process: Name = {
    handle: names.of(entities.process),
    spans: found.every((span) => !span.isConstant) ? found : [],
  };
  const src = nameOf(entities.srcIp, spans, names.addressOf(entities.srcIp));
  const dst = nameOf(entities.dstIp, spans, names.addressOf(entities.dstIp));
  if (user === null || host === null || src === null || dst === null) return null;
  const places: Place[] = [];
  const placeAt = (from: number, to: number, span: Span): number =>
    places.push({ mask: fourMasks(bytes, shape, from, to), span }) - 1;
  for (const { from, to } of addresses) {
    const span = spanOf(shape, start, start + from, start + to);
    if (span === null) return null;
    placeAt(start + from, start + to, span);
  }
  const placesOf = (name: Name): number[] =>
    name.spans.map((span) => {
      const from = spanStart(span, shape, start);
      const to = spanEnd(span, shape, start);
      const known = places.findIndex(
        (place) => spanStart(place.span, shape, start) === from && spanEnd(place.span, shape, start) === to,
      );
      return known === -1 ? placeAt(from, to, span) : known;
    });
  return {
    places,
    srcAt: placesOf(src),
    dstAt: placesOf(dst),
    src: src.handle,
    dst: dst.handle,
    user,
    host,
    process,
  };
}

function agreed(places: readonly number[], addresses: readonly number[], constant: number): number {
  if (places.length === 0) return constant;
  const address = addresses[places[0] as number] as number;
  for (let i = 1; i < places.length; i++) if (addresses[places[i] as number] !== address) return NONE;
  return address;
}

/** The name at a span of a line. */
const nameAt = (span: Span, names: NameTable, bytes: Uint8Array, start: number, shape: LineShape): number =>
  names.at(bytes, spanStart(span, shape, start), spanEnd(span, shape, start));

/** The name of one line, or NONE when its places do not agree. */
function readName({ spans }: Name, names: NameTable, bytes: Uint8Array, start: number, shape: LineShape): number {
  const name = nameAt(spans[0] as Span, names, bytes, start, shape);
  for (let i = 1; i < spans.length; i++) if (nameAt(spans[i] as Span, names, bytes, start, shape) !== name) return NONE;
  return name;
}

/** The plan of lines whose users' names, parts in doubt of the shape, are those of one line. */
export function settledNames(
  plan: NamePlan,
  names: NameTable,
  bytes: Uint8Array,
  start: number,
  shape: LineShape,
): NamePlan {
  const isSettled = (span: Span): boolean => {
    for (let i = 0; i < shape.doubtCount; i++) {
      const mask = shape.doubtMask[i] as number;
      if (
        spanStart(span, shape, start) === maskStart(shape, mask) &&
        spanEnd(span, shape, start) === maskEnd(shape, mask)
      )
        return true;
    }
    return false;
  };
  const { spans } = plan.user;
  if (spans.length === 0 || !spans.every(isSettled)) return plan;
  const handle = readName(plan.user, names, bytes, start, shape);
  return handle === NONE ? plan : { ...plan, user: { handle, spans: [] } };
}

/** The first two addresses of a plan, as far as another thread can read them: the first of their four masked parts, or -1. */
export const firstAddresses = ({ places }: NamePlan): [number, number] => [
  places[0]?.mask ?? NONE,
  places[1]?.mask ?? NONE,
];

/** Reads the names of a line of the shape; false when it needs the careful reading after all. */
export function readNames(
  plan: NamePlan,
  names: NameTable,
  bytes: Uint8Array,
  start: number,
  shape: LineShape,
  into: KnownLine,
): boolean {
  const { places, srcAt, dstAt, user, host, process } = plan;
  const { addresses } = into;
  for (let i = 0; i < places.length; i++) {
    const { mask, span } = places[i] as Place;
    if (mask === NONE)
      addresses[i] = names.addressAt(bytes, spanStart(span, shape, start), spanEnd(span, shape, start));
    else if (i > 1 || shape.known === NONE) addresses[i] = fourAt(bytes, shape, mask);
    else addresses[i] = i === 0 ? shape.address1 : shape.address2;
  }
  into.src = agreed(srcAt, addresses, plan.src);
  into.dst = agreed(dstAt, addresses, plan.dst);
  into.user = user.spans.length === 0 ? user.handle : readName(user, names, bytes, start, shape);
  into.host = host.spans.length === 0 ? host.handle : readName(host, names, bytes, start, shape);
  into.process = process.spans.length === 0 ? process.handle : readName(process, names, bytes, start, shape);
  return (
    (into.src !== NONE || srcAt.length === 0) &&
    (into.dst !== NONE || dstAt.length === 0) &&
    (into.user !== NONE || user.spans.length === 0) &&
    (into.host !== NONE || host.spans.length === 0) &&
    (into.process !== NONE || process.spans.length === 0)
  );
}
