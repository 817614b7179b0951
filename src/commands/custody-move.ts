// custody as it moves: collected, opened, handed over and received, kept until a date.
import { openCommitment } from '../audit/erasure.ts';
import { refOf } from '../chat/actor.ts';
import { fixed } from '../chat/outbox.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { actions, button, code, notice, text, untrusted, view } from '../view/build.ts';
import type { Field } from '../view/types.ts';
import { custodyIn, evidenceKey, keyOf } from './custody.ts';
import { custodyAct, form, line, said } from './custody-act.ts';
import { personFromArgs } from './people.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

async function transfer(call: Call): Promise<Answer> {
  const to = await personFromArgs(call, 'who');
  if (isRefusal(to)) return to;
  const [purpose, condition] = [one(call.args, 'purpose').trim(), one(call.args, 'condition').trim()];
  const key = keyOf(call);
  if (!to || purpose === '' || condition === '')
    return form(
      call,
      'audit transfer',
      `Hand ${key} over`,
      'Hand over',
      [
        { kind: 'person', name: 'who', label: 'To whom', isRequired: true, ...(to ? { value: to.id } : {}) } as Field,
        line('purpose', 'What for', purpose ? { value: purpose } : {}),
        line('condition', 'Condition', { hint: 'Sealed, opened, a copy on which medium' }),
      ],
      [text('You hold it until they say that they have it and give the SHA-256 they took.')],
    );
  const incident = incidentOf(call);
  const from = refOf(call.actor);
  const ask = view(`${from.label} hands ${key} of ${incident} over to you`, [
    notice('info', untrusted(from.label), ` hands ${key} of ${incident} over to you, for `, untrusted(purpose), '.'),
    text('Take its SHA-256 yourself, from what you were given, before you say that you have it.'),
    actions(button('I have it', 'audit receive', { incident, key }, { style: 'primary' })),
  ]);
  const done = await custodyAct(call, { kind: 'custody.offered', key, releasedBy: from, to, purpose, condition }, [
    {
      key: `custody/${incident}/${key}/offered/${call.event.id}`,
      message: { op: 'tell', to, content: fixed(ask) },
    },
  ]);
  return isRefusal(done) ? done : said(`${to.label} was asked to receive ${key}. Until they do, you hold it.`);
}

async function receive(call: Call): Promise<Answer> {
  const key = keyOf(call);
  const sha256 = one(call.args, 'sha256').trim().toLowerCase();
  if (sha256 === '')
    return form(call, 'audit receive', `Receive ${key}`, 'I have it', [
      line('sha256', 'SHA-256 as you took it just now'),
    ]);
  const offered = (await custodyIn(call, incidentOf(call))).get(key)?.offered;
  const done = await custodyAct(call, {
    kind: 'custody.transferred',
    key,
    releasedBy: offered?.releasedBy ?? refOf(call.actor),
    receivedBy: refOf(call.actor),
    purpose: offered?.purpose ?? '',
    condition: offered?.condition ?? '',
    sha256,
  });
  if (isRefusal(done)) return done.code === 'not-a-hash' ? { kind: 'errors', errors: { sha256: done.message } } : done;
  return done.isIntact
    ? said(`You hold ${key} now. Its hash is the one on record.`)
    : said(
        `You hold ${key} now, and THE HASH DIFFERS from the one on record. That is recorded too. Do not rely on it before somebody has explained it.`,
        'danger',
      );
}

async function access(call: Call): Promise<Answer> {
  const key = keyOf(call);
  const purpose = one(call.args, 'purpose').trim();
  if (purpose === '') return form(call, 'audit access', `Open ${key}`, 'Open', [line('purpose', 'What for')]);
  const item = (await custodyIn(call, incidentOf(call))).get(key);
  const name = item?.blobs[0];
  if (item && !name)
    return refuse(
      'not-here',
      `${key} is not kept in this system: ${item.holder?.label ?? 'nobody on record'} holds it.`,
    );
  // Looked for before the line is written: a line says that it was opened.
  const bytes = name && !item?.isDisposed ? await call.services.blobs.read(name) : null;
  const done = await custodyAct(call, { kind: 'custody.accessed', key, by: refOf(call.actor), purpose });
  if (isRefusal(done)) return done;
  if (!bytes || !name)
    return refuse(
      'not-here',
      `The bytes of ${key} are not in the data folder any more. Tell whoever keeps the server.`,
    );
  const words = `${key}, opened by you. A line says so, with what for.`;
  if (key.startsWith('TX-')) return said(words, 'info', [text(untrusted(openCommitment({ commitment: name }, bytes)))]);
  const shown = call.dossier?.evidence.items.find((i) => i.key === key);
  return {
    kind: 'private',
    view: view(words, [notice('info', words), text('SHA-256 ', code(name))]),
    file: { name: shown?.name.split('/').at(-1) || key, mediaType: 'application/octet-stream', bytes },
  };
}

