// A notice as its readers get it: one skeleton for every audience, in a chat message and in a mail.
import { defangText } from '../evidence/defang.ts';
import { said } from '../finding/said.ts';
import type { Finding } from '../finding/types.ts';
import { notice as banner, context, fields, heading, list, prose, strong, text, view } from '../view/build.ts';
import { reveal } from '../view/escape.ts';
import { viewText } from '../view/text.ts';
import type { Element, Prose, View } from '../view/types.ts';
import type { Audience } from './audiences.ts';
import { utcAndLocal } from './facts.ts';
import { groundsOf, splitCites } from './lines.ts';
import { tlpMeaning } from './tlp.ts';
import type { Notice } from './types.ts';

export interface Rendering {
  readonly audience: Audience;
  readonly isExternal: boolean;
  readonly findings: readonly Finding[];
  readonly recorded: ReadonlySet<string>;
  readonly zone: string;
  readonly organisation: string;
  readonly isExercise: boolean;
}

/** A claim as readers see it: defanged, and marked where nobody has verified it. */
function claim(line: string, r: Rendering): Prose {
  const { words, cites } = splitCites(line);
  const grounds = groundsOf(line, r.findings, r.recorded);
  const shown = r.audience.showsCites && cites.length > 0 ? ` [${cites.join(', ')}]` : '';
  const mark =
    grounds === 'unverified' ? [strong('Not verified: ')] : grounds === 'refuted' ? [strong('REFUTED: ')] : [];
  return prose(...mark, said(words), shown);
}

const plain = (line: string, r: Rendering): Prose => {
  const { words, cites } = splitCites(line);
  return prose(said(words), r.audience.showsCites && cites.length > 0 ? ` [${cites.join(', ')}]` : '');
};

const section = (title: string, items: readonly Prose[]): readonly Element[] =>
  items.length === 0 ? [] : [heading(title), list(items)];

const isNotKnown = (answer: string): boolean => /^(not known( yet)?|unknown)\.?$/i.test(answer.trim());

/** The notice as its audience reads it. */
export function renderNotice(notice: Notice, r: Rendering): View {
  const { body } = notice;
  const answers = r.audience.needs.flatMap((need): Element[] => {
    const answer = (body.answers[need.name] ?? '').trim();
    if (answer === '') return [];
    const lines = answer.split('\n').filter((l) => l.trim() !== '');
    const written = lines.map((l) => (need.isClaim && !isNotKnown(l) ? claim(l, r) : plain(l, r)));
    return [
      heading(need.label),
      ...(written.length === 1 ? [{ kind: 'text' as const, prose: written[0] as Prose }] : [list(written)]),
    ];
  });
  const status = claim(body.status, r);
  return view(
    `TLP:${body.tlp} ${r.audience.title}, version ${notice.version}: ${reveal(defangText(splitCites(body.status).words))}`,
    [
      text(strong(`TLP:${body.tlp}`), ` (${tlpMeaning[body.tlp]})`),
      ...(r.isExercise ? [banner('info', strong('EXERCISE'), ' Nothing in this message is real.')] : []),
      ...(r.audience.label ? [text(strong(r.audience.label))] : []),
      heading(`${r.organisation}: notice to ${r.audience.title.toLowerCase()}, version ${notice.version}`),
      { kind: 'text', prose: status },
      fields({ 'As of': utcAndLocal(body.asOfAt, r.zone) }),
      ...section(
        'What we know',
        body.known.map((l) => claim(l, r)),
      ),
      ...section(
        'What we do not know',
        body.notKnown.map((l) => plain(l, r)),
      ),
      ...section(
        'What we are doing',
        body.beingDone.map((l) => plain(l, r)),
      ),
      ...answers,
      ...section(
        'What we ask of you',
        body.asked.map((l) => plain(l, r)),
      ),
      fields({
        'Next update': body.nextUpdateAt ? utcAndLocal(body.nextUpdateAt, r.zone) : 'none is planned',
        Contact: body.contact === '' ? null : { kind: 'plain', text: reveal(body.contact) },
      }),
      context(strong(`TLP:${body.tlp}`)),
    ],
  );
}

/** A correction that takes a sent notice back, naming its version. */
export function renderRetraction(notice: Notice, reason: string, correction: string, r: Rendering): View {
  return view(
    `TLP:${notice.body.tlp} Correction: version ${notice.version} to ${r.audience.title.toLowerCase()} is withdrawn`,
    [
      text(strong(`TLP:${notice.body.tlp}`), ` (${tlpMeaning[notice.body.tlp]})`),
      ...(r.isExercise ? [banner('info', strong('EXERCISE'), ' Nothing in this message is real.')] : []),
      heading(`${r.organisation}: correction`),
      text(
        `Version ${notice.version} of our notice to ${r.audience.title.toLowerCase()}, as of ${utcAndLocal(notice.body.asOfAt, r.zone)}, is withdrawn. Please do not rely on it.`,
      ),
      fields({
        Why: said(reason),
        'What holds instead': said(correction),
        Contact: notice.body.contact === '' ? null : { kind: 'plain', text: reveal(notice.body.contact) },
      }),
      context(strong(`TLP:${notice.body.tlp}`)),
    ],
  );
}

/** Subject and text of a mail. */
export const mailOf = (shown: View, organisation: string): { readonly subject: string; readonly text: string } => ({
  subject:
    `[${/^TLP:[A-Z+]+/.exec(shown.summary)?.[0] ?? ''}] ${organisation}: ${shown.summary.replace(/^TLP:[A-Z+]+ /, '')}`
      .replace(/[\r\n]+/g, ' ')
      .slice(0, 200),
  text: viewText({ ...shown, summary: '' }),
});
