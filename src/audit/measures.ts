// Measures of the response, from records alone: the median, the 90th percentile and how many there are, never a mean.
import type { LedgerRecord } from './record.ts';

export interface Measure {
  readonly name: string;
  /** The two records it runs between. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Milliseconds; null without any. */
  readonly median: number | null;
  readonly p90: number | null;
  /** Left out because the start or the end is missing, or the end is before the start. */
  readonly excluded: number;
}

type Body = Readonly<Record<string, unknown>>;
const bodyOf = (record: LedgerRecord): Body => record.body as unknown as Body;

/** The value at a share of the sorted values, nearest rank: always one that was measured. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

type Span = readonly [from: string | null, to: string | null];

function measure(name: string, from: string, to: string, spans: readonly Span[]): Measure {
  const lengths = spans.flatMap(([a, b]) => {
    const ms = a !== null && b !== null ? Date.parse(b) - Date.parse(a) : Number.NaN;
    return ms >= 0 ? [ms] : [];
  });
  return {
    name,
    from,
    to,
    count: lengths.length,
    median: percentile(lengths, 0.5),
    p90: percentile(lengths, 0.9),
    excluded: spans.length - lengths.length,
  };
}

/** Times of one incident: the newest correction of each counts. */
function keyTimes(records: readonly LedgerRecord[]): Readonly<Record<string, string>> {
  const times: Record<string, string> = {};
  for (const r of records) {
    const body = bodyOf(r);
    if (r.type === 'incident.declared') {
      times['declaredAt'] = r.ts;
      if (typeof body['detectedAt'] === 'string') times['detectedAt'] = body['detectedAt'];
    }
    if (r.type === 'incident.time-set') times[String(body['which'])] = String(body['at']);
    if (r.type === 'role.assigned' && body['role'] === 'commander') times['commandedAt'] ??= r.ts;
  }
  return times;
}

const first = (records: readonly LedgerRecord[], match: RegExp): string | null =>
  records.find((r) => match.test(r.type))?.ts ?? null;

/** The measures over the records of incidents, in ledger order. Exercises are left out. */
export function measuresOf(records: readonly LedgerRecord[]): readonly Measure[] {
  const streams = new Map<string, LedgerRecord[]>();
  for (const r of records) {
    if (r.incident === null || !r.incident.startsWith('INC-')) continue;
    const known = streams.get(r.incident);
    if (known) known.push(r);
    else streams.set(r.incident, [r]);
  }
  const incidents = [...streams.values()].map((all) => ({ all, at: keyTimes(all) }));
  const between = (name: string, a: string, b: string, from: string, to: string): Measure =>
    measure(
      name,
      from,
      to,
      incidents.map(({ at }): Span => [at[a] ?? null, at[b] ?? null]),
    );
  const requests = incidents.flatMap(({ all }) =>
    [...new Set(all.filter((r) => r.type === 'containment.proposed').map((r) => r.subject))].map((subject) =>
      all.filter((r) => r.subject === subject),
    ),
  );
  const decided = (outcome: RegExp): readonly Span[] =>
    requests
      .filter((about) => about.some((r) => outcome.test(r.type)))
      .map((about): Span => [first(about, /^containment\.shown$/), first(about, outcome)]);
  const answers = incidents.flatMap(({ all }) =>
    all
      .filter((r) => r.type === 'assistant.asked')
      .map(
        (asked): Span => [
          asked.ts,
          all.find((r) => r.type === 'assistant.answered' && r.subject === asked.subject)?.ts ?? null,
        ],
      ),
  );
  // From the first evidence on the timeline to the first claim of either lane: what asking the assistant saves, or does not.
  const claimed = (origin: 'assistant' | 'person'): readonly Span[] =>
    incidents
      .filter(({ all }) => all.some((r) => r.type === 'timeline.added'))
      .map(({ all }): Span => {
        const from = first(all, /^timeline\.added$/);
        const claim = all.find((r) => r.type === 'finding.added' && bodyOf(r)['origin'] === origin);
        return [from, claim?.ts ?? null];
      });
  return [
    between('detect', 'startedAt', 'detectedAt', 'start of the compromise', 'detected'),
    between('declare', 'detectedAt', 'declaredAt', 'detected', 'incident.declared'),
    between('acknowledge', 'detectedAt', 'commandedAt', 'detected', 'role.assigned commander'),
    between('contain', 'detectedAt', 'containedAt', 'detected', 'contained, as the commander recorded it'),
    between('recover', 'detectedAt', 'recoveredAt', 'detected', 'recovered, as the commander recorded it'),
    measure('approval, granted', 'containment.shown', 'approval.granted', decided(/^approval\.granted$/)),
    measure('approval, denied', 'containment.shown', 'approval.denied', decided(/^approval\.denied$/)),
    measure('approval, expired', 'containment.shown', 'containment.expired', decided(/^containment\.expired$/)),
    measure(
      'execution',
      'approval.granted',
      'execution.succeeded, failed or unknown',
      requests
        .filter((about) => about.some((r) => r.type === 'approval.granted'))
        .map(
          (about): Span => [
            first(about, /^approval\.granted$/),
            first(about, /^execution\.(?:succeeded|failed|unknown)$/),
          ],
        ),
    ),
    measure('answer of the assistant', 'assistant.asked', 'assistant.answered', answers),
    measure('first finding, assistant', 'timeline.added', 'finding.added by the assistant', claimed('assistant')),
    measure('first finding, people', 'timeline.added', 'finding.added by a person', claimed('person')),
  ];
}

/** How often people were told no, by reason, most often first. */
export function refusalsOf(records: readonly LedgerRecord[]): readonly (readonly [code: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const r of records.filter((one) => one.type === 'command.refused')) {
    const code = String(bodyOf(r)['code']);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]);
}
