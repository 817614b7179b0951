// Who notices are for: what each audience needs, and what must not stand in what they get. Data; check.ts keeps it.

/** Who may review a notice, beside the commander and the deputy, who always may. */
export type Reviewer = 'responder' | 'liaison' | 'legal';

/** What an audience needs beyond the skeleton; a person fills it in, or says it is not known. */
export interface Need {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly isRequired: boolean;
  /** It states facts of the incident: to outsiders it must cite a verified finding or say that it is not known. */
  readonly isClaim: boolean;
  /** Written when nobody has filled it in. */
  readonly standard?: string;
}

/** Things a notice must not carry, each found by code; `words` are looked for as whole words. */
export type MustNot =
  | { readonly find: 'indicators'; readonly why: string }
  | { readonly find: 'own-hosts'; readonly why: string }
  | { readonly find: 'root-causes'; readonly why: string }
  | { readonly find: 'words'; readonly words: readonly string[]; readonly why: string };

export interface Audience {
  readonly key: string;
  readonly title: string;
  /** Readers without technical knowledge: findings need plain words. */
  readonly isPlain: boolean;
  /** Two people release it and it cites verified findings only; the organisation's file can set it for others too. */
  readonly isExternal: boolean;
  readonly reviewers: readonly Reviewer[];
  readonly needs: readonly Need[];
  readonly mustNot: readonly MustNot[];
  /** What we ask of them when nobody has written anything else. */
  readonly asked: readonly string[];
  /** Whether citations such as [FI-2] stay in what they read. */
  readonly showsCites: boolean;
  /** First line above everything, such as a privilege label. */
  readonly label: string | null;
}

const need = (name: string, label: string, hint: string, more: Partial<Need> = {}): Need => ({
  name,
  label,
  hint,
  isRequired: true,
  isClaim: false,
  ...more,
});

const noIndicators: MustNot = {
  find: 'indicators',
  why: 'addresses, file hashes, links and tool output are for responders; write what it means instead',
};
const noHosts: MustNot = {
  find: 'own-hosts',
  why: 'names of our own systems help an attacker; say which service is affected',
};
const noBlame: MustNot = {
  find: 'words',
  words: [
    'liable',
    'liability',
    'negligent',
    'negligence',
    'our fault',
    'fault of',
    'admit',
    'admitted',
    'failed to protect',
  ],
  why: 'a notice states facts; conclusions on liability are for counsel',
};
const noGuessing: MustNot = {
  find: 'words',
  words: [
    'probably',
    'likely',
    'possibly',
    'presumably',
    'we believe',
    'we think',
    'we suspect',
    'seems',
    'appears to',
    'may have',
    'might have',
  ],
  why: 'state what is known, and put the rest under what is not known',
};
const noAttribution: MustNot = {
  find: 'words',
  words: [
    'nation state',
    'nation-state',
    'state-sponsored',
    'apt',
    'threat actor',
    'hacker group',
    'ransomware gang',
    'criminal group',
  ],
  why: 'who did it is for law enforcement to say',
};
const noAttackerDetail: MustNot = {
  find: 'words',
  words: [
    'exploit',
    'exploited',
    'web shell',
    'webshell',
    'malware',
    'payload',
    'lateral movement',
    'privilege escalation',
    'brute force',
    'phishing kit',
    'c2',
    'command and control',
  ],
  why: 'how the attacker worked does not help these readers and helps others',
};

const affected = need(
  'affected',
  'Your data or service',
  'What of the readers is affected, ending in [FI-n]; or: Not known yet.',
  {
    isClaim: true,
    standard: 'Not known yet.',
  },
);

