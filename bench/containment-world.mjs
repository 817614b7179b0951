// The whole of containment on a folder, for programs that race, kill and time it: real store, real ledger, real HTTP, no chat.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { fileAnchor } from '../dist/src/audit/anchors.js';
import { openAudit } from '../dist/src/audit/open.js';
import { watched } from '../dist/src/audit/watched.js';
import { createDesk } from '../dist/src/chat/desk.js';
import { Tokens } from '../dist/src/chat/tokens.js';
import { commands } from '../dist/src/commands/registry.js';
import { createServices } from '../dist/src/commands/services.js';
import { Executions } from '../dist/src/containment/executions.js';
import { openWebhookSecrets } from '../dist/src/containment/secrets.js';
import { createWebhookExecutor, receiptFor } from '../dist/src/containment/webhook.js';
import { openBlobs } from '../dist/src/evidence/blobs.js';
import { loadOrganisation } from '../dist/src/organisation/load.js';
import { openSqliteStore } from '../dist/src/store/sqlite.js';

export const ROOM = { platform: 'web', tenant: 'local', id: 'torture' };

const person = (id) => ({ platform: 'web', tenant: 'local', id, label: id, standing: 'member' });
const placeOf = ({ platform, tenant, id }) => `${platform}/${tenant}/${id}`;
const nobodyListens = {
  platform: 'web',
  capabilities: {},
  resolvePerson: async ({ id, tenant }) => ({ principal: { ...person(id), tenant } }),
};

/** The sample organisation, with isolate-host sent to `url` and no limit on how fast people propose. */
function organisationFor(url) {
  const changes = [
    ['\nactions:\n', `\nwebhooks:\n  soar: { url: "${url}", allow_private: true, timeout_seconds: 2 }\n\nactions:\n`],
    ['executor: { kind: manual }', 'executor: { kind: webhook, webhook: soar }'],
    ['  enabled: true', '  enabled: true\n  max_open: 100\n  flood: { requests: 1000000, minutes: 1 }'],
  ];
  const text = changes.reduce(
    (now, [from, to]) => {
      if (!now.includes(from)) throw new Error(`the sample organisation has no "${from}"`);
      return now.replace(from, to);
    },
    readFileSync(join(import.meta.dirname, '..', 'countersign.example.yml'), 'utf8'),
  );
  return loadOrganisation(text, 'torture.yml');
}

/** Opens the folder as a server would: the audit log checks every record, every head and the anchor, or throws. */
export async function openWorld(
  folder,
  url,
  { onAppend = (append) => append(), log = pino({ level: 'silent' }) } = {},
) {
  const database = openSqliteStore(join(folder, 'countersign.db'), Date.now);
  const { log: auditLog } = await openAudit(folder, database, [fileAnchor(join(folder, 'anchors'))], Date.now);
  const signed = watched(database, () => auditLog, log);
  const store = { ...signed, append: (appends, outbox) => onAppend(() => signed.append(appends, outbox)) };
  const organisation = organisationFor(url);
  const randomId = () => randomBytes(24).toString('base64url');
  let executions = null;
  const services = createServices({
    store,
    blobs: openBlobs(folder),
    organisation,
    ports: new Map([['web', nobodyListens]]),
    log,
    now: Date.now,
    randomId,
    auditLog,
    playbooks: () => ({ playbooks: new Map(), problems: [] }),
    commands,
    nudgeExecutions: (incident) => executions?.nudge(incident),
    read: async () => null,
    unpack: async () => null,
    search: async () => ({ hits: [], hasMore: false }),
  });
  executions = new Executions(
    services,
    createWebhookExecutor({
      webhooks: () => organisation.organisation.webhooks,
      secret: openWebhookSecrets(folder, ['soar']),
      receipt: (grant) => receiptFor(store, auditLog, grant),
      now: Date.now,
    }),
  );
  const tokens = new Tokens(store, randomId);
  const desk = createDesk({ services, tokens, root: 'ir', nudge: () => {} });
  let events = 0;
  const came = (who) => ({
    id: `${process.pid}-${randomId()}-${(events += 1)}`,
    actor: person(who),
    conversation: ROOM,
  });
  const where = (who) => ({ place: placeOf(ROOM), holder: placeOf(person(who)) });
  const args = (incident, c) => ({ incident, request: c.key, digest: c.digest });

  return {
    services,
    executions,
    auditLog,
    store,
    async open(incident) {
      const actor = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira' };
      const body = {
        key: incident,
        title: 'Torture',
        codename: null,
        kind: 'live',
        severity: 'SEV3',
        summary: '',
        zone: null,
        isPrivate: false,
        detectedAt: null,
        conversation: ROOM,
      };
      await store.append([
        {
          stream: incident,
          expectedVersion: 0,
          incident,
          actor,
          records: [{ type: 'incident.declared', subject: incident, body }],
        },
      ]);
    },
    async propose(incident, target) {
      const { token } = await tokens.forForm(
        {
          title: '',
          intro: [],
          fields: [],
          submitLabel: '',
          intent: { verb: 'contain propose', args: { incident, action: 'isolate-host' } },
        },
        where('tomas'),
      );
      const values = {
        targets: target,
        'param.keep-management': 'true',
        reason: 'It talks to a bad address.',
        'keep.sessions': 'kept',
        'keep.sessions.note': 'EV-1',
      };
      return desk.handle({ kind: 'submit', ...came('tomas'), token, values });
    },
    /** A button as the full text of a request shows it to one person; press it with `press`. */
    async button(who, incident, c, verb = 'contain approve') {
      const button = { label: 'x', style: 'normal', intent: { verb, args: { ...args(incident, c), full: 'yes' } } };
      const shown = await tokens.forView(
        { summary: '', tone: null, elements: [{ kind: 'actions', buttons: [button] }] },
        where(who),
      );
      return { who, token: shown.tokens[0] };
    },
    press: ({ who, token }) => desk.handle({ kind: 'click', ...came(who), token, message: null }),
    /** A denial ready to be sent: call what it gives. */
    async denial(who, incident, c) {
      const intent = { verb: 'contain deny', args: args(incident, c) };
      const { token } = await tokens.forForm({ title: '', intro: [], fields: [], submitLabel: '', intent }, where(who));
      return () => desk.handle({ kind: 'submit', ...came(who), token, values: { reason: 'No.' } });
    },
    async close() {
      await executions.stop();
      await auditLog.close();
      await store.close();
    },
  };
}
