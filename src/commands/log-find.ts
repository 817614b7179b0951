// log find: a search over the exact bytes of all evidence, each hit with its evidence and line. log show: a line among its neighbours.
import { refang } from '../evidence/defang.ts';
import { linesAt } from '../evidence/lines.ts';
import type { Evidence } from '../evidence/types.ts';
import { sizeText } from '../evidence/view.ts';
import { isRefusal, refuse } from '../refusal.ts';
import {
  actions,
  button,
  code,
  context,
  notice,
  prose,
  quote,
  strong,
  table,
  text,
  untrusted,
  view,
} from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Element } from '../view/types.ts';
import { eventAt, eventsOf } from './events.ts';
import { incidentOf } from './status.ts';
import type { Answer, Call } from './types.ts';
import { one } from './types.ts';

const HITS = 40;
const MOST_HITS = 1000;
const OPENED = 3;
const NAMED = 6;
const AROUND = 5;

const isExpression = (what: string): boolean => /^\/.+\/$/s.test(what);

/** What can be searched: bytes that are kept, read or not; of an archive its files. */
function searchable(call: Call): { readonly items: readonly Evidence[]; readonly gone: readonly Evidence[] } {
  const all = call.dossier?.evidence.items ?? [];
  const archives = new Set(all.map((i) => i.derivedFrom));
  const items = all.filter((i) => !archives.has(i.key));
  return { items: items.filter((i) => !i.isDisposed), gone: items.filter((i) => i.isDisposed) };
}

/** What was looked through, so that nothing found is not taken for nothing there. */
function scopeWords(items: readonly Evidence[], gone: readonly Evidence[], isWhole: boolean): Element[] {
  const bytes = items.reduce((sum, i) => sum + i.sizeBytes, 0);
  const shown = items.slice(0, NAMED).flatMap((i) => [code(i.key), ' ', untrusted(clip(i.name, 60)), ', ']);
  return [
    context(
      isWhole ? 'Searched every byte of ' : 'Searched, as far as these hits, ',
      ...shown,
      `${items.length > NAMED ? `and ${items.length - NAMED} more, ` : ''}${sizeText(bytes)}; upper and lower case are alike. What was never collected is not in it.`,
    ),
    ...(gone.length > 0
      ? [notice('warning', `${gone.map((i) => i.key).join(', ')} was disposed of and could not be searched.`)]
      : []),
  ];
}

/** Searches every piece of evidence of the incident for text, or for an expression between slashes. */
export async function findInLogs(call: Call): Promise<Answer> {
  const typed = one(call.args, 'what').trim();
  if (typed === '')
    return refuse(
      'empty',
      'Say what to look for: log find 203.0.113.66, or an expression between slashes: log find /Accepted (password|publickey)/',
    );
  const { items, gone } = searchable(call);
  const incident = incidentOf(call);
  if (items.length === 0)
    return {
      kind: 'private',
      view: view('Nothing to search yet', [
        text(
          gone.length > 0
            ? `${gone.map((i) => i.key).join(', ')} was disposed of: there is nothing left to search.`
            : 'No evidence is kept yet, so there is nothing to search. Paste or drop logs first.',
        ),
        actions(button('Add logs', 'log', { incident })),
      ]),
    };
  // Our own answers are defanged: what is copied from them means the value itself.
  const what = isExpression(typed) ? typed : refang(typed);
  const page = Math.min(Math.max(0, Number(one(call.args, 'page')) || 0), MOST_HITS / HITS - 1);
  const found = await call.services.search(items, what, (page + 1) * HITS);
  if (isRefusal(found)) return found;
  const hits = found.hits.slice(page * HITS);
  const searched = [
    ...(what === typed ? [] : [context('Looked for ', untrusted(clip(what, 200)), ', which is what it stands for.')]),
    ...scopeWords(items, gone, !found.hasMore),
  ];
  if (hits.length === 0)
    return {
      kind: 'private',
      view: view('Not found', [
        text(page > 0 ? 'No more hits for ' : 'Not found: ', untrusted(clip(typed, 200)), '.'),
        ...searched,
        ...(!isExpression(typed) && /[\\^$|*+()]/.test(typed)
          ? [context(`It was taken as it stands. If it is an expression, write it between slashes: log find /.../`)]
          : []),
      ]),
    };
  const to = page * HITS + hits.length;
  const places = hits.map((h) => `${h.evidence}:${h.line}`);
  return {
    kind: 'private',
    view: view(`${to}${found.hasMore ? ' or more' : ''} hits`, [
      table(
        `Hits ${page * HITS + 1} to ${to}${found.hasMore ? ' of more' : ` of ${to}`} for "${clip(typed, 80)}", a line each`,
        ['where', 'line'],
        hits.map((h, i) => [code(places[i] as string), untrusted(clip(h.excerpt, 400))]),
      ),
      ...searched,
      actions(
        ...places.slice(0, OPENED).map((place) => button(`Around ${place}`, 'log show', { incident, place })),
        ...(found.hasMore && to < MOST_HITS
          ? [button('More hits', 'log find', { incident, what: typed, page: String(page + 1) })]
          : []),
      ),
      ...(found.hasMore && to >= MOST_HITS
        ? [context(`${MOST_HITS} hits are the most that are shown. Search for something narrower.`)]
        : []),
      context('"log show" with a place from the list shows the lines around it.'),
    ]),
  };
}

