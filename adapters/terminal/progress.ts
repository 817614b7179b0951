// A progress bar on standard error, only where a person looks at it and only for what takes a while.

const LEAST_BYTES = 8 * 1024 * 1024;
const WIDTH = 24;

/** Shows how far reading has come; `clear` takes the bar away. */
export function progressBar(
  name: string,
  size: number,
): { show: (bytes: number, lines: number) => void; clear: () => void } {
  if (process.stderr.isTTY !== true || size < LEAST_BYTES) return { show: () => {}, clear: () => {} };
  let shownAt = 0;
  return {
    show(bytes, lines) {
      const now = performance.now();
      if (now - shownAt < 80) return;
      shownAt = now;
      const share = Math.min(1, bytes / size);
      const done = Math.round(share * WIDTH);
      process.stderr.write(
        `\r${'#'.repeat(done)}${'.'.repeat(WIDTH - done)} ${Math.floor(100 * share)} %  ${lines.toLocaleString('en')} lines of ${name}`,
      );
    },
    clear: () => process.stderr.write('\r\u001b[K'),
  };
}
