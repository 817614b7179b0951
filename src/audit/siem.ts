// Records as a SIEM reads them: OCSF JSON, RFC 5424 with structured data, CEF. Each record is one line, whatever is written in it.
import type { LedgerRecord, StoredRecord } from './record.ts';
import { formatSyslog, oneLine } from './syslog.ts';

/** Who sends: host name and the ledger's origin. */
export interface SiemSource {
  readonly host: string;
  readonly origin: string;
}

export type SiemFormat = 'ocsf' | 'syslog' | 'cef';

type SiemRecord = Pick<StoredRecord, 'record' | 'leafHash'>;

/** What a kind of record means to a SIEM. The first row whose prefix fits counts. `severity` is OCSF's: 1 informational to 5 critical. */
interface Meaning {
  readonly prefix: string;
  readonly severity: 1 | 2 | 3 | 4;
  /** OCSF status_id: 0 unknown, 1 success, 2 failure. */
  readonly status: 0 | 1 | 2;
}

const MEANINGS: readonly Meaning[] = [
  { prefix: 'approval.refused', severity: 3, status: 2 },
  { prefix: 'approval.denied', severity: 2, status: 2 },
  { prefix: 'execution.failed', severity: 4, status: 2 },
  { prefix: 'execution.unknown', severity: 4, status: 0 },
  { prefix: 'execution.started', severity: 1, status: 0 },
  { prefix: 'containment.disputed', severity: 3, status: 0 },
  { prefix: 'containment.stopped', severity: 3, status: 1 },
  { prefix: 'key.rotated', severity: 2, status: 1 },
  { prefix: 'text.erased', severity: 2, status: 1 },
  { prefix: '', severity: 1, status: 1 },
];

/** OCSF 1.3 Remediation Activity by the first word of an action; anything else is 99, other. */
const REMEDIATIONS: Readonly<Record<string, number>> = {
  isolate: 1,
  quarantine: 1,
  block: 1,
  disable: 2,
  revoke: 2,
  remove: 2,
  restore: 3,
  enable: 3,
  unblock: 3,
  release: 3,
  rotate: 4,
  patch: 4,
};

const SCHEMA_VERSION = '1.3.0';

/** One line of output in the format asked for, without line break. */
export function siemLine(stored: SiemRecord, format: SiemFormat, source: SiemSource): string {
  switch (format) {
    case 'ocsf':
      return ocsfLine(stored, source);
    case 'syslog':
      return syslogLine(stored, source);
    case 'cef':
      return cefLine(stored, source);
  }
}

/**
 * An OCSF 1.3 event: Remediation Activity 7001 for executions, Incident Finding 2005 for the incident's own state, API
 * Activity 6003 for everything else. `metadata.uid` is `seq:leaf hash`, so each event can be found in the ledger.
 */
export function toOcsf({ record, leafHash }: SiemRecord, { origin }: SiemSource): Readonly<Record<string, unknown>> {
  const { severity, status } = meaningOf(record.type);
  const user = { uid: actorId(record), name: record.actor.label, type: record.actor.kind };
  const special = specialOf(record, user);
  return {
    ...special,
    category_uid: Math.floor(special.class_uid / 1000),
    type_uid: special.class_uid * 100 + special.activity_id,
    time: Date.parse(record.ts),
    severity_id: severity,
    actor: { user },
    metadata: {
      version: SCHEMA_VERSION,
      product: { name: 'Countersign', vendor_name: 'Countersign' },
      uid: `${record.seq}:${hex(leafHash)}`,
      sequence: record.seq,
      event_code: record.type,
      log_name: origin,
      original_time: record.ts,
      ...(record.incident ? { correlation_uid: record.incident } : {}),
    },
    ...(special.class_uid === 2005 ? {} : { status_id: status }),
    message: titleOf(record),
    unmapped: { stream: record.stream, version: record.version, subject: record.subject, body: record.body },
  };
}

