// Sentences of the record that an answer may choose: each is written by code and says in which lane it stands.
import { defangText } from '../evidence/defang.ts';
import { maskSecrets } from '../evidence/secrets.ts';
import { openChallenges } from '../finding/confidence.ts';
import type { Finding } from '../finding/types.ts';
import { laneOf, laneSign } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { splitCites } from '../notice/lines.ts';
import { clip } from '../view/escape.ts';
import type { Offer } from './types.ts';

type Offered = Omit<Offer, 'id'>;
const LONGEST = 280;

/** A sentence as it may be chosen and shown: masked, defanged and of bounded length. */
export const offeredText = (words: string): string =>
  maskSecrets(clip(defangText(words).replace(/\s+/g, ' ').trim(), LONGEST));

const rank = (f: Finding): number =>
  f.state === 'verified' ? (openChallenges(f).length > 0 ? 1 : 0) : f.state === 'refuted' ? 3 : 2;

/** Findings and questions of an incident: verified first, then what is open, then what nobody checked, then what is not so. */
export function recordOffers(dossier: Dossier): readonly Offered[] {
  const { findings, questions } = dossier.finding;
  const ofFinding = (f: Finding): Offered => ({
    key: f.key,
    lane: `${laneSign(f)} ${laneOf(f)}`,
    text: offeredText(f.claim),
    cites: [f.key, ...(f.verification?.cites ?? f.cites).slice(0, 4)],
    mustShow: f.state === 'verified',
  });
  const ranked = findings.toSorted((a, b) => rank(a) - rank(b));
  return [
    ...ranked.filter((f) => f.state === 'verified').map(ofFinding),
    ...questions
      .filter((q) => q.answer === null)
      .map((q) => ({ key: q.key, lane: '? OPEN QUESTION', text: offeredText(q.text), cites: [q.key], mustShow: true })),
    ...ranked.filter((f) => f.state !== 'verified').map(ofFinding),
    ...questions.flatMap((q) =>
      q.answer === null
        ? []
        : [
            {
              key: q.key,
              lane: `ANSWERED by ${q.answer.by.label}`,
              text: offeredText(`${q.text} ${q.answer.text}`),
              cites: [q.key, ...q.answer.cites.slice(0, 4)],
              mustShow: false,
            },
          ],
    ),
  ];
}

/** Lines that code wrote for a draft, each with the lane of what it rests on. */
export function draftOffers(lines: readonly string[], dossier: Dossier): readonly Offered[] {
  const offered = [...new Set(lines)].map((line) => {
    const { words, cites } = splitCites(line);
    const cited = dossier.finding.findings.filter((f) => cites.includes(f.key));
    const weakest = cited.toSorted((a, b) => rank(b) - rank(a))[0];
    return {
      key: cited[0]?.key ?? dossier.incident.key,
      lane: weakest ? `${laneSign(weakest)} ${laneOf(weakest)}` : '\u2713 ON RECORD',
      text: offeredText(words),
      cites,
      mustShow: false,
      rank: weakest ? rank(weakest) : 0,
    };
  });
  // What nobody has checked comes last, so that a short draft is made of what was.
  return offered.toSorted((a, b) => a.rank - b.rank).map(({ rank: _, ...offer }) => offer);
}
