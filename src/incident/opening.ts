// The form an incident is opened with, and what it says.

import type { Organisation, Severity } from '../organisation/schema.ts';
import { isRefusal } from '../refusal.ts';
import { text } from '../view/build.ts';
import type { Form } from '../view/types.ts';
import type { Incident } from './types.ts';
import { readPast } from './when.ts';

export interface Opening
  extends Pick<Incident, 'title' | 'codename' | 'kind' | 'severity' | 'summary' | 'zone' | 'isPrivate'> {
  readonly detectedAt: string | null;
  readonly isCommander: boolean;
}

const SEVERITIES: readonly Severity[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4'];

/** The form of `open`, with what was typed filled in. */
export const openForm = (
  org: Organisation,
  typed: { readonly title: string; readonly kind: Incident['kind'] },
): Form => ({
  title: 'Open an incident',
  intro: [text('One channel, one pinned card. You can change all of this later.')],
  submitLabel: 'Open',
  intent: { verb: 'open declare', args: {} },
  fields: [
    {
      kind: 'line',
      name: 'title',
      label: 'What is wrong',
      hint: 'A few words others will recognise',
      isRequired: true,
      maxLength: 120,
      value: typed.title,
    },
    {
      kind: 'choice',
      name: 'severity',
      label: 'Severity',
      isRequired: true,
      value: 'SEV2',
      choices: SEVERITIES.map((s) => ({ value: s, label: `${s}: ${org.severities[s].meaning}` })),
    },
    {
      kind: 'choice',
      name: 'kind',
      label: 'Live or exercise',
      isRequired: true,
      value: typed.kind,
      choices: [
        { value: 'live', label: 'Live incident' },
        { value: 'exercise', label: 'Exercise: watermarked, no containment runs' },
      ],
    },
    { kind: 'paragraph', name: 'summary', label: 'What you know so far', isRequired: false, maxLength: 3000 },
    {
      kind: 'line',
      name: 'detectedAt',
      label: 'Detected at',
      hint: `2026-11-20T08:15Z, 14:05 (${org.zone}) or -15m; empty when not known`,
      isRequired: false,
    },
    {
      kind: 'line',
      name: 'codename',
      label: 'Codename',
      hint: 'Shown instead of the title outside the channel',
      isRequired: false,
      maxLength: 40,
    },
    {
      kind: 'choice',
      name: 'isPrivate',
      label: 'Who can see it',
      isRequired: true,
      value: 'no',
      choices: [
        { value: 'no', label: 'Everybody in the organisation file' },
        { value: 'yes', label: 'Members only, until an insider is ruled out' },
      ],
    },
    {
      kind: 'choice',
      name: 'isCommander',
      label: 'Commander',
      isRequired: true,
      value: 'yes',
      choices: [
        { value: 'yes', label: 'I command it' },
        { value: 'no', label: 'Nobody yet' },
      ],
    },
  ],
});

/** Reads the filled-in form; errors by field. */
export function readOpening(
  args: Readonly<Record<string, string | readonly string[]>>,
  org: Organisation,
  nowAt: string,
): Opening | { readonly errors: Record<string, string> } {
  const get = (name: string): string => String(args[name] ?? '').trim();
  const errors: Record<string, string> = {};
  const title = get('title').replace(/\s+/g, ' ');
  if (title === '') errors['title'] = 'Say in a few words what is wrong.';
  if (title.length > 120) errors['title'] = 'Use at most 120 characters; put the rest under what you know so far.';
  const severity = SEVERITIES.find((s) => s === get('severity'));
  if (!severity) errors['severity'] = 'Choose SEV1 to SEV4.';
  const when = get('detectedAt') === '' ? null : readPast(get('detectedAt'), { nowAt, zone: org.zone });
  if (isRefusal(when)) errors['detectedAt'] = when.message;
  if (Object.keys(errors).length > 0 || !severity) return { errors };
  return {
    title,
    severity,
    codename: get('codename') || null,
    kind: get('kind') === 'exercise' ? 'exercise' : 'live',
    summary: get('summary').slice(0, 3000),
    zone: null,
    isPrivate: get('isPrivate') === 'yes',
    detectedAt: when && !isRefusal(when) ? when.at : null,
    isCommander: get('isCommander') !== 'no',
  };
}
