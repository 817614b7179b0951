// log: bytes in, a receipt, a preview, then events and indicators on the incident's timeline.

import { placeOf } from '../chat/tokens.ts';
import type { HeldBytes } from '../chat/types.ts';
import type { Evidence, EvidenceRecord } from '../evidence/types.ts';
import { byRank, previewForm } from '../evidence/view.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { decideTimeline } from '../timeline/decide.ts';
import { type Addition, isWorthALook } from '../timeline/event.ts';
import { spotOf } from '../timeline/spot.ts';
import type { ReadOptions } from '../timeline/types.ts';
import { actions, button, context, notice, text, untrusted, view } from '../view/build.ts';
import { afterEvidence } from './assist-auto.ts';
import { readEvidence, readOptions } from './evidence.ts';
import { findInLogs, showLine } from './log-find.ts';
import { indicators, listEvidence } from './log-list.ts';
import { zoneOf } from './reading.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, many, one } from './types.ts';

const encoder = new TextEncoder();

/** What a call delivers: files first, then typed text, then the message it points at. */
function deliveries(call: Call): readonly {
  readonly name: string;
  readonly how: 'paste' | 'upload' | 'message';
  readonly bytes: Uint8Array | HeldBytes;
  readonly deliveredBytes?: Uint8Array;
  readonly message: string | null;
}[] {
  const { event } = call;
  if (call.files.length > 0)
    return call.files.map((f) => ({
      name: f.name,
      how: f.isPaste ? 'paste' : 'upload',
      bytes: f.bytes,
      ...(f.delivered ? { deliveredBytes: f.delivered } : {}),
      message: null,
    }));
  const pasted = one(call.args, 'text');
  const delivered = event.kind === 'command' ? event.delivered : undefined;
  if (pasted !== '')
    return [
      {
        name: 'paste',
        how: 'paste',
        bytes: encoder.encode(pasted),
        ...(delivered === undefined ? {} : { deliveredBytes: encoder.encode(delivered) }),
        message: null,
      },
    ];
  if (event.kind === 'shortcut' || event.kind === 'reaction') {
    const { ref, text: said, bytes } = event.message;
    return [
      {
        name: 'message',
        how: 'message',
        bytes: encoder.encode(said),
        ...(bytes ? { deliveredBytes: bytes } : {}),
        message: `${placeOf(ref.conversation)}/${ref.id}`,
      },
    ];
  }
  return [];
}

const FILE_FIELD = {
  kind: 'file',
  name: 'file',
  label: 'or choose files (.gz, .zip and .evtx are unpacked)',
  isRequired: false,
} as const;

/** Keeps what a call delivers and begins to read it; without anything, gives the form. */
export async function take(call: Call): Promise<Answer> {
  const incident = incidentOf(call);
  const given = deliveries(call);
  if (given.length === 0) {
    const takesFiles = call.services.capabilities(call.event.conversation.platform).hasChannelFiles;
    return {
      kind: 'form',
      form: {
        title: 'Add logs',
        submitLabel: 'Read',
        intent: { verb: 'log', args: { incident } },
        intro: [
          text(
            'Any mix of formats. The exact bytes are kept and hashed first; you see a receipt and a preview before anything is added.',
          ),
          ...(takesFiles
            ? []
            : [
                context(
                  `This platform hands an app no files of a channel or a form. Send a file in your private chat with me, with the words: ${incident} log`,
                ),
              ]),
        ],
        fields: [
          { kind: 'paragraph', name: 'text', label: 'Paste lines here', isRequired: false },
          ...(takesFiles ? [FILE_FIELD] : []),
          {
            kind: 'line',
            name: 'zone',
            label: 'Zone of times that state none',
            hint: 'An IANA name such as Europe/Berlin',
            isRequired: false,
            value: zoneOf(call),
          },
        ],
      },
    };
  }
  const options = readOptions(call, one(call.args, 'zone'));
  if (isRefusal(options)) return options;
  const received = await call.services.intake.receive(incident, call.recordActor, given, options);
  if (isRefusal(received)) return received;
  const known = received.kept.filter((r) => r.isKnown);
  const fresh = received.kept.filter((r) => !r.isKnown);
  return {
    kind: 'private',
    view: view(
      fresh.length > 0
        ? `${fresh.map((r) => r.key).join(', ')} received`
        : `${known.map((r) => r.key).join(', ')} was here already`,
      [
        ...(fresh.length > 0
          ? [
              notice(
                'good',
                fresh.length === 1
                  ? `${fresh[0]?.key} is kept. The receipt in the channel counts up while it is read.`
                  : `${fresh.map((r) => r.key).join(', ')} are kept. The receipts in the channel count up while they are read.`,
              ),
            ]
          : []),
        ...(known.length > 0
          ? [
              notice(
                'info',
                `The same bytes are here already as ${known.map((r) => r.key).join(', ')}: nothing was added twice.`,
              ),
            ]
          : []),
        ...received.refused.map((r) => notice('warning', untrusted(r.message))),
      ],
    ),
  };
}

