// Traffic Light Protocol 2.0 (FIRST): five labels, capitals, never translated.
import { type Refusal, refuse } from '../refusal.ts';

/** Strictest first. */
export const TLP_LABELS = ['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const;
export type Tlp = (typeof TLP_LABELS)[number];

/** What each label allows, for people who meet it the first time. */
export const tlpMeaning: Readonly<Record<Tlp, string>> = {
  RED: 'for named people only, not passed on',
  'AMBER+STRICT': 'inside our organisation, for those who need it',
  AMBER: 'inside our organisation and its clients, for those who need it',
  GREEN: 'inside the community, not public',
  CLEAR: 'public',
};

/** Whether `a` must be held closer than `b`. */
export const isStricter = (a: Tlp, b: Tlp): boolean => TLP_LABELS.indexOf(a) < TLP_LABELS.indexOf(b);

/** Reads a typed label, with or without `TLP:`. Refuses WHITE and what is no label, naming the five. */
export function readTlp(typed: string): Tlp | Refusal {
  const word = typed
    .trim()
    .toUpperCase()
    .replace(/^TLP:\s*/, '');
  if (word === 'WHITE')
    return refuse(
      'tlp-unknown',
      'TLP:WHITE left the protocol with version 2.0. Write TLP:CLEAR, which means the same.',
    );
  return (
    TLP_LABELS.find((l) => l === word) ??
    refuse('tlp-unknown', `"${typed.trim().slice(0, 20)}" is no TLP label. Use ${TLP_LABELS.join(', ')}.`)
  );
}
