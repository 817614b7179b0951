// What keeps a notice from being released, and what its reader should look at twice.
import ipaddr from 'ipaddr.js';
import { defangText, refang } from '../evidence/defang.ts';
import { lostGrounds } from '../finding/cites.ts';
import { isSettled } from '../finding/confidence.ts';
import type { Finding } from '../finding/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Organisation } from '../organisation/schema.ts';
import type { Audience, MustNot } from './audiences.ts';
import { recordedLines } from './facts.ts';
import { groundsOf, splitCites } from './lines.ts';
import { isStricter, type Tlp, tlpMeaning } from './tlp.ts';
import type { NoticeBody } from './types.ts';
import { hasWord, LOADED_WORDS } from './words.ts';

export interface Checked {
  /** Each keeps the notice from being reviewed and sent. */
  readonly problems: readonly string[];
  /** Each may stay when the reviewer says why. */
  readonly warnings: readonly string[];
}

export interface Found {
  readonly what: string;
  readonly why: string;
  /** Found by shape, so that there is nothing to argue; a word can be meant otherwise. */
  readonly isCertain: boolean;
}

const HASH = /\b[0-9a-f]{32,128}\b/i;
const isAddress6 = (token: string): boolean => token.split(':').length > 2 && ipaddr.IPv6.isValid(token);

/** Whether text carries an address, link, host name, mail address or file hash that is not our own. */
export function hasIndicator(text: string, org: Organisation): boolean {
  if (HASH.test(text)) return true;
  const own = new Set(org.domains.map((d) => d.toLowerCase()));
  return refang(text)
    .split(/[\s,;()<>"'[\]]+/)
    .some((token) => {
      const bare = token.replace(/[.:!?]+$/, '').toLowerCase();
      if (own.has(bare.slice(bare.lastIndexOf('@') + 1))) return false;
      return isAddress6(bare) || defangText(bare) !== bare;
    });
}

function foundBy(rule: MustNot, words: string, org: Organisation, cited: readonly Finding[]): readonly Found[] {
  switch (rule.find) {
    case 'indicators':
      return hasIndicator(words, org)
        ? [{ what: 'It names an address, link or file hash', why: rule.why, isCertain: true }]
        : [];
    case 'own-hosts': {
      const plain = refang(words);
      const host = org.assets.find((a) => a.kind === 'host' && [a.name, ...a.addresses].some((n) => hasWord(plain, n)));
      return host ? [{ what: `It names ${host.name}`, why: rule.why, isCertain: true }] : [];
    }
    case 'root-causes': {
      const cause = cited.find((f) => f.kind !== 'observation');
      return cause ? [{ what: `It explains a cause (${cause.key})`, why: rule.why, isCertain: true }] : [];
    }
    case 'words':
      return rule.words
        .filter((w) => hasWord(words, w))
        .map((w) => ({ what: `It says "${w}"`, why: rule.why, isCertain: false }));
  }
}

/** What an audience must not be told that stands in some words, and whether it is certain. */
export const mustNotIn = (
  words: string,
  audience: Audience,
  org: Organisation,
  cited: readonly Finding[],
): readonly Found[] => audience.mustNot.flatMap((rule) => foundBy(rule, words, org, cited));

/** Refuses a label that the audience's channel is too wide for, and says who may. */
export const tlpProblem = (tlp: Tlp, audience: Audience, width: Tlp): string | null =>
  isStricter(tlp, width)
    ? `TLP:${tlp} is ${tlpMeaning[tlp]}, and ${audience.title.toLowerCase()} are reached at TLP:${width}, which is wider. The commander can lower the label, or tell named people one by one`
    : null;

// The whole answer, not its beginning: "None of your data was touched" is a claim.
const isNotKnown = (answer: string): boolean => /^(not known( yet)?|unknown)\.?$/i.test(answer.trim());

/** Everything that speaks against releasing a notice as it is now. */
export function checkNotice(
  body: NoticeBody,
  audience: Audience,
  dossier: Dossier,
  context: { readonly org: Organisation; readonly nowAt: string; readonly width: Tlp; readonly isExternal: boolean },
): Checked {
  const { org, isExternal } = context;
  const findings = dossier.finding.findings;
  const recorded = recordedLines(dossier, org);
  const problems: string[] = [];
  const warnings: string[] = [];
  const short = (line: string): string => `"${line.length > 60 ? `${line.slice(0, 60)}\u2026` : line}"`;

  const wide = tlpProblem(body.tlp, audience, context.width);
  if (wide) problems.push(wide);
  if (body.status.trim() === '') problems.push('The status line is empty');
  if (dossier.incident.phase !== 'closed' && (body.nextUpdateAt === null || body.nextUpdateAt <= context.nowAt))
    problems.push('The time of the next update is missing or has passed');
  if (body.contact.trim() === '')
    problems.push('It names nobody to contact; "contact" in countersign.yml fills it in for all');

  const answers = audience.needs.map((n) => ({ need: n, answer: (body.answers[n.name] ?? '').trim() }));
  for (const { need, answer } of answers)
    if (need.isRequired && answer === '') problems.push(`"${need.label}" is not filled in`);

  const claims = [
    body.status,
    ...body.known,
    ...answers
      .filter((a) => a.need.isClaim && !isNotKnown(a.answer) && a.answer !== '')
      .flatMap((a) => a.answer.split('\n')),
  ];
  for (const line of claims.filter((l) => l.trim() !== '')) {
    const grounds = groundsOf(line, findings, recorded);
    if (grounds === 'refuted') problems.push(`${short(line)} rests on a refuted finding`);
    else if (isExternal && grounds === 'unverified') {
      const shaky = splitCites(line).cites.filter((c) => findings.some((f) => f.key === c && !isSettled(f)));
      problems.push(
        shaky.length > 0
          ? `${short(line)} rests on ${shaky.join(', ')}, which nobody has verified or somebody has challenged: settle that first ("finding verify ${shaky[0]}"), or take the line out`
          : `${short(line)} is not backed by a verified finding: cite one at its end, such as [FI-1], or take it out`,
      );
    }
  }
  if (isExternal) {
    for (const line of body.beingDone) {
      if (groundsOf(line, findings, recorded) === 'unverified')
        warnings.push(`${short(line)} was written by hand and cites nothing`);
    }
  }

  const all = [
    body.status,
    ...body.known,
    ...body.notKnown,
    ...body.beingDone,
    ...body.asked,
    ...answers.map((a) => a.answer),
  ];
  const labels = new Map(findings.map((f) => [f.key, f]));
  for (const line of all) {
    const cited = splitCites(line).cites.flatMap((c) => labels.get(c) ?? []);
    for (const f of cited) {
      const lost = lostGrounds(f, dossier);
      if (lost.length > 0)
        (isExternal ? problems : warnings).push(
          `${short(line)} rests on ${f.key}, whose evidence ${lost.join(', ')} was retracted or is gone: look at it again`,
        );
    }
    for (const f of cited)
      if (f.tlp !== null && isStricter(f.tlp, body.tlp))
        problems.push(`${short(line)} rests on ${f.key}, which is TLP:${f.tlp}; this notice is TLP:${body.tlp}`);
    for (const found of mustNotIn(splitCites(line).words, audience, org, cited))
      (found.isCertain ? problems : warnings).push(`${short(line)}: ${found.what}; ${found.why}`);
    for (const [word, why] of Object.entries({ ...LOADED_WORDS, ...org.words }))
      if (hasWord(line, word)) warnings.push(`${short(line)}: "${word}": ${why}`);
  }
  return { problems: [...new Set(problems)], warnings: [...new Set(warnings)] };
}
