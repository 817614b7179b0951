// log find: a search over the exact bytes of all evidence, each hit with its evidence and line.
import { isRefusal, refuse } from '../refusal.ts';
import { code, context, prose, table, text, untrusted, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Answer, Call } from './types.ts';
import { one } from './types.ts';

const MAX_HITS = 40;

/** Searches every piece of evidence of the incident for text, or for an expression between slashes. */
export async function findInLogs(call: Call): Promise<Answer> {
  const what = one(call.args, 'what').trim();
  if (what === '') return refuse('empty', 'Say what to look for: log find <text>, or log find /expression/');
  const items = (call.dossier?.evidence.items ?? []).filter((i) => i.reading !== null);
  if (items.length === 0)
    return { kind: 'private', view: view('Nothing to search yet', [text('There is no evidence to search yet.')]) };
  const found = await call.services.search(items, what, MAX_HITS);
  if (isRefusal(found)) return found;
  if (found.hits.length === 0) {
    return {
      kind: 'private',
      view: view('Not found', [
        text(
          'Not found: ',
          untrusted(clip(what, 200)),
          `. Searched ${items.map((i) => i.key).join(', ')}: every byte of them, and nothing else was collected.`,
        ),
      ]),
    };
  }
  return {
    kind: 'private',
    view: view(`${found.hits.length}${found.hasMore ? ' or more' : ''} hits`, [
      table(
        `Hits for "${clip(what, 80)}"`,
        ['where', 'line'],
        found.hits.map((h) => [prose(code(h.evidence), ` line ${h.line}`), untrusted(clip(h.excerpt, 400))]),
      ),
      ...(found.hasMore
        ? [context(`The first ${found.hits.length} are shown. Search for something narrower to see the rest.`)]
        : []),
    ]),
  };
}
