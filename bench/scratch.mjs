// A temporary folder that is gone when the program ends, also when it fails or is interrupted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder and removes it at the exit of this process; `keep` leaves it there, for somebody to look into. */
export function scratchFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
  let isKept = false;
  process.on('exit', () => {
    if (!isKept) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  const keep = () => {
    isKept = true;
  };
  return { folder, keep };
}
