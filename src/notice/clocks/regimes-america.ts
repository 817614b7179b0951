import type { Regime } from './types.ts';

const discovered = 'When was the breach discovered (known, or should have been)?';
const read = { expiresOn: '2027-06-30' } as const;

/** Clocks of the United States. Configuration: counsel confirms that a row applies. */
export const AMERICAN_REGIMES: readonly Regime[] = [
  {
    id: 'sec',
    name: 'SEC Form 8-K (US)',
    anchors: [{ id: 'material', ask: 'When did the company determine that the incident is material?' }],
    rules: [
      {
        id: 'sec-8k',
        to: 'SEC, public',
        what: 'Form 8-K, Item 1.05',
        computation: {
          kind: 'businessDays',
          from: 'material',
          days: 4,
          calendar: 'us-federal',
          zone: 'America/New_York',
          cutOffMinutes: 17 * 60 + 30,
        },
        deferral: 'Item 1.05(c): a written determination of the Attorney General; a request alone defers nothing',
      },
    ],
    reference: 'Form 8-K Item 1.05, General Instruction B.1',
    source: 'https://www.sec.gov/files/form8-k.pdf',
    note: 'The determination itself must come without unreasonable delay after discovery. The 17:30 New York cut-off is the earlier reading.',
    status: 'ready',
    ...read,
  },
  {
    id: 'hipaa',
    name: 'HIPAA breach notification (US)',
    anchors: [{ id: 'discovered', ask: discovered }],
    rules: [
      {
        id: 'hipaa-individuals',
        to: 'people concerned',
        what: 'Tell them without unreasonable delay, at the latest then',
        computation: { kind: 'days', from: 'discovered', days: 60 },
      },
      {
        id: 'hipaa-media',
        to: 'media',
        what: 'Tell prominent media',
        onlyIf: 'if more than 500 residents of one state are concerned',
        computation: { kind: 'days', from: 'discovered', days: 60 },
      },
      {
        id: 'hipaa-hhs',
        to: 'HHS',
        what: 'Notify at the same time as the people',
        onlyIf: 'if 500 or more people are concerned',
        computation: { kind: 'days', from: 'discovered', days: 60 },
      },
      {
        id: 'hipaa-hhs-small',
        to: 'HHS',
        what: 'Enter the breach in the yearly list',
        onlyIf: 'if fewer than 500 people are concerned',
        computation: { kind: 'daysAfterYear', from: 'discovered', days: 60 },
      },
      {
        id: 'hipaa-covered-entity',
        to: 'covered entity',
        what: 'The business associate tells the covered entity',
        onlyIf: 'if you are the business associate',
        computation: { kind: 'days', from: 'discovered', days: 60 },
      },
    ],
    reference: '45 CFR 164.404 to 164.412',
    source: 'https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-D',
    note: 'Sixty days is the outer limit, not the target. 164.412 lets law enforcement ask for a delay.',
    status: 'ready',
    ...read,
  },
  {
    id: 'nydfs',
    name: 'NYDFS Part 500 (New York, finance)',
    anchors: [
      {
        id: 'determined',
        ask: 'When was it determined that a cybersecurity incident happened (affiliates and third parties too)?',
      },
      { id: 'paid', ask: 'When was an extortion payment made?' },
    ],
    rules: [
      {
        id: 'nydfs-notice',
        to: 'NYDFS',
        what: 'Notice; there is a duty to update it',
        computation: { kind: 'hours', from: 'determined', hours: 72 },
      },
      {
        id: 'nydfs-payment',
        to: 'NYDFS',
        what: 'Notice of an extortion payment',
        computation: { kind: 'hours', from: 'paid', hours: 24 },
      },
      {
        id: 'nydfs-payment-reasons',
        to: 'NYDFS',
        what: 'Reasons for the payment, alternatives and sanctions checks',
        computation: { kind: 'days', from: 'paid', days: 30 },
      },
    ],
    reference: '23 NYCRR 500.17(a), (c)',
    source: 'https://www.dfs.ny.gov/industry_guidance/cybersecurity',
    note: '',
    status: 'ready',
    ...read,
  },
  {
    id: 'new-york',
    name: 'New York GBL 899-aa',
    anchors: [{ id: 'discovered', ask: 'When was the breach discovered?' }],
    rules: [
      {
        id: 'new-york-residents',
        to: 'residents, Attorney General, Department of State, State Police, NYDFS',
        what: 'Tell the residents and the authorities',
        computation: { kind: 'days', from: 'discovered', days: 30 },
      },
    ],
    reference: 'N.Y. Gen. Bus. Law 899-aa, as amended December 2024',
    source: 'https://www.nysenate.gov/legislation/laws/GBS/899-AA',
    note: 'Several authorities; counsel names which.',
    status: 'ready',
    ...read,
  },
  {
    id: 'california',
    name: 'California Civ. Code 1798.82',
    anchors: [{ id: 'discovered', ask: 'When was the breach discovered, or when were you told of it?' }],
    rules: [
      {
        id: 'california-residents',
        to: 'residents',
        what: 'Tell the residents',
        computation: { kind: 'days', from: 'discovered', days: 30 },
        deferral:
          '1798.82: the legitimate needs of law enforcement, or measures to find the scope and restore the system',
      },
      {
        id: 'california-ag-sample',
        to: 'Attorney General',
        what: 'Submit a sample of the notice',
        onlyIf: 'if more than 500 residents were told',
        computation: { kind: 'days', from: 'submitted:california-residents', days: 15 },
      },
    ],
    reference: 'Cal. Civ. Code 1798.82 as amended by SB 446',
    source: 'https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=CIV&sectionNum=1798.82.',
    note: 'Thirty days since 1 January 2026. A deadline on a Sunday is not moved.',
    status: 'ready',
    ...read,
  },
  ...(
    [
      ['colorado', 'Colorado', 30, 'C.R.S. 6-1-716', 'https://coag.gov/resources/data-protection-laws/'],
      [
        'florida',
        'Florida',
        30,
        'Fla. Stat. 501.171',
        'https://www.leg.state.fl.us/statutes/index.cfm?App_mode=Display_Statute&URL=0500-0599/0501/Sections/0501.171.html',
      ],
      ['delaware', 'Delaware', 60, '6 Del. C. 12B-102', 'https://delcode.delaware.gov/title6/c012b/'],
    ] as const
  ).map(
    ([id, name, days, reference, source]): Regime => ({
      id,
      name: `${name} breach notification (US)`,
      anchors: [{ id: 'discovered', ask: 'When was it determined that a breach happened?' }],
      rules: [
        {
          id: `${id}-residents`,
          to: 'residents',
          what: 'Tell the residents',
          computation: { kind: 'days', from: 'discovered', days },
        },
      ],
      reference,
      source,
      note: 'Confirm the trigger, the authorities and the thresholds before it is switched on.',
      status: 'confirm',
      ...read,
    }),
  ),
  {
    id: 'ftc-safeguards',
    name: 'FTC Safeguards Rule (US)',
    anchors: [{ id: 'discovered', ask: 'When was the notification event discovered?' }],
    rules: [
      {
        id: 'ftc-safeguards-notice',
        to: 'FTC',
        what: 'Notice on the FTC form',
        onlyIf: 'if unencrypted data of 500 or more consumers is concerned',
        computation: { kind: 'days', from: 'discovered', days: 30 },
      },
    ],
    reference: '16 CFR 314.4(j)',
    source: 'https://www.ecfr.gov/current/title-16/section-314.4',
    note: '',
    status: 'ready',
    ...read,
  },
  {
    id: 'circia',
    name: 'CIRCIA (US)',
    anchors: [
      { id: 'believed', ask: 'When was it reasonable to believe that a covered incident happened?' },
      { id: 'paid', ask: 'When was a ransom paid?' },
    ],
    rules: [
      {
        id: 'circia-incident',
        to: 'CISA',
        what: 'Report the incident',
        computation: { kind: 'hours', from: 'believed', hours: 72 },
      },
      {
        id: 'circia-payment',
        to: 'CISA',
        what: 'Report the payment',
        computation: { kind: 'hours', from: 'paid', hours: 24 },
      },
    ],
    reference: '6 USC 681b',
    source:
      'https://www.cisa.gov/topics/cyber-threats-and-advisories/information-sharing/cyber-incident-reporting-critical-infrastructure-act-2022-circia',
    note: 'No final rule was found when this row was read, so nothing is due yet.',
    status: 'not-in-force',
    ...read,
  },
  {
    id: 'us-banks',
    name: 'US banking regulators',
    anchors: [{ id: 'determined', ask: 'When was it determined that a notification incident happened?' }],
    rules: [
      {
        id: 'us-banks-notice',
        to: 'primary federal regulator',
        what: 'Notify the incident',
        computation: { kind: 'hours', from: 'determined', hours: 36 },
      },
    ],
    reference: '12 CFR 53, 225, 304',
    source: 'https://www.ecfr.gov/current/title-12/chapter-I/part-53',
    note: 'Confirm which regulator and how before it is switched on.',
    status: 'confirm',
    ...read,
  },
  {
    id: 'card-brands',
    name: 'Card brands',
    anchors: [{ id: 'compromised', ask: 'When was the account data compromise confirmed or suspected?' }],
    rules: [
      {
        id: 'card-acquirer',
        to: 'acquirer',
        what: 'Tell the acquirer at once',
        computation: { kind: 'prompt', from: 'compromised' },
      },
      {
        id: 'card-mastercard-pfi',
        to: 'Mastercard, through the acquirer',
        what: 'Engage a PCI forensic investigator',
        computation: { kind: 'hours', from: 'compromised', hours: 72 },
      },
      {
        id: 'card-visa-report',
        to: 'Visa, through the acquirer',
        what: 'Initial report',
        computation: { kind: 'days', from: 'compromised', days: 3 },
      },
      {
        id: 'card-visa-pfi',
        to: 'Visa, through the acquirer',
        what: 'Engage a PCI forensic investigator',
        computation: { kind: 'days', from: 'compromised', days: 5 },
      },
    ],
    reference: 'PCI DSS 12.10 and the contracts with the acquirer',
    source: 'https://www.pcisecuritystandards.org/document_library/',
    note: 'Contract, not law: read your own contracts before it is switched on.',
    status: 'confirm',
    ...read,
  },
];
