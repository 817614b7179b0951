// custody at its end: evidence goes by the word of two people, and words about people are kept so that they can go.
import { createHash } from 'node:crypto';
import { decideCustody } from '../audit/custody.ts';
import { blobsOnlyOf, finishErasures } from '../audit/disposal.ts';
import { commitText, eraseTexts } from '../audit/erasure.ts';
import { refOf } from '../chat/actor.ts';
import { fixed } from '../chat/outbox.ts';
import { humanKey } from '../organisation/people.ts';
import { isRefusal } from '../refusal.ts';
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
    const erased = item ? await blobsOnlyOf(services, incident, item) : [];
    const record = erased.length > 0 ? eraseTexts(erased, reason, words) : null;
    if (isRefusal(record)) return record;
    return {
      records: [decided, ...(record ? [{ ...record, subject: key }] : [])],
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
  services.intake.forget(await finishErasures(services));
  return said(`${key} is disposed of. What other evidence needs as well was kept.`);
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
