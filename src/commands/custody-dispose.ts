// custody at its end: evidence goes by the word of two people, and words about people are kept so that they can go.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { decideCustody } from '../audit/custody.ts';
import { type Doomed, doomedBy, erasureOf, finishErasures } from '../audit/disposal.ts';
import { commitText } from '../audit/erasure.ts';
import { refOf } from '../chat/actor.ts';
import { fixed } from '../chat/outbox.ts';
import type { Evidence } from '../evidence/types.ts';
import { humanKey } from '../organisation/people.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { actions, button, notice, strong, text, untrusted, view } from '../view/build.ts';
import type { Element } from '../view/types.ts';
import { custodyIn, evidenceKey, keyOf } from './custody.ts';
import { custodyAct, form, line, said } from './custody-act.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, type Message, one } from './types.ts';

const disposalName = (call: Call): string => `disposal/${incidentOf(call)}/${keyOf(call)}`;

/** The message in the channel that asks for the second person, and later says what came of it. */
const disposalMessage = (call: Call, words: Element, more: readonly Element[] = []): readonly Message[] => {
  const to = call.dossier?.incident.conversation;
  const shown = view(`${keyOf(call)}: disposal`, [words, ...more], 'warning');
  return to
    ? [
        {
          key: `${disposalName(call)}/${call.event.id}`,
          message: { op: 'put', name: disposalName(call), to, content: fixed(shown) },
        },
      ]
    : [];
};

const AND_MORE =
  ' that people were given, mail, backups, and words of it that people or the assistant put on record (findings, notices, events, the review, answers).';

/** What went along with evidence, and what no disposal here can take back. */
function beyond({ dossier }: Call, key: string, made: number, deleted: number | null): string {
  if (!key.startsWith('EV-')) return 'What somebody opened, copied or was told of it cannot be taken back from here.';
  const items = dossier?.evidence.items ?? [];
  const from = items.find((i) => i.key === key)?.derivedFrom;
  const related = items.filter((i) => !i.isDisposed && (i.key === from || i.derivedFrom === key)).map((i) => i.key);
  return [
    made > 0
      ? `${made} pictures, exports and texts of the assistant in the data folder that quoted this incident’s evidence went with it; a picture is drawn again when the timeline is asked for.`
      : 'No picture, export or text of the assistant was kept of it.',
    related.length > 0
      ? `${related.join(', ')} came with it in one archive and holds the same: dispose of it too.`
      : '',
    deleted === null
      ? 'Not taken back: what stands in chat (the message it came in, pictures and lines that were posted; delete those there), files' +
        AND_MORE
      : `${deleted} messages of the workspace that held it, its files or its pictures were deleted. Not taken back: lines of it in other messages, files${AND_MORE}`,
  ]
    .filter((line) => line !== '')
    .join(' ');
}

// No message is longer than the first; a text shorter than the second may stand in many.
const LONGEST_IN_CHAT = 200_000;
const SHORTEST_IN_CHAT = 16;

/** Deletes the messages that hold it, where the incident's chat is kept in the data folder; null where it is not. */
async function forgotten(
  { services, dossier }: Call,
  item: Evidence | undefined,
  { own, made }: Doomed,
  content: Uint8Array | null,
): Promise<number | null> {
  const conversation = dossier?.incident.conversation;
  if (!item || !conversation) return null;
  const blobs = new Set([...own, ...made]);
  const sizes = new Set<number>();
  for (const blob of blobs) {
    const file = await stat(services.blobs.path(blob)).catch(() => null);
    if (file) sizes.add(file.size);
  }
  const words = content && own.includes(item.sha256) ? new TextDecoder().decode(content).trim() : '';
  const text = words.length >= SHORTEST_IN_CHAT ? words : null;
  return services.forget(conversation, { blobs, sizes, text, key: item.key });
}

async function dispose(call: Call): Promise<Answer> {
  const key = keyOf(call);
  const reason = one(call.args, 'reason').trim();
  const by = refOf(call.actor);
  const human = humanKey(call.services.organisation.organisation, call.actor);
  const args = { incident: incidentOf(call), key };
  const done = await custodyAct(
    call,
    { kind: 'custody.disposal-asked', key, by, human, reason },
    disposalMessage(
      call,
      notice('warning', untrusted(by.label), ` asks to dispose of ${key} for good: `, untrusted(reason)),
      [
        text(
          'The bytes here are erased and what was read from them goes; the record stays. Somebody else than who asks has to agree: commander, deputy, or legal.',
        ),
        actions(
          button(`Dispose of ${key}`, 'audit dispose-decide', { ...args, agree: 'yes' }, { style: 'danger' }),
          button('Keep it', 'audit dispose-decide', { ...args, agree: 'no' }),
        ),
      ],
    ),
  );
  return isRefusal(done)
    ? done
    : said(`Nothing is gone yet. Somebody else has to agree that ${key} is disposed of.`, 'info');
}

