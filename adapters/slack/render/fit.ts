// What does not fit one message goes on in the next and is said; buttons stay in the first.
import type { Block } from './rich-text.ts';
import { blockSize, heldBackLine, type Piece } from './view.ts';

export interface Room {
  readonly blocks: number;
  readonly total: number;
}

/** Blocks of the first message, and of those that go on after it. */
export interface Fitted {
  readonly first: readonly Block[];
  readonly more: readonly (readonly Block[])[];
}

const withIds = (blocks: readonly Block[], id: string): readonly Block[] =>
  blocks.map((block, i) => ({ ...block, block_id: i === 0 ? id : `${id}.${i}` }));

/**
 * Puts pieces into as many messages as they need. `id` names the first block of each, so that a message can be found again;
 * `line` says in the first one how many follow.
 */
export function arrange(pieces: readonly Piece[], room: Room, id: string, line: (more: number) => string): Fitted {
  const space = { blocks: room.blocks - 2, total: room.total - 300 };
  const first: Block[] = [];
  const rest: Block[] = [];
  let used = 0;
  const actions = pieces.filter((p) => p.isActions).flatMap((p) => p.blocks);
  // Buttons have their place before the words, as long as they leave half of it.
  const isKept = new Set<Block>();
  let reservedBlocks = 0;
  let reserved = 0;
  for (const block of actions) {
    const size = blockSize(block);
    if (reservedBlocks + 1 > space.blocks / 2 || reserved + size > space.total / 2) break;
    isKept.add(block);
    reservedBlocks += 1;
    reserved += size;
  }
  for (const block of pieces.flatMap((p) => p.blocks)) {
    const size = blockSize(block);
    if (isKept.has(block)) {
      first.push(block);
      used += size;
      reservedBlocks -= 1;
      reserved -= size;
    } else if (
      rest.length === 0 &&
      first.length + reservedBlocks + 1 <= space.blocks &&
      used + reserved + size <= space.total
    ) {
      first.push(block);
      used += size;
    } else rest.push(block);
  }
  const more: Block[][] = [];
  let size = 0;
  for (const block of rest) {
    const own = blockSize(block);
    const last = more.at(-1);
    if (!last || last.length + 1 > space.blocks || size + own > space.total) {
      more.push([block]);
      size = own;
    } else {
      last.push(block);
      size += own;
    }
  }
  const head = more.length === 0 ? first : [...first, heldBackLine(line(more.length))];
  return {
    first: withIds(head.length > 0 ? head : [heldBackLine('(nothing to show)')], id),
    more: more.map((blocks, i) => withIds(blocks, `${id}-${i + 2}`)),
  };
}
