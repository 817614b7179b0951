// Findings as people see them: which lane first, then on what grounds, then what speaks against it.

import { defangText } from '../evidence/defang.ts';
import {
  actions,
  button,
  context,
  fields,
  heading,
  list,
  notice,
  person,
  prose,
  strong,
  text,
  time,
  untrusted,
  view,
} from '../view/build.ts';
import { reveal } from '../view/escape.ts';
import type { Button, Element, Prose, View } from '../view/types.ts';
import { cappedConfidence, flagsSeen, isSettled, missingParts, openChallenges } from './confidence.ts';
import { claimed, said } from './said.ts';
import { type Finding, type Findings, type Question, RED_FLAGS } from './types.ts';

/** The lane in two words: what a tired reader must not have to work out. */
export const laneOf = (finding: Finding): string => {
  if (finding.state === 'refuted') return 'REFUTED';
  if (finding.state === 'verified') return openChallenges(finding).length > 0 ? 'VERIFIED, CHALLENGED' : 'VERIFIED';
  return finding.origin === 'assistant' ? 'ASSISTANT, NOT VERIFIED' : 'NOT VERIFIED';
};

/** A shape of its own for each lane, for those who see no colour and have no time to read. */
export const laneSign = (finding: Finding): string =>
  finding.state === 'refuted'
    ? '\u2717'
    : finding.state === 'verified'
      ? openChallenges(finding).length > 0
        ? '\u203c'
        : '\u2713'
      : '\u25cb';

function laneNotice(finding: Finding): Element {
  const { verification, refutation } = finding;
  if (finding.state === 'refuted' && refutation)
    return notice(
      'danger',
      'REFUTED by ',
      refutation.by.label,
      ': ',
      said(refutation.method),
      ` (${refutation.cites.join(', ')})`,
    );
  if (finding.state === 'verified' && verification) {
    const own = finding.by.id === verification.by.id && finding.origin === 'person' ? ', who also proposed it' : '';
    const second = verification.second ? ` and ${verification.second.label}` : '';
    return notice(
      openChallenges(finding).length > 0 ? 'warning' : 'good',
      `VERIFIED by ${verification.by.label}${own}${second}: `,
      said(verification.method),
      ` (${verification.cites.join(', ')})`,
    );
  }
  if (verification?.second)
    return notice(
      'warning',
      `NOT VERIFIED YET: ${verification.by.label} checked it, ${verification.second.label} still has to confirm.`,
    );
  return finding.origin === 'assistant'
    ? notice('warning', 'PROPOSED BY THE ASSISTANT, NOT VERIFIED. Nobody has checked this.')
    : notice('warning', `NOT VERIFIED. Proposed by ${finding.by.label}; nobody has checked it.`);
}

function confidenceProse(finding: Finding): Prose | null {
  const capped = cappedConfidence(finding);
  if (capped.value === null || finding.state !== 'unverified') return null;
  return prose(
    `${capped.value} of 100`,
    capped.reasons.length > 0 ? ` (${capped.stated} was stated; capped because ${capped.reasons.join(', and ')})` : '',
  );
}

const plainList = (items: readonly string[]): Prose | null =>
  items.length === 0 ? null : prose(...items.flatMap((i, at) => (at > 0 ? ['; ', said(i)] : [said(i)])));

