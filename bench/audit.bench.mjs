// How long an auditor and a start of the server take over 100,000 records, beside plain SHA-256 over the same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileAnchor } from '../dist/src/audit/anchors.js';
import { exportDataFolder } from '../dist/src/audit/data-folder.js';
import { keyPath, openAudit } from '../dist/src/audit/open.js';
import { verifyExport } from '../dist/src/audit/verify.js';
import { openSqliteStore } from '../dist/src/store/sqlite.js';
import { scratchFolder } from './scratch.mjs';

const RECORDS = 100_000;
const SIGNED_EVERY = 25;
const { folder } = scratchFolder('audit');
const actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'U1', label: 'Sample Person' };
const seconds = (from) => ((performance.now() - from) / 1000).toFixed(2).padStart(7);
const show = (what, from) => console.log(`${what.padEnd(58)} ${seconds(from)} s`);

mkdirSync(join(folder, 'evidence'));
const store = openSqliteStore(join(folder, 'countersign.db'), Date.now);
const { log } = await openAudit(folder, store, [fileAnchor(join(folder, 'anchors'))], Date.now);
const filling = performance.now();
for (let done = 0; done < RECORDS; done += SIGNED_EVERY) {
  const records = Array.from({ length: SIGNED_EVERY }, (_, i) => ({
    type: 'event.added',
    body: { host: `wk-${done + i}`, note: 'a line as people write them, neither short nor long' },
  }));
  await store.append([{ stream: 'INC-1', expectedVersion: done, incident: 'INC-1', actor, records }]);
  await log.appended(['event.added']);
}
await log.close();
show(`append ${RECORDS}, sign and anchor every ${SIGNED_EVERY}`, filling);

const opening = performance.now();
await (await openAudit(folder, store, [fileAnchor(join(folder, 'anchors'))], Date.now)).log.close();
show('open: every byte, head and anchor checked', opening);
await store.close();

const out = join(folder, 'out');
const exporting = performance.now();
await exportDataFolder(folder, out);
show('export', exporting);

const bytes = readFileSync(join(out, 'entries.jsonl'));
const hashing = performance.now();
createHash('sha256').update(bytes).digest();
show(`baseline: one SHA-256 over the ${bytes.length} bytes`, hashing);

const verifying = performance.now();
const { size, checkpoints } = verifyExport(out, readFileSync(`${keyPath(folder)}.vkey`, 'utf8'));
show(`verify ${size} records and ${checkpoints} heads (goal: under 10 s)`, verifying);
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
