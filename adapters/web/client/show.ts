import type { Answer } from './answer.ts';
import { openForm, openPrivate } from './dialog.ts';
import { page } from './page.ts';
import { applyPatches } from './patch.ts';

/** Shows an answer where the person is looking. */
export function show(answer: Answer): void {
  switch (answer.kind) {
    case 'none':
      applyPatches(answer.patches);
      return;
    case 'private': {
      applyPatches(answer.patches);
      const shown = answer.patches.at(-1);
      if (shown === undefined) return;
      // Asked on the home tab, or in a thread that is not open: there is no place for it on this page.
      const mine = [...answer.patches].reverse().find((patch) => patch.html.includes('class="message private"'));
      const here = mine === undefined ? null : document.getElementById(mine.id);
      if (here !== null) here.scrollIntoView({ block: 'nearest' });
      else if (mine !== undefined && page.current !== answer.channel) openPrivate(mine.html);
      return;
    }
    case 'form':
      openForm(answer);
      return;
    case 'errors':
      return;
  }
}