/** One finding with everything it rests on. */
export function findingView(finding: Finding, incident: string): View {
  const missing = missingParts(finding);
  const args = { incident, finding: finding.key };
  const challenges = finding.challenges.map((c) =>
    notice(
      c.answer === null ? 'danger' : 'info',
      c.answer === null ? 'CHALLENGED by ' : 'Challenge settled, raised by ',
      c.by.label,
      c.second ? ` with ${c.second.label}` : '',
      ': ',
      ...(c.argument ? [said(c.argument), '. '] : []),
      ...(c.redFlags.length > 0 ? [`${c.redFlags.map((f) => RED_FLAGS[f]).join('; ')}. `] : []),
      'How: ',
      said(c.method),
      c.cites.length > 0 ? ` (${c.cites.join(', ')})` : '',
      ...(c.answer === null ? [] : ['. Settled: ', said(c.answer)]),
    ),
  );
  return view(
    `${finding.key} ${laneOf(finding)}: ${reveal(defangText(finding.claim))}`,
    [
      heading(`${finding.key} \u00b7 ${laneSign(finding)} ${laneOf(finding)}`),
      text(claimed(finding, finding.claim)),
      laneNotice(finding),
      ...(finding.state === 'unverified' && missing.length > 0
        ? [notice('warning', `INCOMPLETE: it lacks ${missing.join(', ')}. Until then nobody can cite or verify it.`)]
        : []),
      ...(finding.mismatches.length > 0
        ? [
            notice(
              'warning',
              'Not in what is cited: ',
              untrusted(defangText(finding.mismatches.join(', '))),
              '. Correct the claim, or cite the line that has it.',
            ),
          ]
        : []),
      fields({
        'In plain words': finding.plain === null ? null : claimed(finding, finding.plain),
        Kind: finding.kind === 'root-cause' ? 'root cause' : finding.kind,
        'Confidence stated': confidenceProse(finding),
        'Speaks for it': finding.cites.length > 0 ? finding.cites.join(', ') : 'nothing cited',
        'Speaks against it':
          finding.against.length > 0
            ? finding.against.join(', ')
            : finding.kind === 'observation' || finding.state !== 'unverified'
              ? null
              : 'nothing found; look for it',
        'Red flags code sees':
          finding.kind !== 'observation' && finding.state === 'unverified' && flagsSeen(finding).length > 0
            ? flagsSeen(finding)
                .map((f) => RED_FLAGS[f])
                .join('; ')
            : null,
        Assumes: plainList(finding.assumptions),
        'Could also be': plainList(finding.alternatives),
        'Would change our mind': finding.wouldChange === '' ? null : said(finding.wouldChange),
        Handling: finding.tlp === null ? null : `TLP:${finding.tlp}`,
        'Verification asked by':
          finding.state === 'unverified' && finding.askedToVerifyBy.length > 0
            ? finding.askedToVerifyBy.map((a) => a.label).join(', ')
            : null,
      }),
      ...challenges,
      ...buttonRow(finding, args),
    ],
    finding.state === 'refuted' ? 'danger' : isSettled(finding) ? 'good' : 'warning',
  );
}

function buttonRow(finding: Finding, args: Readonly<Record<string, string>>): readonly Element[] {
  const row: Button[] = [];
  if (finding.state === 'unverified' && finding.verification?.second)
    row.push(button(`Confirm (${finding.verification.second.label})`, 'finding confirm', args, { style: 'primary' }));
  if (finding.state === 'unverified' && missingParts(finding).length > 0)
    row.push(button('Complete it', 'finding edit', args, { style: 'primary' }));
  else if (finding.state === 'unverified') row.push(button('Verify', 'finding verify', args));
  if (openChallenges(finding).length > 0) row.push(button('Settle the challenge', 'finding settle', args));
  if (finding.state !== 'refuted')
    row.push(button('Challenge', 'finding challenge', args), button('Refute', 'finding refute', args));
  else row.push(button('Verify after all', 'finding verify', args));
  return [actions(...row)];
}

const line = (f: Finding): Prose => {
  const capped = cappedConfidence(f);
  return prose(
    `${f.key} `,
    claimed(f, f.claim),
    f.cites.length > 0
      ? ` (${f.cites.slice(0, 4).join(', ')}${f.cites.length > 4 ? ', \u2026' : ''})`
      : ' (nothing cited)',
    f.state === 'unverified' && capped.value !== null ? `, ${capped.value} of 100` : '',
    f.state === 'unverified' && missingParts(f).length > 0 ? ', incomplete' : '',
    openChallenges(f).length > 0 ? ', challenged' : '',
  );
};

const group = (title: string, findings: readonly Finding[]): readonly Element[] =>
  findings.length === 0 ? [] : [heading(title), list(findings.map(line))];

/** A question in a line: what, who finds out, by when. */
export const questionProse = (q: Question): Prose =>
  prose(
    `${q.key} `,
    said(q.text),
    ...(q.answerer ? [' \u2014 ', person(q.answerer)] : [' \u2014 nobody assigned']),
    ...(q.dueAt ? [', by ', time(q.dueAt)] : []),
    ...(q.evidenceWanted ? [', wanted: ', said(q.evidenceWanted)] : []),
  );