function specialOf(
  record: LedgerRecord,
  user: object,
): { class_uid: number; activity_id: number } & Record<string, unknown> {
  if (record.type.startsWith('execution.')) {
    return {
      class_uid: 7001,
      activity_id: remediationOf(record.body),
      command_uid: record.subject ?? String(record.seq),
    };
  }
  if (record.type.startsWith('incident.')) {
    const isOpening = record.type === 'incident.declared';
    const isClosing = record.type === 'incident.closed';
    return {
      class_uid: 2005,
      activity_id: isOpening ? 1 : isClosing ? 3 : 2,
      status_id: isOpening ? 1 : isClosing ? 5 : 2,
      finding_info_list: [{ uid: record.incident ?? record.stream, title: titleOf(record) }],
      assignee: user,
    };
  }
  return {
    class_uid: 6003,
    activity_id: activityOf(record.type),
    api: { operation: record.type, service: { name: 'countersign' }, response: { code: 0 } },
    src_endpoint: { svc_name: record.actor.platform },
    ...(record.subject ? { resources: [{ uid: record.subject, type: 'countersign' }] } : {}),
  };
}

/** Create, read, update or delete, from the past verb. */
function activityOf(type: string): number {
  const verb = type.slice(type.indexOf('.') + 1);
  if (/^(added|proposed|received|granted|started|opened)$/.test(verb)) return 1;
  if (/^(shown|viewed|exported|accessed|read)$/.test(verb)) return 2;
  return /^(erased|removed|disposed|withdrawn)$/.test(verb) ? 4 : 3;
}

function remediationOf(body: unknown): number {
  const action = (body as { action?: unknown } | null)?.action;
  const name = typeof action === 'string' ? action : (action as { type?: unknown } | null | undefined)?.type;
  return typeof name === 'string' ? (REMEDIATIONS[name.split(/[-_. ]/, 1)[0]!] ?? 99) : 99;
}

function ocsfLine(stored: SiemRecord, source: SiemSource): string {
  // What JSON leaves as it is (line separators, bidi, C1) is escaped too; inside a JSON string that is the same text.
  return oneLine(JSON.stringify(toOcsf(stored, source)));
}

function syslogLine({ record, leafHash }: SiemRecord, { host, origin }: SiemSource): string {
  return formatSyslog({
    // OCSF informational, low, medium, high as syslog informational, notice, warning, error.
    severity: 7 - meaningOf(record.type).severity,
    at: record.ts,
    host,
    messageId: record.type,
    data: {
      origin,
      seq: String(record.seq),
      leaf: hex(leafHash),
      actor: actorId(record),
      label: record.actor.label,
      incident: record.incident ?? '',
      subject: record.subject ?? '',
    },
    text: JSON.stringify(record.body),
  });
}

function cefLine({ record, leafHash }: SiemRecord, { host, origin }: SiemSource): string {
  const header = [
    'CEF:0',
    'Countersign',
    'Countersign',
    '1',
    record.type,
    titleOf(record),
    String(meaningOf(record.type).severity * 2),
  ];
  const extension: readonly (readonly [string, string])[] = [
    ['rt', String(Date.parse(record.ts))],
    ['dvchost', host],
    ['externalId', String(record.seq)],
    ['suid', actorId(record)],
    ['suser', record.actor.label],
    ['act', record.type],
    ['cs1Label', 'leafHash'],
    ['cs1', hex(leafHash)],
    ['cs2Label', 'incident'],
    ['cs2', record.incident ?? ''],
    ['cs3Label', 'subject'],
    ['cs3', record.subject ?? ''],
    ['cs4Label', 'origin'],
    ['cs4', origin],
    ['msg', JSON.stringify(record.body)],
  ];
  const pairs = extension.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${cefValue(value)}`);
  return `${header.map((part, i) => (i === 0 ? part : cefHeader(part))).join('|')}|${pairs.join(' ')}`;
}

// Controls first, so that the backslash they are written with is escaped like any other.
const cefHeader = (text: string): string => oneLine(text).replace(/[\\|]/g, '\\$&');
const cefValue = (text: string): string => oneLine(text).replace(/[\\=]/g, '\\$&');

function meaningOf(type: string): Meaning {
  return MEANINGS.find(({ prefix }) => type.startsWith(prefix))!;
}

function titleOf({ type, subject, incident }: LedgerRecord): string {
  return [type.replace('.', ' '), subject, incident].filter((part) => part !== null).join(' ');
}

function actorId({ actor }: LedgerRecord): string {
  return `${actor.platform}/${actor.tenant}/${actor.id}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