/** Shows a line of evidence whole and exactly, with the lines around it. */
export async function showLine(call: Call): Promise<Answer> {
  const typed = one(call.args, 'place').trim().toUpperCase();
  const [, key = '', digits = ''] = /^(EV-\d{1,6}):(\d{1,12})(?:\.\d{1,7})?$/.exec(typed) ?? [];
  if (key === '') return refuse('bad-argument', 'Name a line as its evidence and number, such as: log show EV-1:118');
  const item = call.dossier?.evidence.items.find((i) => i.key === key);
  if (!item) return refuse('no-such-evidence', `There is no evidence ${key} here. "log list" shows what there is.`);
  const bytes = item.isDisposed ? null : await call.services.blobs.read(item.sha256);
  if (!bytes) return refuse('not-read', `The bytes of ${key} are gone: they were erased.`);
  const line = Number(digits);
  const first = Math.max(1, line - AROUND);
  const lines = linesAt(bytes, new Set(Array.from({ length: line + AROUND - first + 1 }, (_, i) => first + i)));
  const whole = lines.get(line);
  if (whole === undefined)
    return refuse(
      'bad-argument',
      `${key} has no line ${digits}${item.reading ? `: it has ${item.reading.lines.toLocaleString('en-US')}` : ''}.`,
    );
  const incident = incidentOf(call);
  const event = call.dossier ? eventAt(await eventsOf(call.services, call.dossier), typed) : undefined;
  const around = (label: string, at: number) => button(label, 'log show', { incident, place: `${key}:${at}` });
  const last = Math.max(...lines.keys());
  return {
    kind: 'private',
    view: view(`${key} line ${line}`, [
      quote(clip(whole, 4000), `${key} line ${line}, exactly as received`),
      table(
        `Lines ${first} to ${last}`,
        ['line', 'text'],
        [...lines].map(([number, words]) => [
          number === line ? prose(strong(`${number}`)) : prose(code(`${number}`)),
          untrusted(clip(words, 300)),
        ]),
      ),
      actions(
        ...(first > 1 ? [around('Earlier lines', Math.max(1, first - AROUND - 1))] : []),
        ...(lines.has(line + AROUND) ? [around('Later lines', line + 2 * AROUND + 1)] : []),
        ...(event ? [button(`Event ${event.key}`, 'timeline show', { incident, key: event.key })] : []),
      ),
      ...(event ? [] : [context('This line is in no event on the timeline.')]),
    ]),
  };
}
