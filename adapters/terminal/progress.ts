// A progress bar on standard error, only where a person looks at it and only for what takes a while.

const LEAST_BYTES = 8 * 1024 * 1024;
const WIDTH = 24;
const REDRAWN_AFTER_MS = 80;
/** A forecast from less than this is a guess. */
const FORECAST_AFTER_MS = 1500;
const DEFAULT_COLUMNS = 80;

/** What the bar says, never wider than the terminal: a wrapped line would stay on it. */
export function barText(
  at: { readonly name: string; readonly bytes: number; readonly size: number; readonly lines: number },
  elapsedMs: number,
  columns: number,
): string {
  const share = at.size === 0 ? 1 : Math.min(1, at.bytes / at.size);
  const done = Math.round(share * WIDTH);
  const leftMs = share > 0 ? (elapsedMs * (1 - share)) / share : 0;
  const left = elapsedMs >= FORECAST_AFTER_MS && share < 1 ? `  ${forecast(leftMs)}` : '';
  const facts = `${'#'.repeat(done)}${'.'.repeat(WIDTH - done)} ${String(Math.floor(100 * share)).padStart(3)} %  ${at.lines.toLocaleString('en')} lines${left}`;
  const room = columns - facts.length - 3;
  // A file's name may hold what a terminal would obey.
  const name = at.name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  const shown = name.length <= room ? name : room > 8 ? `...${name.slice(3 - room)}` : '';
  return (shown === '' ? facts : `${facts}  ${shown}`).slice(0, Math.max(0, columns - 1));
}

const forecast = (ms: number): string =>
  ms < 90_000 ? `${Math.max(1, Math.round(ms / 1000))} s left` : `${Math.round(ms / 60_000)} min left`;

/** Shows how far reading has come; `clear` takes the bar away. */
export function progressBar(
  name: string,
  size: number,
): { show: (bytes: number, lines: number) => void; clear: () => void } {
  if (process.stderr.isTTY !== true || size < LEAST_BYTES) return { show: () => {}, clear: () => {} };
  const startedAt = performance.now();
  let shownAt = 0;
  return {
    show(bytes, lines) {
      const now = performance.now();
      if (now - shownAt < REDRAWN_AFTER_MS) return;
      shownAt = now;
      const columns = process.stderr.columns || DEFAULT_COLUMNS;
      process.stderr.write(`\r${barText({ name, bytes, size, lines }, now - startedAt, columns)}\u001b[K`);
    },
    clear: () => process.stderr.write('\r\u001b[K'),
  };
}
