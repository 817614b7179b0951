// The forms of findings, and what comes back from them.
import { readTlp, TLP_LABELS } from '../notice/tlp.ts';
import { isRefusal } from '../refusal.ts';
import { context, notice, text } from '../view/build.ts';
import type { Element, Form } from '../view/types.ts';
import { flagsSeen, readCites } from './confidence.ts';
import { claimed, said } from './said.ts';
import { type Claim, FINDING_KINDS, type Finding, RED_FLAGS } from './types.ts';

type Values = Readonly<Record<string, string | readonly string[]>>;
const get = (values: Values, name: string): string => {
  const value = values[name];
  return (typeof value === 'string' ? value : (value?.at(-1) ?? '')).trim();
};
const lines = (typed: string): readonly string[] =>
  typed
    .split('\n')
    .map((l) => l.trim())
    .filter(Boolean)
    .slice(0, 20);

const CITES_HINT = 'Such as EV-1:12, EV-2:40-52 or TE-4, separated by commas';
const KINDS: Readonly<Record<(typeof FINDING_KINDS)[number], string>> = {
  observation: 'What we saw',
  hypothesis: 'How we explain it',
  'root-cause': 'Why it was possible (root cause)',
};

/** The form of a new or an incomplete finding. */
export const claimForm = (incident: string, known: Partial<Claim> & { readonly key?: string }): Form => ({
  title: known.key ? `Complete ${known.key}` : 'Add a finding',
  submitLabel: known.key ? 'Save' : 'Add',
  intent: { verb: 'finding save', args: { incident, ...(known.key ? { finding: known.key } : {}) } },
  intro: [
    context(
      'It is not verified until somebody says how they checked it. An explanation needs at least two alternatives.',
    ),
  ],
  fields: [
    {
      kind: 'paragraph',
      name: 'claim',
      label: 'What you found, in one sentence',
      isRequired: true,
      maxLength: 500,
      value: known.claim ?? '',
    },
    {
      kind: 'choice',
      name: 'kind',
      label: 'What kind',
      isRequired: true,
      value: known.kind ?? 'observation',
      choices: FINDING_KINDS.map((k) => ({ value: k, label: KINDS[k] })),
    },
    {
      kind: 'line',
      name: 'cites',
      label: 'What speaks for it',
      hint: CITES_HINT,
      isRequired: false,
      maxLength: 1000,
      value: (known.cites ?? []).join(', '),
    },
    {
      kind: 'line',
      name: 'against',
      label: 'What speaks against it',
      hint: CITES_HINT,
      isRequired: false,
      maxLength: 1000,
      value: (known.against ?? []).join(', '),
    },
    {
      kind: 'line',
      name: 'confidence',
      label: 'How sure are you, 0 to 100',
      isRequired: false,
      maxLength: 3,
      value: known.confidence === null || known.confidence === undefined ? '' : String(known.confidence),
    },
    {
      kind: 'paragraph',
      name: 'assumptions',
      label: 'What it assumes, one a line',
      isRequired: false,
      maxLength: 1000,
      value: (known.assumptions ?? []).join('\n'),
    },
    {
      kind: 'paragraph',
      name: 'alternatives',
      label: 'What else it could be, one a line',
      isRequired: false,
      maxLength: 1000,
      value: (known.alternatives ?? []).join('\n'),
    },
    {
      kind: 'line',
      name: 'wouldChange',
      label: 'What would change your mind',
      isRequired: false,
      maxLength: 300,
      value: known.wouldChange ?? '',
    },
    {
      kind: 'line',
      name: 'plain',
      label: 'In plain words, for managers',
      hint: 'No addresses, no tool names',
      isRequired: false,
      maxLength: 300,
      value: known.plain ?? '',
    },
    {
      kind: 'choice',
      name: 'isLowTrust',
      label: 'Can its sources be trusted',
      isRequired: true,
      value: known.isLowTrust ? 'no' : 'yes',
      choices: [
        { value: 'yes', label: 'As far as we know' },
        { value: 'no', label: 'No: the attacker could have written them' },
      ],
    },
    {
      kind: 'choice',
      name: 'tlp',
      label: 'Handling',
      isRequired: true,
      value: known.tlp ?? 'none',
      choices: [
        { value: 'none', label: 'As the notice it goes into' },
        ...TLP_LABELS.map((l) => ({ value: l, label: `TLP:${l}` })),
      ],
    },
  ],
});

