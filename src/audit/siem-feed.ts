// Sends records to a SIEM in their order, each at least once: the place reached is kept in the store.
import { appendFile } from 'node:fs/promises';
import type { Store } from '../store/types.ts';
import { type SiemFormat, type SiemSource, siemLine } from './siem.ts';
import { sendSyslog, syslogTarget } from './syslog.ts';

/** Sends lines in order; rejects when it cannot tell that all of them were taken. */
export type SiemSend = (lines: readonly string[]) => Promise<void>;

const BATCH = 200;
const CURSOR_NOTE = 'siem-next-seq';

/**
 * The sender a setting names: `file:PATH` appends lines, `tls://`, `tcp://` and `udp://host:port` send syslog. OCSF and CEF
 * lines go to syslog as the text of a message. Throws AuditError `anchor-failed` on any other text.
 */
export function openSiem(setting: string, source: SiemSource, now: () => number): SiemSend {
  if (setting.startsWith('file:') && setting.length > 5) {
    const path = setting.slice(5);
    return (lines) => appendFile(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  }
  const target = syslogTarget(setting);
  return (lines) =>
    sendSyslog(
      target,
      lines.map((line) => asSyslog(line, source, now)),
    );
}

/** Sends what was appended since last time; one run at a time. Gives how many records went out. */
export function siemFeed(
  store: Pick<Store, 'find' | 'note' | 'setNote'>,
  send: SiemSend,
  format: SiemFormat,
  source: SiemSource,
): () => Promise<number> {
  let running: Promise<number> | null = null;
  const run = async (): Promise<number> => {
    let next = Number((await store.note(CURSOR_NOTE)) ?? 0);
    const first = next;
    for (;;) {
      const batch = await store.find({ fromSeq: next, limit: BATCH });
      if (batch.length === 0) return next - first;
      await send(batch.map((stored) => siemLine(stored, format, source)));
      next = batch.at(-1)!.record.seq + 1;
      await store.setNote(CURSOR_NOTE, String(next));
    }
  };
  return () => {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
}

/** A line that is a syslog message already stays; others become the text of one. */
function asSyslog(line: string, { host }: SiemSource, now: () => number): string {
  return line.startsWith('<') ? line : `<110>1 ${new Date(now()).toISOString()} ${host} countersign - - - ${line}`;
}
