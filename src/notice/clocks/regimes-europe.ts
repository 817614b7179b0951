import type { Regime } from './types.ts';

const aware = 'When did the organisation become aware, with reasonable certainty?';
const read = { expiresOn: '2027-06-30' } as const;

/** Clocks of the European Union and the United Kingdom. Configuration: counsel confirms that a row applies. */
export const EUROPEAN_REGIMES: readonly Regime[] = [
  {
    id: 'gdpr',
    name: 'GDPR (EU)',
    anchors: [
      { id: 'aware', ask: aware },
      { id: 'processor-aware', ask: 'When did the processor become aware?' },
    ],
    rules: [
      {
        id: 'gdpr-authority',
        to: 'supervisory authority',
        what: 'Notify the breach; information may follow in phases, and a late notice gives its reasons',
        onlyIf: 'unless a risk to people is unlikely',
        computation: { kind: 'hours', from: 'aware', hours: 72 },
      },
      {
        id: 'gdpr-people',
        to: 'people concerned',
        what: 'Tell them in plain language',
        onlyIf: 'if the risk to them is high',
        computation: { kind: 'prompt', from: 'aware' },
      },
      {
        id: 'gdpr-controller',
        to: 'controller',
        what: 'The processor tells the controller',
        onlyIf: 'if you are the processor',
        computation: { kind: 'prompt', from: 'processor-aware' },
      },
    ],
    reference: 'Regulation (EU) 2016/679 Art 33, 34; EDPB Guidelines 9/2022',
    source: 'https://eur-lex.europa.eu/eli/reg/2016/679/oj',
    note: 'Always enter the breach in the internal register. COM(2025) 837 proposes 96 hours: it is not law, 72 stays.',
    status: 'ready',
    ...read,
  },
  {
    id: 'uk-gdpr',
    name: 'UK GDPR',
    anchors: [{ id: 'aware', ask: aware }],
    rules: [
      {
        id: 'uk-gdpr-ico',
        to: 'ICO',
        what: 'Notify the breach',
        onlyIf: 'unless a risk to people is unlikely',
        computation: { kind: 'hours', from: 'aware', hours: 72 },
      },
      {
        id: 'uk-gdpr-people',
        to: 'people concerned',
        what: 'Tell them in plain language',
        onlyIf: 'if the risk to them is high',
        computation: { kind: 'prompt', from: 'aware' },
      },
    ],
    reference: 'UK GDPR Art 33, 34',
    source: 'https://www.legislation.gov.uk/eur/2016/679/article/33',
    note: 'The Cyber Security and Resilience Bill (24 and 72 hours) was still a bill when this row was read.',
    status: 'ready',
    ...read,
  },
  {
    id: 'nis2',
    name: 'NIS2 (EU)',
    anchors: [
      { id: 'aware', ask: 'When did you become aware of the significant incident?' },
      { id: 'handled', ask: 'When was the handling of a long-running incident finished?' },
    ],
    rules: [
      {
        id: 'nis2-early-warning',
        to: 'CSIRT or competent authority',
        what: 'Early warning',
        computation: { kind: 'hours', from: 'aware', hours: 24 },
      },
      {
        id: 'nis2-notification',
        to: 'CSIRT or competent authority',
        what: 'Incident notification',
        computation: { kind: 'hours', from: 'aware', hours: 72 },
      },
      {
        id: 'nis2-notification-trust',
        to: 'CSIRT or competent authority',
        what: 'Incident notification of a trust service provider',
        onlyIf: 'if you provide trust services',
        computation: { kind: 'hours', from: 'aware', hours: 24 },
      },
      {
        id: 'nis2-final',
        to: 'CSIRT or competent authority',
        what: 'Final report; a progress report if the incident still goes on',
        computation: { kind: 'months', from: 'submitted:nis2-notification', months: 1 },
      },
      {
        id: 'nis2-final-handled',
        to: 'CSIRT or competent authority',
        what: 'Final report after a progress report',
        onlyIf: 'if a progress report was due',
        computation: { kind: 'months', from: 'handled', months: 1 },
      },
    ],
    reference: 'Directive (EU) 2022/2555 Art 23(4)',
    source: 'https://eur-lex.europa.eu/eli/dir/2022/2555/oj',
    note: 'National law varies: check the country. The final report counts from the notification, not from the incident.',
    status: 'ready',
    ...read,
  },
  {
    id: 'dora',
    name: 'DORA (EU, finance)',
    anchors: [
      { id: 'aware', ask: 'When did you become aware of the incident?' },
      { id: 'classified', ask: 'When was it classified as major?' },
    ],
    rules: [
      {
        id: 'dora-initial',
        to: 'competent authority',
        what: 'Initial notification',
        computation: { kind: 'cappedHours', from: 'classified', hours: 4, cap: { from: 'aware', hours: 24 } },
      },
      {
        id: 'dora-intermediate',
        to: 'competent authority',
        what: 'Intermediate report; again when normal activity is back',
        computation: { kind: 'hours', from: 'submitted:dora-initial', hours: 72 },
      },
      {
        id: 'dora-final',
        to: 'competent authority',
        what: 'Final report, counted from the latest intermediate report',
        computation: { kind: 'months', from: 'submitted:dora-intermediate', months: 1 },
      },
    ],
    reference: 'Regulation (EU) 2022/2554 Art 19(4); Delegated Regulation (EU) 2025/301 Art 5',
    source: 'https://eur-lex.europa.eu/eli/reg_del/2025/301/oj',
    note: 'The weekend relief of Art 5 is not applied: the earlier time is shown.',
    status: 'ready',
    ...read,
  },
  {
    id: 'cra',
    name: 'Cyber Resilience Act (EU, manufacturers)',
    anchors: [
      { id: 'aware', ask: 'When did you become aware of the exploited vulnerability or severe incident?' },
      { id: 'fix-available', ask: 'When was a corrective or mitigating measure available?' },
    ],
    rules: [
      {
        id: 'cra-early-warning',
        to: 'CSIRT and ENISA (single reporting platform)',
        what: 'Early warning',
        computation: { kind: 'hours', from: 'aware', hours: 24 },
      },
      {
        id: 'cra-notification',
        to: 'CSIRT and ENISA (single reporting platform)',
        what: 'Notification',
        computation: { kind: 'hours', from: 'aware', hours: 72 },
      },
      {
        id: 'cra-final-vulnerability',
        to: 'CSIRT and ENISA (single reporting platform)',
        what: 'Final report on the exploited vulnerability',
        computation: { kind: 'days', from: 'fix-available', days: 14 },
      },
      {
        id: 'cra-final-incident',
        to: 'CSIRT and ENISA (single reporting platform)',
        what: 'Final report on the severe incident',
        computation: { kind: 'months', from: 'submitted:cra-notification', months: 1 },
      },
    ],
    reference: 'Regulation (EU) 2024/2847 Art 14',
    source: 'https://eur-lex.europa.eu/eli/reg/2024/2847/oj',
    note: 'Reporting duties apply since 11 September 2026.',
    status: 'ready',
    ...read,
  },
];
