// Files that somebody posted without asking for anything: offered to be read, never read silently.
import { isRefusal, refuse } from '../refusal.ts';
import { actions, button, context, notice, view } from '../view/build.ts';
import { clip, reveal } from '../view/escape.ts';
import { take } from './log.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

const NAMES_SHOWN = 5;

async function offer(call: Call): Promise<Answer> {
  const { event, dossier } = call;
  if (!dossier || event.kind !== 'message' || dossier.incident.phase === 'closed') return { kind: 'none' };
  const names = event.offered ?? [];
  const shown = names.slice(0, NAMES_SHOWN).map((name) => clip(reveal(name), 80));
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  const words = `${shown.join(', ')}${more}: not read, since nobody asked.`;
  return {
    kind: 'private',
    view: view(words, [
      notice('info', words),
      actions(
        button(
          'Read as log',
          'log take-offered',
          { incident: dossier.incident.key, message: event.ref.id },
          { style: 'primary' },
        ),
      ),
      context(
        'Only you see this. The exact bytes are kept and hashed first; nothing goes on the timeline before you choose it.',
      ),
    ]),
  };
}

async function takeOffered(call: Call): Promise<Answer> {
  const got = await call.services.filesOf({ conversation: call.event.conversation, id: one(call.args, 'message') });
  if (isRefusal(got)) return got;
  if (got.files.length === 0)
    return refuse('no-file', got.refused.join(' ') || 'The message has no file any more. Post it again.');
  const answer = await take({ ...call, files: got.files });
  if (answer.kind !== 'private' || got.refused.length === 0) return answer;
  const elements = [...answer.view.elements, ...got.refused.map((why) => notice('warning', why))];
  return { ...answer, view: { ...answer.view, elements } };
}

export const offered: readonly Command[] = [
  {
    name: 'log offer',
    summary: 'Offer to read files that were posted',
    args: [],
    examples: [],
    effect: 'read',
    who: 'responder',
    needsIncident: false,
    isHidden: true,
    run: offer,
  },
  {
    name: 'log take-offered',
    summary: 'Read files that were posted',
    args: [],
    examples: [],
    effect: 'record',
    who: 'responder',
    needsIncident: true,
    isHidden: true,
    run: takeOffered,
  },
];
