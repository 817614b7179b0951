// audit assistant: what the assistant was asked, told, said and what came of it, to be read as evidence.
import { type Trail, trailParts, trailsOf, trailText } from '../assist/trail.ts';
import { TASK_TITLES } from '../assist/view.ts';
import { refuse } from '../refusal.ts';
import {
  actions,
  button,
  codeBlock,
  context,
  heading,
  list,
  table,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { View } from '../view/types.ts';
import { type Answer, type Call, type Command, one, type Services } from './types.ts';

const LONGEST_EXCERPT = 1500;

const blobText = async (services: Services, sha256: string): Promise<string | null> => {
  const bytes = await services.blobs.read(sha256);
  return bytes ? new TextDecoder().decode(bytes) : null;
};

const decidedOf = (t: Trail): string => {
  const right = t.judged.filter((r) => r.parsed.isRight).length;
  const parts = [
    right > 0 ? `${right} right` : '',
    t.judged.length > right ? `${t.judged.length - right} wrong` : '',
    ...t.proposed.map((p) => p.parsed.finding),
    ...t.taken.map((p) => p.parsed.into),
  ];
  return parts.filter(Boolean).join(', ') || 'nobody yet';
};

function listView(trails: readonly Trail[], incident: string): View {
  return view(`What the assistant said in ${incident}: ${trails.length} answers`, [
    table(
      'Every answer of the assistant, newest first',
      ['answer', 'asked', 'by', 'answered by', 'held', 'refused', 'decided'],
      trails
        .toReversed()
        .map((t) => [
          `${t.key} ${TASK_TITLES[t.asked.parsed.task]}`,
          time(t.asked.ts),
          untrusted(t.asked.actor.label),
          untrusted(t.answered?.parsed.assistant ?? 'no answer'),
          String(t.checked?.parsed.kept.length ?? 0),
          String(t.checked?.parsed.dropped.length ?? 0),
          decidedOf(t),
        ]),
    ),
    ...(trails.length === 0 ? [text('Nothing was asked yet.')] : []),
    actions(
      ...trails
        .slice(-4)
        .toReversed()
        .map((t) => button(t.key, 'audit assistant', { incident, answer: t.key })),
    ),
    context('All of it is in the file, with what was sent and what came back word for word.'),
  ]);
}

async function oneView(t: Trail, services: Services): Promise<View> {
  const parts = await Promise.all(
    trailParts(t).map(async ({ title, lines }) => {
      const blob =
        title === 'What was sent'
          ? t.asked.parsed.prompt
          : title === 'What came back'
            ? t.answered?.parsed.output
            : null;
      const words =
        blob && 'sha256' in blob ? ((await blobText(services, blob.sha256)) ?? 'The text was erased.') : null;
      return [
        heading(title),
        list(lines.map((l) => [untrusted(l)])),
        ...(words === null ? [] : [codeBlock(clip(words, LONGEST_EXCERPT))]),
      ];
    }),
  );
  const args = { incident: t.incident };
  return view(`${t.key}: who asked, what was sent, what came back, what came of it`, [
    heading(`${t.key} \u00b7 ${TASK_TITLES[t.asked.parsed.task]} \u00b7 the whole trail`),
    ...parts.flat(),
    actions(
      button('Its card', 'finding show', { ...args, finding: t.key }),
      button('All answers', 'audit assistant', args),
    ),
    context(
      'Code blocks hold text that went to a model or came from one; nobody vouches for it. All of it is in the file.',
    ),
  ]);
}

async function assistantTrail(call: Call): Promise<Answer> {
  const incident = call.dossier?.incident.key ?? '';
  const records = (await call.services.store.find({ incident })).map((s) => s.record);
  const trails = trailsOf(records);
  const wanted = one(call.args, 'answer').trim().toUpperCase();
  const found = trails.find((t) => t.key === wanted);
  if (wanted !== '' && !found)
    return refuse('no-answer', `There is no answer ${wanted.slice(0, 12)}. "audit assistant" lists them.`);
  const told = await trailText(incident, found ? [found] : trails, (sha256) => blobText(call.services, sha256));
  return {
    kind: 'private',
    view: found ? await oneView(found, call.services) : listView(trails, incident),
    file: {
      name: `${incident.toLowerCase()}-${found ? found.key.toLowerCase() : 'assistant'}.md`,
      mediaType: 'text/markdown',
      bytes: new TextEncoder().encode(told),
    },
  };
}

export const assistantTrails: readonly Command[] = [
  {
    name: 'audit assistant',
    summary: 'What the assistant was asked, was sent, said, and what came of it; all answers or one',
    args: [{ name: 'answer', summary: 'AR-2; all when left out', isRequired: false }],
    examples: ['audit assistant', 'audit assistant AR-2'],
    effect: 'read',
    who: 'participant',
    needsIncident: true,
    run: assistantTrail,
  },
];
