// npm run payloads -- --out DIR: every message, view and card that the suites send to Slack and to Teams, one JSON file
// each in a folder a platform, with the manifests. The doubles write them (test/doubles/payloads.ts).
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { must, ROOT, setUp } from './setup.mjs';

/** Suites that talk to a double, without those that send the same thing a thousand times. */
const SUITES = ['test/slack', 'test/teams', '--exclude', 'test/slack/flood.test.ts'];
const MANIFESTS = [
  ['manifest.yml', 'slack', 'manifest.yml'],
  ['manifest-http.yml', 'slack', 'manifest-http.yml'],
  ['adapters/teams/manifest.json', 'teams', 'manifest.json'],
];

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
for (const [from, platform, name] of MANIFESTS) {
  if (!existsSync(join(ROOT, from))) continue;
  mkdirSync(join(folder, platform), { recursive: true });
  copyFileSync(join(ROOT, from), join(folder, platform, name));
}
must(process.execPath, [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...SUITES]);
for (const platform of ['slack', 'teams']) {
  const kept = existsSync(join(folder, platform)) ? readdirSync(join(folder, platform)).length : 0;
  console.log(`${platform}: ${kept} files in ${join(folder, platform)}`);
}
