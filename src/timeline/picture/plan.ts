// What the picture shows, before anything is drawn: lanes, bars, numbered events, silences and decisions in picture coordinates
// of time. Pure, so that tests and the alt text read the same plan that is drawn.

/** One event as the picture needs it; texts are untrusted and raw. */
export interface PictureEvent {
  readonly occurredAt: string;
  readonly lastAt: string;
  readonly source: string;
  readonly count: number;
  readonly severity: number;
  readonly score: number;
  readonly message: string;
  /** Why it ranks, best first; the first is shown as its headline. */
  readonly reasons: readonly string[];
  /** True for the first candidate for how they got in: it always gets a number, and says so. */
  readonly isWayIn: boolean;
  /** `decision` is something our own people did in this incident; it gets the lane of its own. */
  readonly kind: 'log' | 'human' | 'decision';
}

/** A silence or a jump of the clock in one source. */
export interface PictureGap {
  readonly source: string;
  readonly fromAt: string;
  readonly toAt: string;
  readonly kind: 'gap' | 'jump-back' | 'jump-forward';
}

export interface PictureInput {
  readonly title: string;
  readonly events: readonly PictureEvent[];
  readonly gaps: readonly PictureGap[];
}

/** One bar: how many records began within it, by how bad they are. */
export interface Bar {
  readonly atMs: number;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export interface Lane {
  readonly source: string;
  readonly total: number;
  readonly bars: readonly Bar[];
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number; readonly kind: PictureGap['kind'] }[];
}

/** An event worth a number in the picture, and a line below it. Numbers follow time. */
interface Numbered {
  readonly number: number;
  readonly lane: number;
  readonly atMs: number;
  readonly event: PictureEvent;
}

export interface PicturePlan {
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly binMs: number;
  readonly lanes: readonly Lane[];
  readonly numbered: readonly Numbered[];
  readonly decisions: readonly { readonly atMs: number; readonly letter: string; readonly event: PictureEvent }[];
  /** Decisions and events beyond what a picture can hold. */
  readonly decisionsLeftOut: number;
  readonly eventsLeftOut: number;
  /** True when some event stands for records whose own times are not kept. */
  readonly hasRepeats: boolean;
}

const BINS = 90;
const MOST_LANES = 6;
const MOST_NUMBERED = 10;
const MOST_DECISIONS = 6;
const WORTH_A_NUMBER = 4;
const RANKED = 8;
const ALWAYS = 1_000;
/** Events that can compete for a number; the rest of a huge timeline cannot win one. */
const CONTENDERS = 500;
const NICE_MS = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800].map(
  (s) => s * 1000,
);

/** Plans the picture; null when no event has a time. */
export function planPicture(input: PictureInput): PicturePlan | null {
  const dated = input.events.filter((e) => !Number.isNaN(Date.parse(e.occurredAt)));
  if (dated.length === 0) return null;
  const logs = dated.filter((e) => e.kind !== 'decision');
  const times = dated.flatMap((e) => [Date.parse(e.occurredAt), Date.parse(e.lastAt) || Date.parse(e.occurredAt)]);
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const binMs = NICE_MS.find((ms) => (last - first) / ms <= BINS) ?? Math.ceil((last - first) / BINS);
  const fromMs = Math.floor(first / binMs) * binMs;
  const toMs = Math.max(fromMs + 10 * binMs, Math.ceil((last + 1) / binMs + 0.5) * binMs);
  const names = laneNames(logs);
  const laneOf = (source: string) => Math.max(0, names.includes(source) ? names.indexOf(source) : names.length - 1);
  const scale = { fromMs, toMs, binMs };
  const numbered = chosen(logs).map((event, i) => ({
    number: i + 1,
    lane: laneOf(event.source),
    atMs: Date.parse(event.occurredAt),
    event,
  }));
  const decisions = dated.filter((e) => e.kind === 'decision').sort(byTime);
  return {
    title: input.title,
    ...scale,
    lanes: names.map((source, i) => {
      const events = logs.filter((e) => laneOf(e.source) === i);
      const gaps = gapsOf(
        input.gaps.filter((g) => names.includes(g.source) && laneOf(g.source) === i),
        scale,
      );
      return { source, total: sum(events), bars: bars(events, scale, gaps), gaps };
    }),
    numbered,
    decisions: decisions.slice(0, MOST_DECISIONS).map((event, i) => ({
      atMs: Date.parse(event.occurredAt),
      letter: String.fromCharCode(65 + i),
      event,
    })),
    decisionsLeftOut: Math.max(0, decisions.length - MOST_DECISIONS),
    eventsLeftOut: logs.filter(isWorthANumber).length - numbered.length,
    hasRepeats: logs.some((e) => e.count > 2 && e.lastAt > e.occurredAt),
  };
}

