import { addBusinessDays, HOLIDAY_TABLES } from './holidays.ts';
import type { Anchor, AnchorId, Computation, Deadline } from './types.ts';
import { addDays, addMonths, type Day, dayOf, endOf, instantOf, isoDay } from './zone.ts';

const HOUR_MS = 3_600_000;

/** The deadline that follows from the anchors set so far. Hour periods are added in UTC and never rolled; nothing is moved off a weekend. */
export function deadlineOf(
  computation: Computation,
  anchors: Readonly<Record<AnchorId, Anchor | undefined>>,
): Deadline {
  const from = anchors[computation.from];
  if (!from) return { kind: 'waiting', forAnchor: computation.from };
  const local = dayOf(from.at, from.zone);
  switch (computation.kind) {
    case 'prompt':
      return { kind: 'prompt', since: from.at };
    case 'hours':
      return inHours(from.at, computation.hours, computation.from);
    case 'cappedHours': {
      const cap = anchors[computation.cap.from];
      const own = inHours(from.at, computation.hours, computation.from);
      // A missing cap must not hide the short clock that is already running.
      if (!cap) return { ...own, basis: `${own.basis}; set ${computation.cap.from} too, it may be earlier` };
      const latest = cap.at + computation.cap.hours * HOUR_MS;
      if (from.at >= latest || own.dueAt <= latest) return own;
      return inHours(cap.at, computation.cap.hours, computation.cap.from);
    }
    case 'days':
      return byDay(
        from,
        addDays(local, computation.days),
        `${computation.days} calendar days after ${computation.from}`,
      );
    case 'months': {
      const many = computation.months === 1 ? '1 month' : `${computation.months} months`;
      return byDay(from, addMonths(local, computation.months), `${many} after ${computation.from}`);
    }
    case 'daysAfterYear': {
      const yearEnd = { year: local.year, month: 12, day: 31 };
      return byDay(from, addDays(yearEnd, computation.days), `${computation.days} days after the end of ${local.year}`);
    }
    case 'businessDays': {
      const table = HOLIDAY_TABLES[computation.calendar];
      const start = dayOf(from.at, computation.zone);
      const last = addBusinessDays(start, computation.days, table);
      if (!last) {
        return {
          kind: 'unknown',
          why: `The holiday table ${table.id} ${table.version} ends with ${table.years[1]}; count by hand.`,
        };
      }
      const { zone, cutOffMinutes } = computation;
      return {
        kind: 'due',
        since: from.at,
        dueAt: cutOffMinutes === undefined ? endOf(last, zone) : instantOf(last, cutOffMinutes, zone),
        lastDay: isoDay(last),
        basis: `${computation.days} business days after ${computation.from} (${table.id} ${table.version}, ${zone})`,
      };
    }
  }
}

type Due = Extract<Deadline, { kind: 'due' }>;

function inHours(at: number, hours: number, anchor: AnchorId): Due {
  return {
    kind: 'due',
    since: at,
    dueAt: at + hours * HOUR_MS,
    lastDay: null,
    basis: `${hours} hours after ${anchor}`,
  };
}

function byDay(from: Anchor, last: Day, basis: string): Due {
  return {
    kind: 'due',
    since: from.at,
    dueAt: endOf(last, from.zone),
    lastDay: isoDay(last),
    basis: `${basis} (${from.zone})`,
  };
}
