// An answer from the record: what people verified first, then what stands in the logs, then where was looked. No judgement.
import { defangText } from '../evidence/defang.ts';
import type { Dossier } from '../incident/dossier.ts';
import {
  actions,
  button,
  code,
  context,
  heading,
  list,
  notice,
  prose,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { clip, reveal } from '../view/escape.ts';
import type { Element, Prose, View } from '../view/types.ts';
import type { Answered } from './ask.ts';
import { claimed, said } from './said.ts';
import { laneOf, questionProse } from './view.ts';

export interface RawHit {
  readonly evidence: string;
  readonly line: number;
  readonly excerpt: string;
}

export interface Asked {
  readonly question: string;
  readonly answered: Answered;
  /** Lines of the raw evidence, when the timeline held nothing. */
  readonly raw: readonly RawHit[];
  /** Words the raw evidence was searched for. */
  readonly rawWords: readonly string[];
}

const part = (title: string, items: readonly Prose[]): readonly Element[] =>
  items.length === 0 ? [] : [heading(title), list(items)];

/** Where was looked: each piece of evidence with its lines and the time it covers. */
function searchedElements(dossier: Dossier): readonly Element[] {
  const { items } = dossier.evidence;
  if (items.length === 0) return [notice('warning', 'No evidence was collected yet, so there was nothing to search.')];
  return [
    heading('Where was looked'),
    list(
      items.map((e) =>
        prose(
          `${e.key} `,
          untrusted(e.name),
          ...(e.reading
            ? [
                `, ${e.reading.lines} lines`,
                ...(e.reading.firstAt && e.reading.lastAt
                  ? [', ', time(e.reading.firstAt), ' to ', time(e.reading.lastAt)]
                  : []),
                e.reading.unparsed > 0 ? `, ${e.reading.unparsed} lines without a time` : '',
              ]
            : [', not read yet']),
        ),
      ),
    ),
    context('What is in none of these was never collected here. Not found is not the same as not happened.'),
  ];
}

/** The answer card, only for whoever asked. */
export function askView({ question, answered, raw, rawWords }: Asked, dossier: Dossier): View {
  const { key: incident } = dossier.incident;
  const shown = reveal(defangText(question));
  const isFound = answered.findings.length + answered.events.length + answered.questions.length + raw.length > 0;
  return view(
    isFound ? `From the record: ${shown}` : `Not found: ${shown}`,
    [
      heading('From the record, not a judgement'),
      text(said(question)),
      ...(answered.terms.length === 0
        ? [
            notice(
              'warning',
              'There is no word in this to search for. Name an account, an address, a host or an action.',
            ),
          ]
        : []),
      ...(isFound || answered.terms.length === 0 ? [] : [notice('warning', 'Not found in what was collected.')]),
      ...part(
        'What people have said about it',
        answered.findings.map((f) =>
          prose(
            `${f.key} ${laneOf(f)}: `,
            claimed(f, f.claim),
            f.cites.length > 0 ? ` [${f.cites.slice(0, 4).join(', ')}]` : ' [nothing cited]',
          ),
        ),
      ),
      ...part(
        'Asked before',
        answered.questions.map((q) =>
          q.answer
            ? prose(`${q.key} `, said(q.text), ' ', said(q.answer.text), ` (${q.answer.by.label})`)
            : questionProse(q),
        ),
      ),
      ...part(
        answered.matching > answered.events.length
          ? `On the timeline: the ${answered.events.length} closest of ${answered.matching}`
          : 'On the timeline',
        answered.events.map((e) =>
          prose(
            time(e.occurredAt),
            ' ',
            untrusted(defangText(clip(e.text, 240))),
            ` [${e.key}]`,
            e.count > 1 ? ` (${e.count} times)` : '',
          ),
        ),
      ),
      ...part(
        'In the raw evidence, not on the timeline',
        raw.map((h) => prose(untrusted(defangText(clip(h.excerpt, 240))), ` [${h.evidence}:${h.line}]`)),
      ),
      text(
        'Searched for: ',
        ...answered.terms.flatMap((t, i) => [i > 0 ? ', ' : '', code(t.word)]),
        rawWords.length > 0 ? '; also line by line' : '',
      ),
      ...searchedElements(dossier),
      actions(
        button('Add a finding', 'finding add', { incident }),
        button('Make it an open question', 'finding question', { incident, text: clip(question, 480) }),
      ),
    ],
    isFound ? 'info' : 'warning',
  );
}