async function collect(call: Call): Promise<Answer> {
  const get = (name: string): string => one(call.args, name).trim();
  if (get('sha256') === '')
    return form(
      call,
      'audit collect',
      'A collected original',
      'Put it on record',
      [
        {
          kind: 'choice',
          name: 'itemType',
          label: 'What',
          isRequired: true,
          choices: ITEM_TYPES.map((t) => ({ value: t, label: t.replace('-', ' ') })),
        },
        line('description', 'Description'),
        line('system', 'Source system'),
        line('location', 'Where it was', { isRequired: false }),
        line('collectedAt', 'Collected at, in UTC', { value: call.nowAt }),
        line('method', 'How', { hint: 'dd over a write blocker, snapshot by the hypervisor' }),
        line('tool', 'Tool and version', { isRequired: false }),
        line('authority', 'On whose authority, or with whose consent'),
        line('sha256', 'SHA-256'),
        line('sizeBytes', 'Size in bytes'),
        line('storageUri', 'Where it is kept'),
        {
          kind: 'choice',
          name: 'protection',
          label: 'Protected',
          isRequired: true,
          choices: PROTECTION.map((p) => ({ value: p, label: p })),
        },
      ],
      [text('For what is too large or too delicate for this system: it stays with you, and its chain is kept here.')],
    );
  const sizeBytes = Number(get('sizeBytes'));
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    return { kind: 'errors', errors: { sizeBytes: 'Write a whole number of bytes.' } };
  const taken = [...(await custodyIn(call, incidentOf(call))).keys()].filter((k) => k.startsWith('OR-'));
  const key = `OR-${taken.length + 1}`;
  const [name = '', ...version] = get('tool').split(/\s+/);
  const done = await custodyAct(call, {
    kind: 'custody.collected',
    key,
    itemType: ITEM_TYPES.find((t) => t === get('itemType')) ?? 'other',
    description: get('description'),
    source: { system: get('system'), owner: null, location: get('location') || null },
    collectedBy: refOf(call.actor),
    collectedAt: get('collectedAt'),
    sourceZone: null,
    clockOffsetMs: null,
    method: get('method'),
    tool: name ? { name, version: version.join(' ') } : null,
    command: null,
    authority: get('authority'),
    volatilityNote: null,
    sizeBytes,
    sha256: get('sha256').toLowerCase(),
    storageUri: get('storageUri'),
    protection: PROTECTION.find((p) => p === get('protection')) ?? 'none',
    accessList: [],
  });
  if (isRefusal(done))
    return done.code === 'not-a-hash' || done.code === 'not-a-time'
      ? { kind: 'errors', errors: { [done.code === 'not-a-hash' ? 'sha256' : 'collectedAt']: done.message } }
      : done;
  return said(`${key} is in custody, held by you.`);
}

const ITEM_TYPES = ['disk-image', 'memory-image', 'network-capture', 'device', 'file', 'other'] as const;
const PROTECTION = ['sealed', 'encrypted', 'none'] as const;

async function retain(call: Call): Promise<Answer> {
  const [until, reason] = [one(call.args, 'until').trim(), one(call.args, 'reason').trim()];
  const done = await custodyAct(call, { kind: 'custody.retained', key: keyOf(call), until, reason });
  return isRefusal(done) ? done : said(`${keyOf(call)} is kept until ${until} at least.`);
}

const reason = { name: 'reason', summary: 'Why', isRequired: true, isRest: true } as const;
const purpose = { name: 'purpose', summary: 'What for', isRequired: false, isRest: true } as const;
const base = { needsIncident: true, effect: 'record' } as const;

export const custodyMoves: readonly Command[] = [
  {
    ...base,
    name: 'audit access',
    summary: 'Open the exact bytes of evidence; a custody line says who and what for',
    args: [evidenceKey, purpose],
    examples: ['audit access EV-7 malware analysis'],
    who: 'responder',
    run: access,
  },
  {
    ...base,
    name: 'audit transfer',
    summary: 'Hand evidence over; the receiver takes the hash again',
    args: [evidenceKey, { name: 'who', summary: 'a mention', isRequired: false }, purpose],
    examples: ['audit transfer EV-7 @ife analysis'],
    who: 'responder',
    run: transfer,
  },
  {
    ...base,
    name: 'audit receive',
    summary: 'Receive what was handed over',
    args: [],
    examples: [],
    isHidden: true,
    who: 'participant',
    run: receive,
  },
  {
    ...base,
    name: 'audit collect',
    summary: 'Put an original on record that is kept elsewhere: a disk, a memory image',
    args: [],
    examples: ['audit collect'],
    who: 'responder',
    run: collect,
  },
  {
    ...base,
    name: 'audit retain',
    summary: 'Keep evidence until a date at least',
    args: [evidenceKey, { name: 'until', summary: 'Date such as 2027-11-20', isRequired: true }, reason],
    examples: ['audit retain EV-7 2027-11-20 contract with the insurer'],
    who: 'legal',
    run: retain,
  },
];