/** Hypotheses with the best supported first: confidence after caps, then fewer things against. */
export const rankedHypotheses = (all: Findings): readonly Finding[] =>
  all.findings
    .filter((f) => f.kind !== 'observation' && f.state === 'unverified')
    .toSorted(
      (a, b) =>
        (cappedConfidence(b).value ?? -1) - (cappedConfidence(a).value ?? -1) || a.against.length - b.against.length,
    );

/** Every finding by lane, then the open questions. */
export function findingsView(all: Findings, incident: string): View {
  const unverified = all.findings.filter((f) => f.state === 'unverified' && f.kind === 'observation');
  const open = all.questions.filter((q) => q.answer === null);
  const verified = all.findings.filter((f) => f.state === 'verified');
  const hypotheses = rankedHypotheses(all);
  return view(
    `Findings of ${incident}: ${verified.length} verified, ${unverified.length + hypotheses.length} not, ${open.length} questions open`,
    [
      ...group('\u2713 Verified by people', verified),
      ...group('\u25cb Explanations, NOT verified, strongest first', hypotheses),
      ...group(
        '\u25cb Seen by people, NOT verified',
        unverified.filter((f) => f.origin === 'person'),
      ),
      ...group(
        '\u25cb Proposed by the assistant, NOT verified',
        unverified.filter((f) => f.origin === 'assistant'),
      ),
      ...group(
        '\u2717 Refuted',
        all.findings.filter((f) => f.state === 'refuted'),
      ),
      ...(open.length === 0 ? [] : [heading('Open questions'), list(open.map(questionProse))]),
      ...(all.findings.length === 0 && open.length === 0
        ? [
            text(
              'No finding and no question yet. A finding is a claim with its evidence; it counts once somebody else has checked it.',
            ),
          ]
        : []),
      actions(
        button('Add a finding', 'finding add', { incident }),
        button('Ask a question', 'finding question', { incident }),
        button('How far it goes', 'finding scope', { incident }),
        button('Ask the assistant', 'finding menu', { incident }),
      ),
      context('Show one: finding show FI-1'),
    ],
  );
}

/** A question and its answer. */
export const questionView = (q: Question, incident: string): View =>
  view(`${q.key} ${q.answer ? 'answered' : 'open'}: ${reveal(defangText(q.text))}`, [
    heading(`${q.key} \u00b7 ${q.answer ? 'ANSWERED' : 'OPEN QUESTION'}`),
    text(said(q.text)),
    fields({
      'Who finds out': q.answerer ? prose(person(q.answerer)) : 'nobody assigned',
      'By when': q.dueAt ? time(q.dueAt) : null,
      'What would settle it': q.evidenceWanted ? said(q.evidenceWanted) : null,
      Answer: q.answer
        ? prose(
            said(q.answer.text),
            q.answer.cites.length > 0 ? ` (${q.answer.cites.join(', ')})` : ' (no evidence cited)',
          )
        : null,
      'Answered by': q.answer ? q.answer.by.label : null,
    }),
    ...(q.answer ? [] : [actions(button('Answer', 'finding answer', { incident, question: q.key }))]),
  ]);

/** What the pinned card says of findings; nothing while there is none. */
export function findingsSection(all: Findings): readonly Element[] {
  const verified = all.findings.filter((f) => f.state === 'verified').length;
  const unverified = all.findings.filter((f) => f.state === 'unverified').length;
  const challenged = all.findings.filter((f) => f.state !== 'refuted' && openChallenges(f).length > 0).length;
  const open = all.questions.filter((q) => q.answer === null).length;
  if (verified + unverified + open === 0) return [];
  return [
    fields({
      Findings: prose(
        strong(`${verified} verified`),
        `, ${unverified} not`,
        challenged > 0 ? `, ${challenged} challenged` : '',
        open > 0 ? `; ${open} ${open === 1 ? 'question' : 'questions'} open` : '',
      ),
    }),
  ];
}
