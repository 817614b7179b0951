// A server's process that looks at what is due whenever it is told the time: for tests with real processes on one database.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { openAudit } from '../dist/src/audit/open.js';
import { watched } from '../dist/src/audit/watched.js';
import { duties } from '../dist/src/commands/duties.js';
import { commands } from '../dist/src/commands/registry.js';
import { createServices } from '../dist/src/commands/services.js';
import { openBlobs } from '../dist/src/evidence/blobs.js';
import { loadOrganisation } from '../dist/src/organisation/load.js';
import { Scheduler } from '../dist/src/schedule/scheduler.js';
import { openSqliteStore } from '../dist/src/store/sqlite.js';

const [folder, startsAt] = process.argv.slice(2);
const log = pino({ level: 'silent' });
let at = Number(startsAt);
const now = () => at;
const database = openSqliteStore(join(folder, 'countersign.db'), now);
const { log: auditLog } = await openAudit(folder, database, [], now);
const organisation = join(import.meta.dirname, '..', 'countersign.example.yml');
const services = createServices({
  store: watched(database, () => auditLog, log),
  blobs: openBlobs(join(folder, 'evidence')),
  organisation: loadOrganisation(readFileSync(organisation, 'utf8'), organisation),
  ports: new Map(),
  log,
  now,
  randomId: () => randomBytes(24).toString('base64url'),
  auditLog,
  playbooks: () => ({ playbooks: new Map(), problems: [] }),
  commands,
  read: async () => null,
  unpack: async () => null,
  search: async () => ({ hits: [], hasMore: false }),
});
const scheduler = new Scheduler({ services, duties, log, nudge: () => {} });
process.on('message', async ({ time }) => {
  at = time;
  process.send({ time, written: await scheduler.tick() });
});
process.send({ time: at, written: 0 });
