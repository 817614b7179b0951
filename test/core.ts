// The whole core over a real SQLite file, as the server puts it together, for tests that bring their own chat.
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import type { Assistant } from '../src/assist/types.ts';
import type { AuditLog } from '../src/audit/log.ts';
import { openAudit } from '../src/audit/open.ts';
import { watched } from '../src/audit/watched.ts';
import { Courier, type CourierParts } from '../src/chat/courier.ts';
import { createDesk } from '../src/chat/desk.ts';
import { Tokens } from '../src/chat/tokens.ts';
import type { ChatPort, Desk } from '../src/chat/types.ts';
import { duties } from '../src/commands/duties.ts';
import { renderLive } from '../src/commands/live.ts';
import { commands } from '../src/commands/registry.ts';
import { createServices, type ServiceParts } from '../src/commands/services.ts';
import type { Services } from '../src/commands/types.ts';
import { recordTrouble } from '../src/commands/undelivered.ts';
import { recordShown } from '../src/containment/shown.ts';
import { type EvidenceBlobs, openBlobs } from '../src/evidence/blobs.ts';
import { searchOver } from '../src/evidence/search.ts';
import { unpack } from '../src/evidence/unpack.ts';
import { type LoadedOrganisation, loadOrganisation } from '../src/organisation/load.ts';
import { shelfOf } from '../src/playbook/shelf.ts';
import { Scheduler } from '../src/schedule/scheduler.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/types.ts';
import { buildTimeline } from '../src/timeline/build.ts';

/** What stands before the chat is made. */
export interface Ground {
  readonly store: Store;
  readonly blobs: EvidenceBlobs;
  readonly log: Logger;
  /** Names that no two runs share. */
  readonly randomId: () => string;
}

export interface Core extends Ground {
  readonly auditLog: AuditLog;
  readonly organisation: LoadedOrganisation;
  readonly services: Services;
  readonly courier: Courier;
  readonly desk: Desk;
  readonly scheduler: Scheduler;
  /** Names this run's ids begin with. */
  readonly session: string;
}

export interface CoreOptions {
  readonly folder: string;
  readonly now: () => number;
  /** Text of the organisation's file, or what was read from one. */
  readonly organisation: string | LoadedOrganisation;
  /** Other parts than the usual ones. */
  readonly services?: Partial<ServiceParts>;
  readonly templates?: Parameters<typeof loadOrganisation>[2];
  /** Folder of playbooks; the library when left out. */
  readonly playbooks?: string;
  /** Makes the chat, once there is something to stand on. */
  readonly ports: (ground: Ground) => ReadonlyMap<string, ChatPort>;
  /** Changes the store before anything uses it. */
  readonly wrapStore?: (store: Store) => Store;
  readonly mail?: CourierParts['mail'];
  readonly model?: Assistant | null;
  readonly assistantTokens?: number;
  readonly chatRows?: ServiceParts['chatRows'];
  /** Records that a card was shown, as the server does. */
  readonly recordsShown?: boolean;
}

/** Puts it together; nothing is started. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { folder, now } = options;
  for (const part of ['keys', 'anchors', 'evidence']) mkdirSync(join(folder, part), { recursive: true });
  const log = pino({ level: 'silent' });
  const opened = openSqliteStore(join(folder, 'countersign.db'), now);
  const database = options.wrapStore ? options.wrapStore(opened) : opened;
  const { log: auditLog } = await openAudit(folder, database, [], now);
  const store = watched(database, () => auditLog, log);
  const organisation =
    typeof options.organisation === 'string'
      ? loadOrganisation(options.organisation, 'countersign.yml', options.templates)
      : options.organisation;
  let random = 0;
  const session = Math.random().toString(36).slice(2);
  const randomId = (): string => `${session}-token-${String(++random).padStart(12, '0')}`;
  const tokens = new Tokens(store, randomId);
  const blobs = openBlobs(join(folder, 'evidence'));
  const ground: Ground = { store, blobs, log, randomId };
  const ports = options.ports(ground);
  const services = createServices({
    store,
    blobs,
    organisation,
    ports,
    log,
    now,
    randomId,
    auditLog,
    playbooks: shelfOf(options.playbooks ?? 'playbooks'),
    commands,
    read: async (path, _size, read) => buildTimeline(await readFile(path), read),
    unpack,
    search: searchOver(blobs),
    canMail: Boolean(options.mail),
    model: options.model ?? null,
    assistantTokens: options.assistantTokens ?? 1_000_000,
    ...(options.chatRows ? { chatRows: options.chatRows } : {}),
    ...options.services,
  });
  const courier = new Courier({
    store,
    tokens,
    ports,
    blob: (sha256) => blobs.read(sha256),
    mail: options.mail ?? null,
    troubled: (key, isDelivered) => recordTrouble(services, key, isDelivered),
    ...(options.recordsShown ? { posted: (content, at) => recordShown(services, content, at) } : {}),
    now,
    log,
    render: (content) => renderLive(content, services),
  });
  const nudge = (): void => courier.nudge();
  const desk = createDesk({ services, tokens, root: 'ir', nudge });
  const scheduler = new Scheduler({ services, duties, log, nudge });
  return { ...ground, auditLog, organisation, services, courier, desk, scheduler, session };
}
