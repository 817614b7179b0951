// custody: who held a piece of evidence, when and why, and the legal hold that keeps it.
import { type CustodyCommand, decideCustody } from '../audit/custody.ts';
import { type CustodyItem, type CustodyState, custodyOf } from '../audit/custody-state.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { code, fields, notice, strong, table, text, time, untrusted, view } from '../view/build.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

/** The key of the piece of evidence a call names. */
export const keyOf = (call: Call): string => one(call.args, 'key').trim().toUpperCase();

/** Custody in an incident as it stands now. */
export async function custodyIn(call: Call, incident: string): Promise<CustodyState> {
  return custodyOf((await call.services.store.readStream(incident, 0)).map(({ record }) => record));
}

async function show(call: Call): Promise<Answer> {
  if (!call.dossier) return { kind: 'none' };
  const item = (await custodyIn(call, call.dossier.incident.key)).get(keyOf(call));
  if (!item) return refuse('no-such-evidence', `There is no evidence ${keyOf(call)} here. "log" lists what there is.`);
  return { kind: 'private', view: custodyView(item) };
}

function custodyView(item: CustodyItem) {
  const broken = item.lines.filter(({ isIntact }) => isIntact === false).length;
  return view(`Custody of ${item.key}: ${item.lines.length} lines`, [
    ...(broken > 0
      ? [notice('danger', strong(`The hash differed ${broken} times. `), 'Do not rely on it before that is explained.')]
      : []),
    ...(item.isDisposed ? [notice('info', 'Disposed of: its bytes are gone, this record stays.')] : []),
    ...(item.isHeld ? [notice('warning', 'Legal hold: nothing of it may be disposed of.')] : []),
    ...(item.offered
      ? [notice('info', 'Handed over, not yet received by ', untrusted(item.offered.to.label), '.')]
      : []),
    ...(item.disposal
      ? [
          notice(
            'warning',
            untrusted(item.disposal.by.label),
            ' asks to dispose of it: ',
            untrusted(item.disposal.reason),
          ),
        ]
      : []),
    fields({
      'SHA-256': code(item.sha256),
      Kind: item.isForensicOriginal ? 'collected original' : 'copy, not a forensic original',
      Holder: item.holder ? untrusted(item.holder.label) : 'this system',
      ...(item.retainUntil ? { 'Keep until': item.retainUntil } : {}),
    }),
    table(
      'The chain',
      ['record', 'when', 'who', 'what'],
      item.lines.map(({ seq, at, by, what }) => [code(String(seq)), time(at), untrusted(by.label), untrusted(what)]),
    ),
  ]);
}

/** Records a hold or its end. */
const hold =
  (kind: 'custody.held' | 'custody.released') =>
  async (call: Call): Promise<Answer> => {
    if (!call.dossier) return { kind: 'none' };
    const incident = call.dossier.incident.key;
    const command: CustodyCommand = {
      kind,
      key: keyOf(call),
      reason: one(call.args, 'reason'),
      authority: call.actor.label,
    };
    const done = await call.services.act(incident, call.recordActor, async () => {
      const decided = decideCustody(await custodyIn(call, incident), command, call.nowAt);
      return isRefusal(decided) ? decided : { records: [decided] };
    });
    if (isRefusal(done)) return done;
    const said = kind === 'custody.held' ? 'is under legal hold' : 'is no longer under legal hold';
    return {
      kind: 'private',
      view: view(`${command.key} ${said}`, [text(`${command.key} ${said}. The reason is on record.`)], 'good'),
    };
  };

export const evidenceKey = { name: 'key', summary: 'Key such as EV-7', isRequired: true } as const;
const reason = { name: 'reason', summary: 'Why, and on whose authority', isRequired: true, isRest: true } as const;
const base = { needsIncident: true } as const;

export const custody: readonly Command[] = [
  {
    ...base,
    name: 'audit custody',
    summary: 'Who held a piece of evidence, when and why',
    args: [evidenceKey],
    examples: ['audit custody EV-7'],
    effect: 'read',
    who: 'participant',
    run: show,
  },
  {
    ...base,
    name: 'audit hold',
    summary: 'Put evidence under legal hold',
    args: [evidenceKey, reason],
    examples: ['audit hold EV-7 litigation expected, counsel asked for it'],
    effect: 'record',
    who: 'legal',
    run: hold('custody.held'),
  },
  {
    ...base,
    name: 'audit unhold',
    summary: 'End a legal hold',
    args: [evidenceKey, reason],
    examples: ['audit unhold EV-7 counsel says the matter is closed'],
    effect: 'record',
    who: 'legal',
    run: hold('custody.released'),
  },
];
