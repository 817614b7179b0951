import type { Regime } from './types.ts';

const read = { expiresOn: '2027-06-30' } as const;

/** Clocks of Australia, Singapore and India. Configuration: counsel confirms that a row applies. */
export const ASIA_PACIFIC_REGIMES: readonly Regime[] = [
  {
    id: 'au-soci',
    name: 'SOCI Act (Australia)',
    anchors: [
      { id: 'aware-significant', ask: 'When did you become aware of an incident with a significant impact?' },
      { id: 'aware-relevant', ask: 'When did you become aware of an incident with a relevant impact?' },
    ],
    rules: [
      {
        id: 'au-soci-significant',
        to: 'ASD',
        what: 'Report, by word of mouth or in writing',
        computation: { kind: 'hours', from: 'aware-significant', hours: 12 },
      },
      {
        id: 'au-soci-significant-written',
        to: 'ASD',
        what: 'Written report after an oral one',
        onlyIf: 'if the report was oral',
        computation: { kind: 'hours', from: 'submitted:au-soci-significant', hours: 84 },
      },
      {
        id: 'au-soci-relevant',
        to: 'ASD',
        what: 'Report, by word of mouth or in writing',
        computation: { kind: 'hours', from: 'aware-relevant', hours: 72 },
      },
      {
        id: 'au-soci-relevant-written',
        to: 'ASD',
        what: 'Written report after an oral one',
        onlyIf: 'if the report was oral',
        computation: { kind: 'hours', from: 'submitted:au-soci-relevant', hours: 48 },
      },
    ],
    reference: 'Security of Critical Infrastructure Act 2018 s 30BC, 30BD',
    source: 'https://www.legislation.gov.au/C2018A00029/latest/text',
    note: 'Confirm the start of the written period before it is switched on.',
    status: 'confirm',
    ...read,
  },
  {
    id: 'au-ransom-payment',
    name: 'Ransomware payment report (Australia)',
    anchors: [{ id: 'paid', ask: 'When was the payment made, or when did you learn of it?' }],
    rules: [
      {
        id: 'au-ransom-report',
        to: 'ASD',
        what: 'Report the payment',
        onlyIf: 'if the turnover is over AUD 3 million',
        computation: { kind: 'hours', from: 'paid', hours: 72 },
      },
    ],
    reference: 'Cyber Security Act 2024 Part 3 s 27',
    source: 'https://www.legislation.gov.au/C2024A00098/latest/text',
    note: 'Confirm the threshold before it is switched on.',
    status: 'confirm',
    ...read,
  },
  {
    id: 'apra',
    name: 'APRA CPS 234 (Australia, finance)',
    anchors: [
      { id: 'aware', ask: 'When did you become aware of the material incident?' },
      {
        id: 'aware-weakness',
        ask: 'When did you become aware of a material control weakness that cannot be fixed in time?',
      },
    ],
    rules: [
      {
        id: 'apra-incident',
        to: 'APRA',
        what: 'Notify the incident',
        computation: { kind: 'hours', from: 'aware', hours: 72 },
      },
      {
        id: 'apra-weakness',
        to: 'APRA',
        what: 'Notify the control weakness',
        computation: {
          kind: 'businessDays',
          from: 'aware-weakness',
          days: 10,
          calendar: 'au-national',
          zone: 'Australia/Sydney',
        },
      },
    ],
    reference: 'CPS 234 paragraphs 35, 36',
    source: 'https://handbook.apra.gov.au/standard/cps-234',
    note: 'The holiday table has only the days that all of Australia keeps, so the date is never too late.',
    status: 'confirm',
    ...read,
  },
  {
    id: 'au-ndb',
    name: 'Notifiable Data Breaches (Australia)',
    anchors: [
      { id: 'suspected', ask: 'When were there reasonable grounds to suspect an eligible data breach?' },
      { id: 'believed', ask: 'When were there reasonable grounds to believe it?' },
    ],
    rules: [
      {
        id: 'au-ndb-assess',
        to: 'yourselves',
        what: 'Finish the assessment',
        computation: { kind: 'days', from: 'suspected', days: 30 },
      },
      {
        id: 'au-ndb-notify',
        to: 'OAIC and people concerned',
        what: 'Notify as soon as practicable',
        computation: { kind: 'prompt', from: 'believed' },
      },
    ],
    reference: 'Privacy Act 1988 Part IIIC',
    source: 'https://www.oaic.gov.au/privacy/notifiable-data-breaches',
    note: '',
    status: 'ready',
    ...read,
  },
  {
    id: 'singapore',
    name: 'PDPA (Singapore)',
    anchors: [
      { id: 'credible', ask: 'When were there credible grounds to believe that a data breach happened?' },
      { id: 'assessed', ask: 'When was the breach assessed as notifiable (significant harm, or 500 or more people)?' },
      { id: 'intermediary-aware', ask: 'When did the data intermediary have reason to believe it?' },
    ],
    rules: [
      {
        id: 'singapore-assess',
        to: 'yourselves',
        what: 'Assess the breach; about thirty days is the guidance',
        computation: { kind: 'days', from: 'credible', days: 30 },
      },
      { id: 'singapore-pdpc', to: 'PDPC', what: 'Notify', computation: { kind: 'days', from: 'assessed', days: 3 } },
      {
        id: 'singapore-people',
        to: 'people concerned',
        what: 'Tell them as soon as practicable',
        onlyIf: 'if significant harm to them is likely',
        computation: { kind: 'prompt', from: 'assessed' },
      },
      {
        id: 'singapore-organisation',
        to: 'organisation',
        what: 'The data intermediary tells the organisation',
        onlyIf: 'if you are the data intermediary',
        computation: { kind: 'prompt', from: 'intermediary-aware' },
      },
    ],
    reference: 'Personal Data Protection Act 2012 s 26C, 26D',
    source: 'https://sso.agc.gov.sg/Act/PDPA2012',
    note: '',
    status: 'ready',
    ...read,
  },
  {
    id: 'cert-in',
    name: 'CERT-In (India)',
    anchors: [{ id: 'noticed', ask: 'When was the incident noticed, or when were you told of it?' }],
    rules: [
      {
        id: 'cert-in-report',
        to: 'CERT-In',
        what: 'Report the incident',
        computation: { kind: 'hours', from: 'noticed', hours: 6 },
      },
    ],
    reference: 'CERT-In Directions of 28 April 2022',
    source: 'https://www.cert-in.org.in/Directions70B.jsp',
    note: 'Logs are kept for 180 days.',
    status: 'ready',
    ...read,
  },
];
