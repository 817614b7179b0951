// Standard output that waits for a slow reader and ends quietly when the reader has gone.

/** The reader of standard output closed it; no error. */
export class ReaderGone extends Error {}

let isGone = false;

/** Notices a closed reader instead of failing on it. Call once at the start. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isGone = true;
    process.stdout.emit('drain');
  });
}

/** Writes text and waits while the reader is behind; throws ReaderGone when nobody reads any more. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (isGone) throw new ReaderGone();
  if (!process.stdout.write(text)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  if (isGone) throw new ReaderGone();
}

/** Writes pieces joined into chunks of about a quarter of a megabyte. */
export async function writeAll(pieces: Iterable<string>): Promise<void> {
  let chunk: string[] = [];
  let size = 0;
  for (const piece of pieces) {
    chunk.push(piece);
    size += piece.length;
    if (size < 262_144) continue;
    await write(chunk.join(''));
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) await write(chunk.join(''));
}