const isWorthANumber = (e: PictureEvent) =>
  e.isWayIn || e.kind === 'human' || e.severity >= WORTH_A_NUMBER || e.score >= RANKED;
const byTime = (a: PictureEvent, b: PictureEvent) =>
  a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0;
const sum = (events: readonly PictureEvent[]) => events.reduce((n, e) => n + e.count, 0);

// The highest ranked, in the order in which they happened. Eight requests to one web shell are one turn of the story: each
// further event of the same source and reason counts half as much as the one before.
function chosen(logs: readonly PictureEvent[]): PictureEvent[] {
  const left = logs
    .filter(isWorthANumber)
    .sort((a, b) => Number(b.isWayIn) - Number(a.isWayIn) || b.score - a.score)
    .slice(0, CONTENDERS);
  const picked: PictureEvent[] = [];
  const told = new Map<string, number>();
  const story = (e: PictureEvent) => `${e.source}\n${e.reasons.at(-1) ?? e.message}`;
  const worth = (e: PictureEvent) =>
    (e.isWayIn || e.kind === 'human' ? ALWAYS : 0) + (e.score + e.severity) * 0.5 ** (told.get(story(e)) ?? 0);
  while (picked.length < MOST_NUMBERED && left.length > 0) {
    const best = left.reduce((a, b) => (worth(b) > worth(a) || (worth(b) === worth(a) && byTime(b, a) < 0) ? b : a));
    left.splice(left.indexOf(best), 1);
    told.set(story(best), (told.get(story(best)) ?? 0) + 1);
    picked.push(best);
  }
  return picked.sort(byTime);
}

function laneNames(logs: readonly PictureEvent[]): string[] {
  const totals = new Map<string, { total: number; first: string }>();
  for (const e of logs) {
    const known = totals.get(e.source) ?? { total: 0, first: e.occurredAt };
    totals.set(e.source, {
      total: known.total + e.count,
      first: [e.occurredAt, known.first].sort()[0]!,
    });
  }
  const names = [...totals].sort((a, b) => b[1].total - a[1].total).map(([name]) => name);
  if (names.length <= MOST_LANES) return names.sort((a, b) => (totals.get(a)!.first < totals.get(b)!.first ? -1 : 1));
  return [...names.slice(0, MOST_LANES - 1), `${names.length - MOST_LANES + 1} other sources`];
}

function bars(events: readonly PictureEvent[], scale: Scale, gaps: Lane['gaps']): Bar[] {
  const bins = Array.from({ length: Math.round((scale.toMs - scale.fromMs) / scale.binMs) }, (_, i) => {
    const atMs = scale.fromMs + i * scale.binMs;
    const isSilent = gaps.some((g) => g.kind === 'gap' && g.fromMs <= atMs && atMs + scale.binMs <= g.toMs);
    return { atMs, isSilent, low: 0, mid: 0, high: 0 };
  });
  for (const event of events) {
    const from = Math.floor((Date.parse(event.occurredAt) - scale.fromMs) / scale.binMs);
    const to = Math.floor(((Date.parse(event.lastAt) || 0) - scale.fromMs) / scale.binMs);
    const level = event.severity >= 7 ? 'high' : event.severity >= 4 ? 'mid' : 'low';
    // Of the records behind a collapsed event only the ends are kept: the rest is spread evenly, silences left out, and fewer
    // records than bins stay single marks, so that two of them do not look like a steady stream.
    const span = bins.slice(from, Math.max(from, to) + 1);
    const loud = span.filter((bin) => !bin.isSilent);
    const spread = loud.length ? loud : span;
    if (event.count >= spread.length) for (const bin of spread) bin[level] += event.count / spread.length;
    else
      for (let i = 0; i < event.count; i++)
        spread[Math.round((i * (spread.length - 1)) / Math.max(1, event.count - 1))]![level] += 1;
  }
  return bins.map(({ isSilent: _, ...bar }) => bar);
}

interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly binMs: number;
}

function gapsOf(gaps: readonly PictureGap[], scale: Scale): Lane['gaps'] {
  return gaps
    .map((g) => {
      const [a, b] = [Date.parse(g.fromAt), Date.parse(g.toAt)];
      return {
        fromMs: Math.max(scale.fromMs, Math.min(a, b)),
        toMs: Math.min(scale.toMs, Math.max(a, b)),
        kind: g.kind,
      };
    })
    .filter((g) => g.toMs > g.fromMs);
}
