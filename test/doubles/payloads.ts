// Writes what the suites send, one JSON file each, when `npm run payloads` asks for it. Every double calls it with what
// came in: the platform's name, the kind of thing (message, view, card, ...), and the words it shows.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ids that differ each time: payloads that differ in nothing else are one. */
const IDS = /"(value|private_metadata|channel|ts|thread_ts|view_id|user|trigger_id|block_id|token|id)": "[^"]*"/g;

const folder = process.env['COUNTERSIGN_TEST_PAYLOADS'] ?? '';

/** Keeps a payload under a name made of what it shows; the same payload is kept once. Does nothing in ordinary runs. */
export function keepPayload(platform: string, kind: string, shows: string, payload: unknown): void {
  if (folder === '') return;
  const text = `${JSON.stringify(payload, null, 2)}\n`;
  const words = shows
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  mkdirSync(join(folder, platform), { recursive: true });
  const hash = createHash('sha256').update(text.replace(IDS, '"$1": ""')).digest('hex').slice(0, 8);
  writeFileSync(join(folder, platform, `${kind}-${words || 'untitled'}-${hash}.json`), text);
}
