// JSON records: one object, the first of an array, or an envelope whose text holds the record.
import { findDated, headOffset } from '../stamp/find.ts';
import { inCarrier } from './carrier.ts';
import { scanJson } from './json-scan.ts';
import { levelOf, levelOfTens } from './level.ts';
import type { Reading } from './reading.ts';
import { stampOfFields, stampOfParts } from './time-keys.ts';

/** Products by a field that only they have, most telling first. */
const PRODUCTS: readonly (readonly [name: string, path: RegExp])[] = [
  ['cloudtrail', /(?:^|\.)eventVersion$|(?:^|\.)userIdentity\./],
  ['kubernetes-audit', /(?:^|\.)requestReceivedTimestamp$/],
  ['journald-json', /^__REALTIME_TIMESTAMP$/],
  ['gcp-audit', /(?:^|\.)protoPayload\./],
  ['okta', /(?:^|\.)actor\.alternateId$/],
  ['evtx-json', /(?:^|\.)Event\.System\.|^win\.system\./],
  ['winlogbeat', /^winlog\./],
  ['suricata', /^flow_id$|^event_type$/],
  ['zeek-json', /^id\.orig_h$/],
  ['guardduty', /(?:^|\.)service\.eventFirstSeen$/],
  ['entra', /^userPrincipalName$|^properties\.userPrincipalName$/],
  ['m365-audit', /(?:^|\.)UserId$|(?:^|\.)Workload$/],
  ['azure-activity', /^operationName$|^callerIpAddress$/],
  ['defender', /^DeviceName$|^ActionType$/],
  ['crowdstrike', /^metadata\.eventType$/],
  ['github-audit', /^actor_ip$|^org$/],
  ['mongodb', /^t\.\$date$/],
  ['docker-json', /^stream$/],
  ['ecs', /^ecs\.version$|^event\.(?:category|action|dataset)/],
  ['bunyan', /^v$/],
];

const MESSAGE_PATHS = [
  'msg',
  'message',
  'MESSAGE',
  'log',
  'Message',
  'event.original',
  'textPayload',
  'body',
  'Body',
  'short_message',
  'line',
  'raw',
  '_raw',
  'data.message',
];
const LEVEL_PATHS = [
  'level',
  'lvl',
  'severity',
  'log.level',
  'levelname',
  'loglevel',
  'Level',
  's',
  'severityText',
  'SeverityText',
  'PRIORITY',
];
const UTC_PRODUCTS = new Set(['m365-audit', 'cloudtrail', 'defender', 'evtx-json', 'guardduty', 'entra']);

/** Reads the JSON value that begins at `from`; null when it holds no field. `inner` reads the text that an envelope carries. */
export function readJson(text: string, from: number, inner: (text: string) => Reading | null): Reading | null {
  const { fields } = scanJson(text, from);
  const paths = Object.keys(fields);
  if (paths.length === 0) return null;
  const product = PRODUCTS.find(([, pattern]) => paths.some((path) => pattern.test(path)))?.[0] ?? 'json';
  const messagePath = MESSAGE_PATHS.find((path) => typeof fields[path] === 'string' && fields[path] !== '');
  const message = messagePath === undefined ? text.slice(from) : (fields[messagePath] ?? '');
  const best = stampOfFields(fields);
  // A date and a time in fields of their own are one stamp; a field that means the event itself still wins.
  let stamp = (best === null || best.rank >= 10 ? stampOfParts(fields) : null) ?? best?.stamp ?? null;
  if (stamp && stamp.offsetMinutes === null && stamp.epochMs === null && UTC_PRODUCTS.has(product))
    stamp = { ...stamp, offsetMinutes: 0, zone: 'source' };
  if (
    messagePath !== undefined &&
    (messagePath === 'log' || messagePath === 'line' || messagePath === 'raw' || stamp === null)
  ) {
    const held = heldRecord(message, inner);
    if (held?.stamp) {
      const own = stamp === null || held.stamp.timeOnly ? held : inCarrier(held, stamp);
      return { ...own, fields: { ...fields, ...held.fields } };
    }
  }
  const level = levelPath(fields);
  if (level) fields['level'] = level;
  return { format: product, stamp, message, fields };
}

function heldRecord(message: string, inner: (text: string) => Reading | null): Reading | null {
  const head = headOffset(message);
  const isJson = message.trimStart().startsWith('{');
  const stamp = isJson ? null : findDated(message, 0, head + 40);
  if (!isJson && !(stamp && stamp.start <= head + 24)) return null;
  return inner(message.trimEnd());
}

function levelPath(fields: Readonly<Record<string, string>>): string | null {
  for (const path of LEVEL_PATHS) {
    const value = fields[path];
    if (value === undefined) continue;
    const level =
      levelOf(value) ??
      levelOfTens(value) ??
      (value.length === 1
        ? ({ I: 'info', W: 'warning', E: 'error', F: 'critical', D: 'debug' } as Record<string, string>)[value]
        : null);
    if (level) return level;
  }
  return null;
}
