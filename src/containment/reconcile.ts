// The executor's own log against the ledger: what ran without an approval, and what was approved otherwise than it ran. Pure.

/** A line of an executor's log: the idempotency key it was called with and the digest of what it did. */
export interface ExecutorLine {
  readonly approval: string;
  readonly digest: string;
}

/** The parts of a ledger record that matter here, as an export's entries.jsonl has them. */
export interface LedgerLine {
  readonly seq: number;
  readonly type: string;
  readonly incident: string | null;
  readonly subject: string | null;
  readonly body: unknown;
}

/** Digests by the key an executor is called with, of the records of one type. */
const digestsOf = (records: readonly LedgerLine[], type: string): ReadonlyMap<string, string> =>
  new Map(
    records
      .filter((r) => r.type === type)
      .map((r) => {
        const body = r.body as { readonly digest: string; readonly idempotencyKey?: string };
        return [body.idempotencyKey ?? `${r.incident}/${r.subject}/${r.seq}`, body.digest];
      }),
  );

/** What is wrong with each line, in the order of the log; empty when every execution had its approval. */
export function reconcile(lines: readonly ExecutorLine[], records: readonly LedgerLine[]): readonly string[] {
  const granted = digestsOf(records, 'approval.granted');
  const started = digestsOf(records, 'execution.started');
  const last = records.reduce((most, r) => Math.max(most, r.seq), -1);
  const seen = new Set<string>();
  return lines.flatMap(({ approval, digest }) => {
    const isRepeated = seen.has(approval);
    seen.add(approval);
    if (isRepeated) return [`${approval} ran more than once`];
    if (!granted.has(approval)) {
      const seq = Number(/\/(\d{1,15})$/.exec(approval)?.[1] ?? -1);
      return seq > last
        ? [
            `${approval} names a record after the last one of this export (${last}): export again and check it with that`,
          ]
        : [`${approval} ran without an approval in the ledger`];
    }
    if (granted.get(approval) !== digest) return [`${approval} ran something else than was approved`];
    return started.has(approval) ? [] : [`${approval} ran before its start was in the ledger`];
  });
}

/** What the ledger says was started and the log does not have. */
export function startedWithout(lines: readonly ExecutorLine[], records: readonly LedgerLine[]): readonly string[] {
  const ran = new Set(lines.map((l) => l.approval));
  return [...digestsOf(records, 'execution.started').keys()].filter((key) => !ran.has(key));
}
