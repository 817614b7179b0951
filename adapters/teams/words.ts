// Short texts of the adapter itself, and views as text.
import type { DeliverableView } from '../../src/chat/types.ts';
import { notice, view } from '../../src/view/build.ts';
import { viewText } from '../../src/view/text.ts';
import type { Tone } from '../../src/view/types.ts';

/** A view of one sentence, without buttons. */
export const plainView = (words: string, tone: Tone = 'info'): DeliverableView => ({
  view: view(words, [notice(tone, words)], tone),
  tokens: [],
});

/** A view as text, its summary left out when it is said below anyway. */
export function answerText({ view: shown }: DeliverableView): string {
  const rest = viewText({ ...shown, summary: '' });
  return rest.includes(shown.summary) ? rest : [shown.summary, rest].filter((t) => t !== '').join('\n\n');
}
