// The brake on false confidence, and what people owe each other for moving a claim.
import { describe, expect, it } from 'vitest';
import { cappedConfidence, flagsSeen, isCitable, isSettled, missingParts } from '../../src/finding/confidence.ts';
import { decideFinding, type FindingCommand } from '../../src/finding/decide.ts';
import type { Finding } from '../../src/finding/types.ts';
import { withFindings } from '../assist/world.ts';

const [verified, open] = withFindings().finding.findings as readonly [Finding, Finding];
const whole: Finding = {
  ...open,
  origin: 'assistant',
  kind: 'hypothesis',
  cites: ['EV-1:4', 'EV-2:7'],
  assumptions: ['the log is complete'],
  alternatives: ['a stolen key', 'an administrator'],
  wouldChange: 'the owner saying that it was them',
  confidence: 90,
};

describe('confidence as it is shown', () => {
  it.each([
    ['two sources that match: as stated', {}, 90, 0],
    ['no line is cited, only another finding', { cites: ['FI-1'] }, 45, 1],
    ['one source', { cites: ['EV-1:4', 'EV-1:9'] }, 65, 1],
    ['a source of low trust', { isLowTrust: true }, 55, 1],
    ['a value that stands in nothing it cites', { mismatches: ['203.0.113.99'] }, 40, 1],
    [
      'several at once: the lowest counts and every reason is told',
      { cites: ['EV-1:4'], isLowTrust: true, mismatches: ['x'] },
      40,
      3,
    ],
    ['stated lower than any cap: it stays', { cites: ['FI-1'], confidence: 20 }, 20, 0],
    ['nothing stated: nothing shown', { confidence: null }, null, 0],
  ] as const)('%s', (_, change, value, reasons) => {
    const capped = cappedConfidence({ ...whole, ...change } as Finding);
    expect(capped.value).toBe(value);
    expect(capped.reasons).toHaveLength(reasons);
  });

  it.each([
    ['evidence', { cites: [] }],
    ['an assumption', { assumptions: [] }],
    ['two alternatives', { alternatives: [] }],
    ['a second alternative', { alternatives: ['a stolen key'] }],
    ['a confidence', { confidence: null }],
    ['what would change your mind', { wouldChange: ' ' }],
  ] as const)('without %s it is incomplete and may not be cited', (missing, change) => {
    const finding = { ...whole, ...change } as Finding;
    expect(missingParts(finding)).toEqual([missing]);
    expect(isCitable(finding)).toBe(false);
    expect(isCitable(whole)).toBe(true);
  });
});

describe('red flags that code sees', () => {
  it.each([
    ['two sources and nothing against it', {}, []],
    ['one source', { cites: ['EV-1:4', 'EV-1:9'] }, ['single-source']],
    ['something recorded against it', { against: ['EV-3:1'] }, ['contradiction']],
    [
      'a value nobody can find, from one source',
      { cites: ['EV-1:4'], mismatches: ['x'] },
      ['contradiction', 'single-source'],
    ],
  ] as const)('%s', (_, change, flags) => {
    expect(flagsSeen({ ...whole, ...change } as Finding)).toEqual(flags);
  });
});

const MIRA = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample' } as const;
const ASSISTANT = {
  kind: 'bot',
  platform: 'countersign',
  tenant: 'local',
  id: 'assistant',
  label: 'Assistant',
} as const;
const all = { findings: [verified, open], questions: [] };

describe('moving a claim', () => {
  const refute = { do: 'refute', key: 'FI-1', method: 'asked the owner', cites: ['EV-1:4'] } as const;
  const challenge = { method: 'compared', argument: 'it was our VPN', cites: [], redFlags: [], second: null };
  it.each([
    ['a refutation without a method', { ...refute, method: ' ' }, 'method-missing'],
    ['a refutation without evidence', { ...refute, cites: [] }, 'evidence-missing'],
    [
      'a challenge without a method',
      { do: 'challenge', key: 'FI-1', challenge: { ...challenge, method: '' } },
      'method-missing',
    ],
    [
      'a challenge that says nothing against it',
      { do: 'challenge', key: 'FI-1', challenge: { ...challenge, argument: '' } },
      'argument-missing',
    ],
  ] as const)('is refused for %s', (_, command, code) => {
    expect(decideFinding(command, all, MIRA)).toMatchObject({ kind: 'refused', code });
  });

  it('a red flag alone is a challenge, and a verified finding is settled no more while it stands', () => {
    const flagged = { ...challenge, argument: '', redFlags: ['too-tidy'] as const };
    expect(decideFinding({ do: 'challenge', key: 'FI-1', challenge: flagged }, all, MIRA)).toMatchObject([
      { type: 'finding.challenged', body: { redFlags: ['too-tidy'] } },
    ]);
    const challenged = { ...verified, challenges: [{ ...flagged, by: MIRA, at: verified.at, answer: null }] };
    expect(isSettled(verified)).toBe(true);
    expect(isSettled(challenged)).toBe(false);
  });

  it.each([
    { do: 'challenge', key: 'FI-1', challenge },
    { do: 'answer-challenge', key: 'FI-1', answer: 'it is so' },
    { do: 'put-plainly', key: 'FI-1', plain: 'all is well' },
    { ...refute },
  ] as const satisfies readonly FindingCommand[])('beyond B3: is never the assistant\u2019s: $do', (command) => {
    expect(decideFinding(command, all, ASSISTANT)).toMatchObject({ kind: 'refused', code: 'not-human' });
  });

  it('past F2: the assistant may not write over a person\u2019s claim', () => {
    const revise = { do: 'revise', key: 'FI-2', claim: { ...open, claim: 'nothing was sent' } } as const;
    expect(decideFinding(revise, all, ASSISTANT)).toMatchObject({ kind: 'refused', code: 'frozen' });
  });
});
