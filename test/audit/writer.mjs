// A process that appends and signs until it is told to stop or killed: node writer.mjs FOLDER STREAM COUNT
import { fileAnchor } from '../../dist/src/audit/anchors.js';
import { openAudit } from '../../dist/src/audit/open.js';
import { openSqliteStore } from '../../dist/src/store/sqlite.js';

const [folder, stream, count] = process.argv.slice(2);
const actor = { kind: 'human', platform: 'web', tenant: 'local', id: stream, label: 'Sample Person' };
const store = openSqliteStore(`${folder}/countersign.db`, Date.now);
const { log } = await openAudit(folder, store, [fileAnchor(`${folder}/anchors`)], Date.now);
for (let i = 0; i < Number(count); i++) {
  const records = [{ type: 'approval.granted', body: { i } }];
  await store.append([{ stream, expectedVersion: i, incident: stream, actor, records }]);
  const signed = await log.appended(['approval.granted']);
  process.stdout.write(`${i} ${signed.size}\n`);
}
await log.close();
await store.close();