async function decideDisposal(call: Call): Promise<Answer> {
  const { services } = call;
  const incident = incidentOf(call);
  const key = keyOf(call);
  const isAgreed = one(call.args, 'agree') === 'yes';
  const words = one(call.args, 'words').trim();
  const by = refOf(call.actor);
  const human = humanKey(services.organisation.organisation, call.actor);
  if (words === '') {
    const asked = await custodyIn(call, incident);
    const trial = isAgreed
      ? decideCustody(
          asked,
          { kind: 'custody.disposed', key, by, human, method: 'x', reason: 'x', authority: 'x' },
          call.nowAt,
        )
      : null;
    if (isRefusal(trial)) return trial;
    return {
      kind: 'form',
      form: {
        title: isAgreed ? `Dispose of ${key} for good` : `Keep ${key}`,
        submitLabel: isAgreed ? 'Dispose of it' : 'Keep it',
        intent: { verb: 'audit dispose-decide', args: { incident, key, agree: isAgreed ? 'yes' : 'no' } },
        intro: isAgreed ? [notice('danger', 'This cannot be undone. The record of it stays.')] : [],
        fields: [line('words', isAgreed ? 'On whose authority' : 'Why it is kept')],
      },
    };
  }
  if (!isAgreed) {
    const kept = await custodyAct(
      call,
      { kind: 'custody.disposal-declined', key, by, human, reason: words },
      disposalMessage(call, notice('info', untrusted(by.label), ` keeps ${key}: `, untrusted(words))),
    );
    return isRefusal(kept) ? kept : said(`${key} is kept.`);
  }
  // What is read of it now would be kept after it is gone.
  if (services.intake.progress(incident, key) !== null)
    return refuse('still-reading', `${key} is being read. Dispose of it when its receipt shows that it was read.`);
  const evidence = call.dossier?.evidence.items.find((i) => i.key === key);
  const content = evidence && evidence.sizeBytes <= LONGEST_IN_CHAT ? await services.blobs.read(evidence.sha256) : null;
  let doomed: Doomed = { own: [], made: [] };
  const done = await services.act(incident, call.recordActor, async () => {
    const item = (await custodyIn(call, incident)).get(key);
    const reason = item?.disposal?.reason ?? '';
    const isHere = (item?.blobs.length ?? 0) > 0;
    const method = isHere ? 'erased from this system' : 'as its holder attests';
    const decided = decideCustody(
      item ? new Map([[key, item]]) : new Map(),
      { kind: 'custody.disposed', key, by, human, method, reason, authority: words },
      call.nowAt,
    );
    if (isRefusal(decided)) return decided;
    if (item) doomed = await doomedBy(services, incident, item);
    const erased = erasureOf(doomed, reason, words);
    if (isRefusal(erased)) return erased;
    return {
      records: [decided, ...erased.map((record) => ({ ...record, subject: key }))],
      say: [
        ...disposalMessage(
          call,
          notice(
            'info',
            strong(`${key} is disposed of. `),
            'Asked by ',
            untrusted(item?.disposal?.by.label ?? ''),
            ', agreed by ',
            untrusted(by.label),
            ': ',
            untrusted(reason),
          ),
        ),
        ...(call.dossier && key.startsWith('EV-') ? services.receiptAgain(call.dossier, key, 'disposed') : []),
      ],
    };
  });
  if (isRefusal(done)) return done;
  const deleted = await forgotten(call, evidence, doomed, content);
  services.intake.forget(await finishErasures(services));
  // "More hits" knows the words that somebody looked for.
  await services.store.ungrant(incident, 'log find');
  await services.store.dropTraces();
  return said(
    `${key} is disposed of. What other evidence needs as well was kept. ${beyond(call, key, doomed.made.length, deleted)}`,
  );
}

async function confide(call: Call): Promise<Answer> {
  const [about, words] = [one(call.args, 'about').trim(), one(call.args, 'words')];
  if (about === '' || words.trim() === '')
    return form(
      call,
      'log private',
      'Keep words about people',
      'Keep',
      [
        line('about', 'What it is about, without naming anybody', { hint: 'This line stays in the record for ever' }),
        { kind: 'paragraph', name: 'words', label: 'The words', isRequired: true, maxLength: 8000 },
      ],
      [
        text(
          'The record holds a fingerprint only. The words can be erased later without breaking any proof, and each opening is on record.',
        ),
      ],
    );
  const { services } = call;
  const salt = createHash('sha256').update(services.randomId()).update(services.randomId()).digest();
  const { commitment, blob } = commitText(words, salt);
  await services.blobs.keep(blob);
  let key = '';
  const done = await services.act(incidentOf(call), call.recordActor, async () => {
    const taken = [...(await custodyIn(call, incidentOf(call))).keys()].filter((k) => k.startsWith('TX-'));
    key = `TX-${taken.length + 1}`;
    return { records: [{ type: 'text.committed', body: { key, about, commitment }, subject: key }] };
  });
  return isRefusal(done)
    ? done
    : said(`${key} is kept. "audit access ${key} <what for>" opens it, "audit dispose ${key} <why>" asks to erase it.`);
}

const reason = { name: 'reason', summary: 'Why', isRequired: true, isRest: true } as const;
const base = { needsIncident: true, effect: 'record' } as const;

export const custodyEnds: readonly Command[] = [
  {
    ...base,
    name: 'audit dispose',
    summary: 'Ask to erase evidence or a private text for good; somebody else has to agree',
    args: [evidenceKey, reason],
    examples: ['audit dispose TX-1 the person asked for it, GDPR article 17'],
    who: 'legal',
    run: dispose,
  },
  {
    ...base,
    name: 'audit dispose-decide',
    summary: 'Agree to a disposal, or keep it',
    args: [],
    examples: [],
    isHidden: true,
    who: 'legal',
    run: decideDisposal,
  },
  {
    ...base,
    name: 'log private',
    summary: 'Keep words about people apart, so that they can be erased',
    args: [],
    examples: ['log private'],
    who: 'responder',
    run: confide,
  },
];
