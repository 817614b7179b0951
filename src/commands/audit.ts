// audit: the record of everything: list, check, receipts, export.
import type { LedgerRecord, StoredRecord } from '../audit/record.ts';
import { maskSecrets } from '../evidence/secrets.ts';
import { isRevealed } from '../exercise/decide.ts';
import { humanKey } from '../organisation/people.ts';
import { refuse } from '../refusal.ts';
import {
  actions,
  button,
  code,
  context,
  fields,
  notice,
  prose,
  strong,
  table,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

const PAGE = 25;
const FORMATS = ['jsonl', 'csv', 'md'] as const;

const FINGERPRINT = /^[0-9a-f]{40,}$/;

/** The plain values of a record, for a look; everything is in the export. */
/** The name of a person a record is about; null for anything else. */
const labelOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'label' in value && typeof value.label === 'string'
    ? value.label
    : null;

function summary({ body }: LedgerRecord): string {
  const plain = Object.entries(typeof body === 'object' && body !== null ? body : {}).flatMap(([name, value]) => {
    const shown = labelOf(value) ?? value;
    return (typeof shown === 'string' && shown !== '' && !FINGERPRINT.test(shown)) || typeof shown === 'number'
      ? [`${name}: ${shown}`]
      : [];
  });
  return clip(plain.join(', '), 90);
}

/** Records of the incident, or of everything for an auditor outside one. */
async function recordsOf(call: Call, filter: string, limit?: number): Promise<readonly StoredRecord[]> {
  const incident = call.dossier?.incident.key;
  return call.services.store.find({
    ...(incident ? { incident } : {}),
    ...(filter ? { typePrefix: filter } : {}),
    ...(limit ? { limit } : {}),
    newestFirst: limit !== undefined,
  });
}

/** Somebody who plays in an exercise that still runs: what it planted is theirs to find out. */
const isAhead = ({ dossier, person }: Call): boolean =>
  dossier !== null && dossier.exercise.planted.length > 0 && !isRevealed(dossier) && !person?.roles.includes('auditor');

async function show(call: Call): Promise<Answer> {
  if (!call.dossier && !call.person?.roles.includes('auditor'))
    return refuse(
      'not-permitted',
      'Outside an incident the record is for auditors. Run this in an incident\u2019s channel to see its record.',
    );
  const filter = one(call.args, 'filter').trim();
  const all = await recordsOf(call, filter, PAGE);
  const records = isAhead(call) ? all.filter(({ record }) => !record.type.startsWith('exercise.')) : all;
  const status = call.services.auditLog.status();
  const incident = call.dossier?.incident.key ?? '';
  return {
    kind: 'private',
    view: view(`The record: ${status.size} records, ${status.signedSize} signed`, [
      fields({
        Records: String(status.size),
        'Signed up to': `${status.signedSize}`,
        'Anchored up to': `${status.anchoredSize}`,
        Anchors: status.anchors.map((a) => `${a.name}: ${a.failure ?? `${a.size} records`}`).join('; ') || 'none',
      }),
      ...(status.halted ? [notice('danger', strong('Signing has stopped. '), status.halted)] : []),
      table(
        `Newest ${records.length} records${filter ? ` of ${filter}` : ''}${incident ? ` of ${incident}` : ''}`,
        ['seq', 'when', 'who', 'what', 'about', 'content'],
        records.map(({ record }) => [
          code(String(record.seq)),
          time(record.ts),
          untrusted(record.actor.label),
          record.type,
          record.subject ?? '',
          untrusted(summary(record)),
        ]),
      ),
      actions(
        button('Verify', 'audit verify', { incident }, { style: 'primary' }),
        button('Export JSON Lines', 'audit export', { incident, format: 'jsonl' }),
        button('Export CSV', 'audit export', { incident, format: 'csv' }),
      ),
      ...(isAhead(call) ? [context('Records of the exercise itself are shown here when it is closed.')] : []),
    ]),
  };
}

async function verify(call: Call): Promise<Answer> {
  const { auditLog } = call.services;
  try {
    await auditLog.check();
    await auditLog.sign();
  } catch (error) {
    return {
      kind: 'private',
      view: view(
        'The record does NOT verify',
        [
          notice('danger', strong('The record does not verify. '), untrusted((error as Error).message)),
          text('Do not go on working in this data folder. Keep it as it is, and compare it with the newest anchor.'),
        ],
        'danger',
      ),
    };
  }
  const status = auditLog.status();
  return {
    kind: 'private',
    view: view(
      'The record verifies',
      [
        notice(
          'good',
          `Every one of ${status.size} records has the bytes its leaf hash says, and they give the signed head.`,
        ),
        ...(status.newest
          ? [
              fields({
                'Signed head': code(`${status.newest.size} ${Buffer.from(status.newest.root).toString('base64')}`),
                'Anchored up to': String(status.anchoredSize),
              }),
            ]
          : []),
        context(
          'Somebody who trusts nobody can do this without us: export a bundle with "countersign audit export" and see docs/audit.md.',
        ),
      ],
      'good',
    ),
  };
}

const csvCell = (value: string): string =>
  `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

const writers: Readonly<Record<(typeof FORMATS)[number], (records: readonly StoredRecord[]) => string>> = {
  // The exact canonical bytes, one record a line: the leaf hashes can be made from them.
  jsonl: (records) => records.map((r) => `${Buffer.from(r.bytes).toString('utf8')}\n`).join(''),
  csv: (records) =>
    [
      'seq,ts,type,actor,incident,subject,leaf_hash,body',
      ...records.map(({ record: r, leafHash }) =>
        [
          String(r.seq),
          r.ts,
          r.type,
          `${r.actor.label} (${r.actor.platform}/${r.actor.tenant}/${r.actor.id})`,
          r.incident ?? '',
          r.subject ?? '',
          Buffer.from(leafHash).toString('hex'),
          JSON.stringify(r.body),
        ]
          .map((cell) => csvCell(maskSecrets(cell)))
          .join(','),
      ),
    ]
      .join('\r\n')
      .concat('\r\n'),
  md: (records) =>
    [
      '# Record',
      '',
      '| seq | when | who | what | about | leaf hash |',
      '|---|---|---|---|---|---|',
      ...records.map(
        ({ record: r, leafHash }) =>
          `| ${r.seq} | ${r.ts} | ${r.actor.label.replace(/[|\\<>&`[\]]/g, '\\$&')} | ${r.type} | ${r.subject ?? ''} | ${Buffer.from(leafHash).toString('hex').slice(0, 16)} |`,
      ),
      '',
    ].join('\n'),
};

async function exportRecords(call: Call): Promise<Answer> {
  const { services, dossier } = call;
  const format = FORMATS.find((f) => f === one(call.args, 'format').toLowerCase()) ?? 'jsonl';
  if (!dossier) return { kind: 'none' };
  const incident = dossier.incident.key;
  if (isAhead(call))
    return refuse(
      'exercise-running',
      'The record of an exercise leaves when it is closed, so that nobody reads ahead. An auditor may export it now.',
    );
  const records = await recordsOf(call, '');
  const bytes = new TextEncoder().encode(writers[format](records));
  const sha256 = await services.blobs.keep(bytes);
  const name = `${incident.toLowerCase()}-record.${format}`;
  await services.act(incident, call.recordActor, () => ({
    records: [
      {
        type: 'audit.exported',
        body: {
          format,
          name,
          sha256,
          records: records.length,
          to: humanKey(services.organisation.organisation, call.actor),
        },
      },
    ],
  }));
  const mediaType = { jsonl: 'application/x-ndjson', csv: 'text/csv', md: 'text/markdown' }[format];
  return {
    kind: 'private',
    view: view(`${name}: ${records.length} records`, [
      text(prose(`${records.length} records, SHA-256 `)[0] ?? '', code(sha256), '. This export is on record too.'),
    ]),
    file: { name, mediaType, bytes },
  };
}

async function receipt(call: Call): Promise<Answer> {
  const subject = one(call.args, 'key').toUpperCase();
  const records = (await recordsOf(call, '')).filter(({ record }) => record.subject === subject);
  const decision =
    records.findLast(({ record }) => /^approval\.(granted|denied)|^containment\.(approved|denied)/.test(record.type)) ??
    records.at(-1);
  if (!decision)
    return refuse('no-such-key', `There is no record about ${subject || 'nothing'}. Use a key such as CA-1.`);
  const bytes = new TextEncoder().encode(await call.services.auditLog.receipt(decision.record.seq));
  return {
    kind: 'private',
    view: view(`Receipt of ${subject}`, [
      text(
        `The proof that record ${decision.record.seq} (${decision.record.type}) is in the signed ledger. It can be checked offline with the public key.`,
      ),
    ]),
    file: { name: `${subject.toLowerCase()}.tlog-proof`, mediaType: 'text/plain', bytes },
  };
}

export const audit: readonly Command[] = [
  {
    name: 'audit',
    summary: 'The record: who did what, signed',
    args: [{ name: 'filter', summary: 'Start of a record type, such as incident or timeline', isRequired: false }],
    examples: ['audit', 'audit containment'],
    effect: 'read',
    who: 'participant',
    needsIncident: false,
    run: show,
  },
  {
    name: 'audit verify',
    summary: 'Check every record against the signed head',
    args: [],
    examples: ['audit verify'],
    effect: 'read',
    who: 'participant',
    needsIncident: false,
    run: verify,
  },
  {
    name: 'audit export',
    summary: 'The record of this incident as a file',
    args: [{ name: 'format', summary: FORMATS.join(', '), isRequired: false, choices: FORMATS }],
    examples: ['audit export csv'],
    effect: 'record',
    who: 'export',
    needsIncident: true,
    run: exportRecords,
  },
  {
    name: 'audit receipt',
    summary: 'The proof of one decision',
    args: [{ name: 'key', summary: 'Key such as CA-1', isRequired: true }],
    examples: ['audit receipt CA-1'],
    effect: 'read',
    who: 'participant',
    needsIncident: true,
    run: receipt,
  },
];
