import type { PictureEvent, PicturePlan } from './plan.ts';

/** Where a numbered mark stands: `at` is its time, `x` its place, moved aside when it would lie on its neighbour. */
export interface Marker {
  readonly lane: number;
  readonly number: number;
  readonly event: PictureEvent;
  readonly at: number;
  readonly x: number;
}

const APART = 30;

/** Places the marks of each lane in order, at least 30 px apart, no further from their times than that needs. */
export function layOut(plan: PicturePlan, x: (ms: number) => number): Marker[] {
  return plan.lanes.flatMap((_, lane) => {
    const marks = plan.numbered.filter((n) => n.lane === lane);
    // Groups that touch are spread around their common middle; a group that then touches its neighbour joins it.
    const groups: { members: typeof marks; middle: number }[] = [];
    for (const mark of marks) {
      groups.push({ members: [mark], middle: x(mark.atMs) });
      for (let last = groups.length - 1; last > 0 && overlaps(groups[last - 1]!, groups[last]!); last--) {
        const members = [...groups[last - 1]!.members, ...groups[last]!.members];
        const middle = members.reduce((n, m) => n + x(m.atMs), 0) / members.length;
        groups.splice(last - 1, 2, { members, middle });
      }
    }
    return groups.flatMap((group) =>
      group.members.map((mark, i) => ({
        lane,
        number: mark.number,
        event: mark.event,
        at: x(mark.atMs),
        x: group.middle + (i - (group.members.length - 1) / 2) * APART,
      })),
    );
  });
}

interface Group {
  readonly members: readonly unknown[];
  readonly middle: number;
}

const overlaps = (a: Group, b: Group) =>
  a.middle + (a.members.length * APART) / 2 > b.middle - (b.members.length * APART) / 2;
