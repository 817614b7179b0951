import { AT, type FormatSample } from './sample.ts';

const one = (name: string, value: object, format?: string, at: readonly string[] = [AT]): FormatSample => ({
  name,
  text: JSON.stringify(value),
  at,
  ...(format === undefined ? {} : { format }),
});
const trail = {
  eventVersion: '1.08',
  userIdentity: { type: 'IAMUser', sessionContext: { attributes: { creationDate: '2026-11-18T01:00:00Z' } } },
  eventTime: '2026-11-19T08:15:30Z',
  eventName: 'CreateAccessKey',
  sourceIPAddress: '192.0.2.7',
};
const later = { ...trail, eventTime: '2026-11-19T08:15:31Z' };
const BOTH = [AT, '2026-11-19T08:15:31.000Z'];

/** JSON of products and loggers: lines, pretty-printed, arrays, `Records[]`. */
export const JSON_SAMPLES: readonly FormatSample[] = [
  one('CloudTrail, the event and not the session', trail, 'cloudtrail'),
  { name: 'JSON lines', text: `${JSON.stringify(trail)}\n${JSON.stringify(later)}`, at: BOTH, format: 'cloudtrail' },
  { name: 'pretty-printed', text: JSON.stringify(trail, null, 2), at: [AT], format: 'cloudtrail' },
  { name: 'array, pretty-printed', text: JSON.stringify([trail, later], null, 2), at: BOTH },
  { name: 'Records, pretty-printed', text: JSON.stringify({ Records: [trail, later] }, null, 2), at: BOTH },
  {
    name: 'Records on one line: one line, the first time',
    text: JSON.stringify({ Records: [trail, later] }),
    at: [AT],
  },
  one(
    'Okta',
    { published: '2026-11-19T08:15:30.000Z', eventType: 'user.session.start', actor: { alternateId: 'k@example.org' } },
    'okta',
  ),
  one(
    'Entra sign-in',
    {
      createdDateTime: '2026-11-19T08:15:30Z',
      userPrincipalName: 'k@example.org',
      ipAddress: '192.0.2.7',
      status: { errorCode: 50126 },
    },
    'entra',
  ),
  one(
    'Azure activity',
    {
      time: '2026-11-19T08:15:30.0000000Z',
      operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE/ACTION',
      callerIpAddress: '192.0.2.7',
    },
    'azure-activity',
  ),
  one(
    'Microsoft 365 audit, UTC without Z',
    {
      CreationTime: '2026-11-19T08:15:30',
      Operation: 'UserLoggedIn',
      Workload: 'AzureActiveDirectory',
      UserId: 'k@example.org',
    },
    'm365-audit',
  ),
  one(
    'Defender',
    { Timestamp: '2026-11-19T08:15:30.0000000Z', DeviceName: 'ws-07', ActionType: 'ProcessCreated' },
    'defender',
  ),
  one(
    'GCP audit',
    {
      timestamp: '2026-11-19T08:15:30Z',
      receiveTimestamp: '2026-11-19T08:15:33Z',
      protoPayload: { methodName: 'SetIamPolicy' },
    },
    'gcp-audit',
  ),
  one(
    'Kubernetes audit',
    {
      apiVersion: 'audit.k8s.io/v1',
      verb: 'create',
      requestReceivedTimestamp: '2026-11-19T08:15:30.000000Z',
      stageTimestamp: '2026-11-19T08:15:32.000000Z',
    },
    'kubernetes-audit',
  ),
  one(
    'GitHub audit',
    { '@timestamp': 1795076130000, action: 'repo.destroy', actor: 'k', org: 'example', actor_ip: '192.0.2.7' },
    'github-audit',
  ),
  one(
    'Suricata',
    {
      timestamp: '2026-11-19T08:15:30.000000+0000',
      flow_id: 1,
      event_type: 'alert',
      src_ip: '192.0.2.7',
      alert: { signature: 'x' },
    },
    'suricata',
  ),
  one(
    'CrowdStrike',
    {
      metadata: { eventType: 'DetectionSummaryEvent', eventCreationTime: 1795076130000 },
      event: { ComputerName: 'ws-07' },
    },
    'crowdstrike',
  ),
  one(
    'GuardDuty, first seen',
    {
      type: 'Recon:EC2/PortProbeUnprotectedPort',
      updatedAt: '2026-11-19T09:00:00Z',
      createdAt: '2026-11-19T08:30:00Z',
      service: { eventFirstSeen: '2026-11-19T08:15:30Z', eventLastSeen: '2026-11-19T08:59:00Z' },
    },
    'guardduty',
  ),
  one(
    'MongoDB',
    { t: { $date: '2026-11-19T09:15:30.000+01:00' }, s: 'I', c: 'ACCESS', msg: 'Authentication failed' },
    'mongodb',
  ),
  one('pino', { level: 30, time: 1795076130000, pid: 1, hostname: 'web-01', msg: 'ready' }),
  one(
    'bunyan',
    { name: 'shop', hostname: 'web-01', pid: 1, level: 30, msg: 'ready', time: '2026-11-19T08:15:30.000Z', v: 0 },
    'bunyan',
  ),
  one('zap', { level: 'info', ts: 1795076130.0, caller: 'a/b.go:1', msg: 'ready' }),
  one(
    'ECS',
    { '@timestamp': '2026-11-19T08:15:30.000Z', 'ecs.version': '1.6.0', 'log.level': 'info', message: 'ready' },
    'ecs',
  ),
  one('OpenTelemetry', {
    resourceLogs: [
      { scopeLogs: [{ logRecords: [{ timeUnixNano: '1795076130000000000', body: { stringValue: 'ready' } }] }] },
    ],
  }),
  one('OpenTelemetry, observed later', {
    observedTimeUnixNano: '1795076190000000000',
    timeUnixNano: '1795076130000000000',
  }),
  one('date, time and zone in fields of their own', { Date: '11/19/2026', Time: '9:15:30 AM', TimeZone: '+01:00' }),
  one('a time of day alone', { level: 'info', time: '08:15:30', msg: 'ready' }, undefined, [
    '2026-11-20T08:15:30.000Z',
  ]),
  one('a naive eventTime that no product makes UTC', { EventTime: '2026-11-19 08:15:30', Hostname: 'dc-9' }),
];