/** Reads a claim; errors by field. */
export function readClaim(values: Values): Claim | { readonly errors: Readonly<Record<string, string>> } {
  const errors: Record<string, string> = {};
  const claim = get(values, 'claim').replace(/\s+/g, ' ').slice(0, 500);
  if (claim === '') errors['claim'] = 'Say what you found, in one sentence.';
  const cites = readCites(get(values, 'cites'));
  const against = readCites(get(values, 'against'));
  if (cites.wrong.length > 0)
    errors['cites'] = `${cites.wrong.join(', ').slice(0, 60)}: write ${CITES_HINT.toLowerCase()}.`;
  if (against.wrong.length > 0)
    errors['against'] = `${against.wrong.join(', ').slice(0, 60)}: write ${CITES_HINT.toLowerCase()}.`;
  const typed = get(values, 'confidence').replace(/%$/, '');
  const confidence = typed === '' ? null : /^\d{1,3}$/.test(typed) && Number(typed) <= 100 ? Number(typed) : Number.NaN;
  if (Number.isNaN(confidence)) errors['confidence'] = 'Write a number from 0 to 100, or leave it empty.';
  const tlpTyped = get(values, 'tlp');
  const tlp = tlpTyped === '' || tlpTyped === 'none' ? null : readTlp(tlpTyped);
  if (isRefusal(tlp)) errors['tlp'] = tlp.message;
  if (Object.keys(errors).length > 0 || isRefusal(tlp)) return { errors };
  return {
    claim,
    plain: get(values, 'plain').slice(0, 300) || null,
    kind: FINDING_KINDS.find((k) => k === get(values, 'kind')) ?? 'observation',
    cites: cites.cites,
    against: against.cites,
    assumptions: lines(get(values, 'assumptions')),
    alternatives: lines(get(values, 'alternatives')),
    wouldChange: get(values, 'wouldChange').slice(0, 300),
    confidence,
    isLowTrust: get(values, 'isLowTrust') === 'no',
    mismatches: [],
    tlp,
  };
}

/** A claim typed in one line: citations in brackets at its end are read as what speaks for it. */
export function inlineClaim(typed: string): Claim {
  const tail = /\[([^[\]]{1,200})\]\s*$/.exec(typed.slice(-210));
  const cites = tail ? readCites(tail[1] as string) : { cites: [], wrong: [] };
  const isCited = cites.cites.length > 0 && cites.wrong.length === 0;
  const words = isCited && tail ? typed.slice(0, typed.length - tail[0].length) : typed;
  return {
    claim: words.replace(/\s+/g, ' ').trim().slice(0, 500),
    plain: null,
    kind: 'observation',
    cites: isCited ? cites.cites : [],
    against: [],
    assumptions: [],
    alternatives: [],
    wouldChange: '',
    confidence: null,
    isLowTrust: false,
    mismatches: [],
    tlp: null,
  };
}

const method = (label: string): Form['fields'][number] => ({
  kind: 'paragraph',
  name: 'method',
  label,
  hint: 'Which source you looked at, and how',
  isRequired: true,
  maxLength: 500,
});
const evidence = (value: readonly string[]): Form['fields'][number] => ({
  kind: 'line',
  name: 'cites',
  label: 'Evidence others can look at',
  hint: CITES_HINT,
  isRequired: true,
  maxLength: 1000,
  value: value.join(', '),
});
const about = (finding: Finding): readonly Element[] => [text(claimed(finding, finding.claim))];

export const verifyForm = (incident: string, finding: Finding, isSecondRequired: boolean): Form => ({
  title: `Verify ${finding.key}`,
  submitLabel: 'I checked this',
  intent: { verb: 'finding verify', args: { incident, finding: finding.key } },
  intro: [
    ...about(finding),
    context(
      'With your name it moves to the verified lane, may go into notices to outsiders, and stays as it is: the assistant cannot change it any more.',
    ),
  ],
  fields: [
    method('How did you check it'),
    evidence(finding.cites),
    {
      kind: 'person',
      name: 'second',
      label: isSecondRequired ? 'Second person, who confirms (required here)' : 'Second person, who confirms',
      isRequired: isSecondRequired,
    },
  ],
});

