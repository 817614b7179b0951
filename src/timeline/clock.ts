// Silences and jumps in the clock of each source of a paste.
import { intTable } from './int-table.ts';
import type { Sighting } from './kind.ts';
import { NONE } from './names.ts';
import type { ClockFinding } from './types.ts';

const MOST_FINDINGS = 50;
const MOST_SOURCES = 2000;
const JUMP_MS = 60_000;
const LEAST_GAP_MS = 30 * 60_000;
/** A silence is told when it is so many times longer than usual for the source. */
const GAP_FACTOR = 50;
const STEPS_BEFORE_GAP = 10;
const FORWARD_JUMP_MS = 300 * 86_400_000;

interface Clock {
  line: number;
  timeMs: number;
  steps: number;
  down: number;
  spanMs: number;
  readonly found: ClockFinding[];
}

/** Watches the clock of each source as records come in input order. */
export interface ClockWatch {
  /** A source is a format and a host. */
  add(one: Sighting): void;
  /** Findings in line order, at most 50. A source written newest first is read backwards, not reported. */
  finish(): ClockFinding[];
}

/** A new watch. */
export function createClockWatch(): ClockWatch {
  const clocks: Clock[] = [];
  const index = intTable();
  const hostsOf = new Map<string, number>();
  return {
    add({ kind, host, line, timeMs }) {
      const at = index.get(kind.formatNumber, host, 0);
      if (at === NONE) {
        const hosts = hostsOf.get(kind.format) ?? 0;
        if (hosts >= MOST_SOURCES) return;
        hostsOf.set(kind.format, hosts + 1);
        index.set(kind.formatNumber, host, 0, clocks.length);
        clocks.push({ line, timeMs, steps: 0, down: 0, spanMs: 0, found: [] });
        return;
      }
      const clock = clocks[at] as Clock;
      const step = timeMs - clock.timeMs;
      const usual = clock.steps > 0 ? clock.spanMs / clock.steps : 0;
      if (step < 0) clock.down++;
      const found =
        step < -JUMP_MS
          ? 'jump-back'
          : step > FORWARD_JUMP_MS
            ? 'jump-forward'
            : step > LEAST_GAP_MS && clock.steps >= STEPS_BEFORE_GAP && step > GAP_FACTOR * usual
              ? 'gap'
              : null;
      if (found && clock.found.length < MOST_FINDINGS) {
        clock.found.push({
          kind: found,
          afterLine: clock.line,
          beforeLine: line,
          fromAt: new Date(clock.timeMs).toISOString(),
          toAt: new Date(timeMs).toISOString(),
        });
      }
      // A gap says nothing about how often the source usually speaks.
      if (found === null) clock.spanMs += Math.abs(step);
      clock.steps++;
      clock.line = line;
      clock.timeMs = timeMs;
    },
    finish() {
      return clocks
        .flatMap((clock) => (clock.down * 2 > clock.steps && clock.steps > 2 ? [] : clock.found))
        .sort((a, b) => a.beforeLine - b.beforeLine)
        .slice(0, MOST_FINDINGS);
    },
  };
}
