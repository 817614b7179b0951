// A part of a line by its place among the masked parts, so that it can be found in every line of the same shape.
import { type LineShape, maskEnd, maskStart } from './line-shape.ts';

/** Both ends as offsets from a masked part's start or end; -1 stands for the line's start. */
export interface Span {
  readonly fromMask: number;
  readonly isFromStart: boolean;
  readonly fromOffset: number;
  readonly toMask: number;
  readonly isToStart: boolean;
  readonly toOffset: number;
  /** True when no masked part lies inside: the text is the same in every line of the shape. */
  readonly isConstant: boolean;
}

/** The span of bytes `from` to `to` of a line; null when an end lies inside a masked part. */
export function spanOf(shape: LineShape, lineStart: number, from: number, to: number): Span | null {
  const a = anchor(shape, lineStart, from);
  const b = anchor(shape, lineStart, to);
  if (!a || !b) return null;
  let isConstant = true;
  for (let m = 0; m < shape.maskCount; m++) {
    if (maskStart(shape, m) < to && maskEnd(shape, m) > from) isConstant = false;
  }
  return {
    fromMask: a.mask,
    isFromStart: a.isStart,
    fromOffset: a.offset,
    toMask: b.mask,
    isToStart: b.isStart,
    toOffset: b.offset,
    isConstant,
  };
}

function anchor(
  shape: LineShape,
  lineStart: number,
  at: number,
): { mask: number; isStart: boolean; offset: number } | null {
  let mask = -1;
  for (let m = 0; m < shape.maskCount && maskStart(shape, m) <= at; m++) mask = m;
  if (mask === -1) return { mask, isStart: true, offset: at - lineStart };
  const start = maskStart(shape, mask);
  const end = maskEnd(shape, mask);
  if (at === start) return { mask, isStart: true, offset: 0 };
  return at < end ? null : { mask, isStart: false, offset: at - end };
}

/** Where a span begins in a line of the shape. */
export function spanStart(span: Span, shape: LineShape, lineStart: number): number {
  if (span.fromMask === -1) return lineStart + span.fromOffset;
  return (shape.masks[shape.maskAt + 2 * span.fromMask + (span.isFromStart ? 0 : 1)] as number) + span.fromOffset;
}

/** Where a span ends in a line of the shape. */
export function spanEnd(span: Span, shape: LineShape, lineStart: number): number {
  if (span.toMask === -1) return lineStart + span.toOffset;
  return (shape.masks[shape.maskAt + 2 * span.toMask + (span.isToStart ? 0 : 1)] as number) + span.toOffset;
}