const AUDIENCES: readonly Audience[] = [
  {
    key: 'executive',
    title: 'Executives',
    isPlain: true,
    isExternal: false,
    showsCites: true,
    reviewers: ['liaison'],
    label: null,
    needs: [
      need('impact', 'What it means for the business', 'What does not work, for whom, since when; or: Not known yet.', {
        isClaim: true,
        standard: 'Not known yet.',
      }),
      need('decisions', 'Decisions wanted, and by when', 'Such as: Take the shop offline? By 14:00. Or: None now.', {
        standard: 'None now.',
      }),
      need('confidence', 'How sure we are', 'In words, such as: sure of what happened, not of how far it goes.', {
        standard: 'What we know is on record or was checked by a named person, unless it is marked as not verified.',
      }),
    ],
    mustNot: [noIndicators, noBlame],
    asked: [],
  },
  {
    key: 'employees',
    title: 'Employees',
    isPlain: true,
    isExternal: false,
    showsCites: false,
    reviewers: ['liaison'],
    label: null,
    needs: [
      need('doAndDoNot', 'Do and do not', 'What they should do now and leave alone.', {
        standard:
          'Do carry on with your work unless we tell you otherwise. Do not open messages, files or links you did not expect, and do not try to investigate yourself.',
      }),
      need('report', 'Where to report', 'Where to say that something looks odd.', {
        standard: 'If something looks odd, tell the security team at once.',
      }),
      need('speakOutside', 'Speaking outside', 'What to do when somebody asks.', {
        standard:
          'Please do not speak or post about this outside the company. Send every question from outside to the contact below.',
      }),
    ],
    mustNot: [
      noIndicators,
      noHosts,
      noBlame,
      { find: 'root-causes', why: 'why it could happen is not settled and is not for this notice' },
    ],
    asked: [],
  },
  {
    key: 'legal',
    title: 'Legal and privacy',
    isPlain: false,
    isExternal: false,
    showsCites: true,
    reviewers: ['legal', 'liaison'],
    label: 'Prepared at the request of counsel, for the purpose of legal advice. Do not forward.',
    needs: [
      need('assumptions', 'What we assume', 'Kept apart from the facts above.', {
        standard: 'Everything marked as not verified.',
      }),
      need(
        'dataClasses',
        'Kinds of data',
        'Personal data, health data, card data, trade secrets, none, not known yet.',
        { isClaim: true, standard: 'Not known yet.' },
      ),
      need('jurisdictions', 'Countries and states of the people concerned', 'Or: Not known yet.', {
        standard: 'Not known yet.',
      }),
      need('clocks', 'Legal clocks', 'Which run, who started each and when.', { standard: 'None was started.' }),
      need('holds', 'Legal holds', 'What must be kept; or: None.', { standard: 'None was ordered.' }),
    ],
    mustNot: [noBlame],
    asked: ['Say which legal clocks apply, so that the commander can start them.'],
  },
  {
    key: 'regulator',
    title: 'Regulator',
    isPlain: false,
    isExternal: true,
    showsCites: true,
    reviewers: ['legal'],
    label: null,
    needs: [
      need('regime', 'Under which rule', 'Such as: GDPR Art. 33.'),
      need('stage', 'Stage', 'Early warning, initial, intermediate, final; and what it corrects.'),
      need('nature', 'Nature of what happened', 'Only fields of that rule; facts end in [FI-n].', {
        isClaim: true,
        standard: 'Not known yet.',
      }),
      need('peopleConcerned', 'Categories and number of people and records', 'Ending in [FI-n]; or: Not known yet.', {
        isClaim: true,
        standard: 'Not known yet.',
      }),
      need('consequences', 'Likely consequences', 'Ending in [FI-n]; or: Not known yet.', {
        isClaim: true,
        standard: 'Not known yet.',
      }),
      need('measures', 'Measures taken or proposed', 'What was done, by date.', {
        isClaim: true,
        standard: 'Not known yet.',
      }),
    ],
    mustNot: [noGuessing, noAttribution, noBlame, noHosts],
    asked: [],
  },
  {
    key: 'customers',
    title: 'Customers',
    isPlain: true,
    isExternal: true,
    showsCites: false,
    reviewers: ['legal', 'liaison'],
    label: null,
    needs: [
      affected,
      need('whatToDo', 'What you should do', 'Plain steps; or: Nothing now.', {
        standard: 'You do not need to do anything now. We will tell you if that changes.',
      }),
    ],
    mustNot: [noIndicators, noHosts, noAttackerDetail, noAttribution, noBlame],
    asked: [],
  },
  {
    key: 'insurer',
    title: 'Insurer',
    isPlain: false,
    isExternal: true,
    showsCites: true,
    reviewers: ['legal'],
    label: null,
    needs: [
      need('policy', 'Policy number', 'As on the policy.'),
      need('firstNotice', 'First notice', 'When and how the insurer was first told.'),
      need('nature', 'Nature of the incident', 'Facts end in [FI-n]; or: Not known yet.', {
        isClaim: true,
        standard: 'Not known yet.',
      }),
      need('vendors', 'Vendors engaged', 'Who, and whether the insurer has agreed to them.', { standard: 'None yet.' }),
      need('costs', 'Costs so far', 'An amount and what for; or: Not known yet.', { standard: 'Not known yet.' }),
      need('ransom', 'Ransom demand', 'None, or its status.', { isClaim: true, standard: 'Not known yet.' }),
    ],
    mustNot: [
      noBlame,
      {
        find: 'words',
        words: ['privileged', 'attorney-client', 'legal advice', 'work product'],
        why: 'privileged analysis loses its protection when it is passed on',
      },
    ],
    asked: [],
  },
  ...(
    [
      ['media', 'Media', [noIndicators, noHosts, noAttackerDetail, noAttribution, noBlame, noGuessing], ['legal']],
      ['board', 'Board', [noIndicators, noBlame], ['legal', 'liaison']],
      ['law-enforcement', 'Law enforcement', [noBlame], ['legal']],
      ['vendors', 'Vendors and partners', [noBlame, noAttribution], ['legal', 'liaison']],
    ] as const
  ).map(
    ([key, title, mustNot, reviewers]): Audience => ({
      key,
      title,
      isPlain: key === 'media' || key === 'board',
      isExternal: key !== 'board',
      showsCites: key !== 'media',
      reviewers,
      label: null,
      needs: key === 'media' || key === 'vendors' ? [{ ...affected, label: 'What is affected' }] : [],
      mustNot,
      asked: [],
    }),
  ),
];

/** The built-in audiences, by key. */
export const builtInAudiences: ReadonlyMap<string, Audience> = new Map(AUDIENCES.map((a) => [a.key, a]));