const additionOf = (call: Call, evidence: string): Addition | null =>
  call.dossier?.timeline.additions.find((a) => a.evidence === evidence) ?? null;

/** What a choice is made from: the reading that stands on the timeline, else the latest. */
async function choosable(call: Call) {
  const read = await readEvidence(call);
  if (isRefusal(read)) return read;
  const addition = additionOf(call, read.item.key);
  const result = addition?.result ?? read.item.reading?.result ?? '';
  const standing = addition ? await call.services.intake.result(addition.result) : null;
  return { item: read.item, timeline: standing ?? read.timeline, addition, result };
}

async function preview(call: Call): Promise<Answer> {
  const read = await choosable(call);
  if (isRefusal(read)) return read;
  const { item, timeline, addition } = read;
  return {
    kind: 'form',
    form: previewForm(item, incidentOf(call), timeline, item.reading?.options.zone ?? zoneOf(call), addition),
  };
}

async function add(call: Call): Promise<Answer> {
  const read = await choosable(call);
  if (isRefusal(read)) return read;
  const incident = incidentOf(call);
  const zone = one(call.args, 'zone').trim();
  if (zone !== '' && zone !== one(call.args, 'previewedZone')) {
    const options = readOptions(call, zone);
    if (isRefusal(options)) return { kind: 'errors', errors: { zone: options.message } };
    return restampPreview(call, read.item, { ...options, zoneIsKnown: true });
  }
  const which = one(call.args, 'which') || 'worth';
  const lines =
    which === 'all'
      ? null
      : which === 'none'
        ? []
        : which === 'chosen'
          ? many(call.args, 'events').map(Number)
          : byRank(read.timeline.events).filter(isWorthALook).map(spotOf);
  const chosen = lines === null ? null : [...new Set(lines)].sort((a, b) => a - b);
  const { result } = read;
  const wanted = new Set(many(call.args, 'indicators'));
  const indicators = read.timeline.indicators.filter((i) => wanted.has(`${i.type}:${i.value}`));
  const done = await call.services.act(incident, call.recordActor, (dossier) => {
    const fresh = indicators.filter(
      (i) => !dossier.evidence.indicators.some((c) => c.type === i.type && c.value === i.value),
    );
    const confirmed: EvidenceRecord[] = fresh.map((i) => ({
      type: 'indicator.confirmed',
      body: { type: i.type, value: i.value, evidence: read.item.key },
      subject: read.item.key,
    }));
    if (which === 'none') return { records: confirmed };
    const records = decideTimeline(
      { do: 'add', evidence: read.item.key, result, lines: chosen },
      dossier.timeline,
      () => true,
    );
    if (isRefusal(records)) return records;
    return { records: [...records, ...confirmed], say: call.services.receiptAgain(dossier, read.item.key, 'added') };
  });
  if (isRefusal(done)) return done;
  if (which !== 'none') await afterEvidence(call.services, incident);
  const before = read.addition?.lines ?? [];
  const all = read.timeline.events.length;
  const count = chosen === null ? all - before.length : chosen.filter((line) => !before.includes(line)).length;
  const left = which === 'none' ? 0 : all - before.length - count;
  return {
    kind: 'private',
    view: view(
      `${count === 1 ? 'One event' : `${count.toLocaleString('en-US')} events`} added from ${read.item.key}`,
      [
        notice(
          'good',
          which === 'none'
            ? `Nothing was added; ${read.item.key} is kept.`
            : `${count === 1 ? 'One event' : `${count.toLocaleString('en-US')} events`} of ${read.item.key} ${count === 1 ? 'was' : 'were'} put on the timeline${indicators.length > 0 ? `, ${indicators.length === 1 ? 'one indicator is' : `${indicators.length} indicators are`} kept` : ''}.`,
        ),
        ...(left > 0 ? [context(leftWords(left, all, read.item.key))] : []),
        actions(
          button('Show timeline', 'timeline', { incident }),
          ...(left > 0 ? [button('Add more', 'log preview', { incident, evidence: read.item.key })] : []),
          button('Ask the assistant', 'finding menu', { incident }),
        ),
      ],
      'good',
    ),
  };
}

