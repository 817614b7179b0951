// npm run payloads -- --out DIR: every message, view and manifest that the suites send to Slack, one JSON file each.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { must, ROOT, setUp } from './setup.mjs';

const at = process.argv.indexOf('--out');
const out = at > 0 ? process.argv[at + 1] : undefined;
if (!out) {
  console.error('Say where to: npm run payloads -- --out DIR');
  process.exit(2);
}
setUp();
const folder = resolve(out);
mkdirSync(folder, { recursive: true });
process.env.COUNTERSIGN_TEST_PAYLOADS = folder;
must(process.execPath, [
  join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  'test/slack/proofs',
  'test/slack/contract',
]);
copyFileSync(join(ROOT, 'manifest.yml'), join(folder, 'slack-manifest.yml'));
console.log(`Written to ${folder}`);