export const refuteForm = (incident: string, finding: Finding): Form => ({
  title: `Refute ${finding.key}`,
  submitLabel: 'Refute',
  intent: { verb: 'finding refute', args: { incident, finding: finding.key } },
  intro: [
    ...about(finding),
    context('It stays readable, marked as refuted. Notices that cite it can no longer be sent.'),
  ],
  fields: [method('How do you know it is wrong'), evidence([])],
});

export const challengeForm = (incident: string, finding: Finding): Form => ({
  title: `Challenge ${finding.key}`,
  submitLabel: 'Challenge',
  intent: { verb: 'finding challenge', args: { incident, finding: finding.key } },
  intro: [
    ...about(finding),
    // Told, not ticked: a challenge is somebody's own judgement.
    ...flagsSeen(finding).map((f) => notice('warning', `Code sees a red flag: ${RED_FLAGS[f]}.`)),
    context('While the challenge stands open, nobody outside is told this.'),
  ],
  fields: [
    method('How did you attack it'),
    { kind: 'paragraph', name: 'argument', label: 'What speaks against it', isRequired: false, maxLength: 500 },
    {
      kind: 'choices',
      name: 'redFlags',
      label: 'Red flags',
      isRequired: false,
      choices: Object.entries(RED_FLAGS).map(([value, label]) => ({ value, label })),
    },
    { kind: 'line', name: 'cites', label: 'Evidence', hint: CITES_HINT, isRequired: false, maxLength: 1000 },
    { kind: 'person', name: 'second', label: 'Who looked with you', isRequired: false },
  ],
});

export const plainForm = (incident: string, finding: Finding): Form => ({
  title: `${finding.key} in plain words`,
  submitLabel: 'Save',
  intent: { verb: 'finding plain', args: { incident, finding: finding.key } },
  intro: about(finding),
  fields: [
    {
      kind: 'line',
      name: 'plain',
      label: 'In plain words, for customers, employees and managers',
      hint: 'No addresses, no tool names, nothing the claim does not say',
      isRequired: true,
      maxLength: 300,
      value: finding.plain ?? '',
    },
  ],
});

export const settleForm = (incident: string, finding: Finding): Form => ({
  title: `Settle ${finding.key}`,
  submitLabel: 'Settle',
  intent: { verb: 'finding settle', args: { incident, finding: finding.key } },
  intro: about(finding),
  fields: [
    { kind: 'paragraph', name: 'answer', label: 'What settled the challenge', isRequired: true, maxLength: 500 },
  ],
});

export const questionForm = (incident: string, value: string, zone: string): Form => ({
  title: 'Ask a question',
  submitLabel: 'Ask',
  intent: { verb: 'finding question', args: { incident } },
  intro: [context('It stays open until somebody answers; it shows in the handover and in every catch-up.')],
  fields: [
    { kind: 'paragraph', name: 'text', label: 'What nobody knows yet', isRequired: true, maxLength: 500, value },
    { kind: 'person', name: 'answerer', label: 'Who finds out', isRequired: false },
    {
      kind: 'line',
      name: 'due',
      label: 'By when',
      hint: `14:05 (${zone}), 14:05Z, +30m or 2026-11-20T08:15Z`,
      isRequired: false,
      maxLength: 40,
    },
    { kind: 'line', name: 'evidenceWanted', label: 'What would settle it', isRequired: false, maxLength: 300 },
  ],
});

export const answerForm = (incident: string, key: string, question: string): Form => ({
  title: `Answer ${key}`,
  submitLabel: 'Answer',
  intent: { verb: 'finding answer', args: { incident, question: key } },
  intro: [text(said(question))],
  fields: [
    { kind: 'paragraph', name: 'text', label: 'Answer', isRequired: true, maxLength: 500 },
    { kind: 'line', name: 'cites', label: 'Evidence', hint: CITES_HINT, isRequired: false, maxLength: 1000 },
  ],
});
