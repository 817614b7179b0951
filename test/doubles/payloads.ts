// Writes what the suites send, one JSON file each, when `npm run payloads` asks for it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env['COUNTERSIGN_TEST_PAYLOADS'] ?? '';
const written = new Set<string>();

/** Keeps a payload under a name made of what it shows; the same payload is kept once. Does nothing in ordinary runs. */
export function keepPayload(platform: string, kind: string, shows: string, payload: unknown): void {
  if (folder === '') return;
  const text = `${JSON.stringify(payload, null, 2)}\n`;
  if (written.has(text)) return;
  written.add(text);
  const words = shows
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  mkdirSync(join(folder, platform), { recursive: true });
  const number = String(written.size).padStart(4, '0');
  writeFileSync(join(folder, platform, `${kind}-${words || 'untitled'}-${process.pid}-${number}.json`), text);
}