/** What a choice left out, and how it is reached. */
const leftWords = (left: number, all: number, evidence: string): string =>
  `${left.toLocaleString('en-US')} of its ${all.toLocaleString('en-US')} events were not chosen. They stay in ${evidence}: "log find" searches every line, "Add more" puts them on the timeline.`;

/** Reads again under another assumption and shows the preview of that. */
async function restampPreview(call: Call, item: Evidence, options: ReadOptions): Promise<Answer> {
  const { timeline, reading } = await call.services.intake.derive(item, options);
  const { assumed, manipulationLines } = timeline.receipt;
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => ({
    records: [
      {
        type: 'evidence.read',
        subject: item.key,
        body: { key: item.key, reading, assumed, manipulationLines: manipulationLines.slice(0, 200) },
      },
    ],
    say: call.services.receiptAgain(dossier, item.key, `read-${reading.result.slice(0, 12)}`),
  }));
  if (isRefusal(done)) return done;
  return { kind: 'form', form: previewForm({ ...item, reading }, incidentOf(call), timeline, options.zone) };
}

const evidenceArg = { name: 'evidence', summary: 'Key such as EV-2', isRequired: true } as const;
const base = { effect: 'record', who: 'responder', needsIncident: true } as const;

export const log: readonly Command[] = [
  {
    ...base,
    name: 'log',
    summary: 'Add logs: paste, upload, or nothing for the form',
    args: [{ name: 'text', summary: 'Lines of a log', isRequired: false, isRest: true }],
    examples: ['log', 'log Nov 19 08:15:30 web1 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2'],
    run: take,
  },
  { ...base, name: 'log read', summary: 'Read a message as a log', args: [], examples: [], isHidden: true, run: take },
  {
    ...base,
    name: 'log keep',
    summary: 'Keep a message as evidence',
    args: [],
    examples: [],
    isHidden: true,
    run: take,
  },
  {
    ...base,
    name: 'log preview',
    summary: 'What would be added from a piece of evidence',
    args: [evidenceArg],
    examples: ['log preview EV-1'],
    run: preview,
  },
  { ...base, name: 'log add', summary: 'Add the chosen events', args: [], examples: [], isHidden: true, run: add },
  {
    ...base,
    name: 'log again',
    summary: 'Read a piece of evidence once more',
    args: [evidenceArg],
    examples: ['log again EV-1'],
    async run(call) {
      const item = call.dossier?.evidence.items.find((i) => i.key === one(call.args, 'evidence').toUpperCase());
      if (!item) return refuse('no-such-evidence', 'There is no such evidence. "log list" shows what there is.');
      if (item.isDisposed) return refuse('not-read', `${item.key} cannot be read: ${item.failure}.`);
      const options = readOptions(call, '');
      if (isRefusal(options)) return options;
      call.services.intake.start(incidentOf(call), item.key, options);
      return {
        kind: 'private',
        view: view(`${item.key} is being read again`, [notice('info', `${item.key} is being read again.`)]),
      };
    },
  },
  {
    ...base,
    effect: 'read',
    who: 'participant',
    name: 'log list',
    summary: 'The evidence of this incident',
    args: [],
    examples: ['log list'],
    run: listEvidence,
  },
  {
    ...base,
    effect: 'read',
    who: 'participant',
    name: 'log indicators',
    summary: 'Indicators, defanged',
    args: [{ name: 'type', summary: 'ipv4, domain, sha256, ...', isRequired: false }],
    examples: ['log indicators ipv4'],
    run: indicators,
  },
  {
    ...base,
    effect: 'read',
    who: 'participant',
    name: 'log find',
    summary: 'Search all evidence: text, or /regular expression/',
    args: [{ name: 'what', summary: 'Text, or an expression between slashes', isRequired: true, isRest: true }],
    examples: ['log find 203.0.113.9', 'log find /Accepted (password|publickey)/'],
    run: findInLogs,
  },
  {
    ...base,
    effect: 'read',
    who: 'participant',
    name: 'log show',
    summary: 'A line of evidence, exactly, with the lines around it',
    args: [{ name: 'place', summary: 'Evidence and line, such as EV-1:118', isRequired: true }],
    examples: ['log show EV-1:118'],
    run: showLine,
  },
];
