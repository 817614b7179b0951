// The SQLite driver that fits the Node it runs on. better-sqlite3 12 aborts the process on Node 24.19 and later when a
// statement is collected (its base class changed under it); 13, on Node-API, does not run on Node 20. So both are named in
// package.json, and this is the one place that chooses. See docs/decisions/0004-two-sqlite-drivers.md.
import { createRequire } from 'node:module';
import type Driver from 'better-sqlite3';

const require = createRequire(import.meta.url);
const isNodeApi = Number(process.versions.node.split('.')[0]) >= 22;

/** Opens a database file; the API of better-sqlite3 12 and 13 alike. */
export const Sqlite = require(isNodeApi ? 'better-sqlite3-napi' : 'better-sqlite3') as typeof Driver;

export type Sqlite = Driver.Database;
export type SqliteStatement<Values extends unknown[] = unknown[], Row = unknown> = Driver.Statement<Values, Row>;
