// What leaves for a model leaves without secrets and without names: stable placeholders stand in, and go back in after.
import { replaceSecrets } from '../evidence/secrets.ts';
import type { Line } from './types.ts';

const EMAIL = /(?<![\w.%+-])[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}/g;
const PHONE = /(?<![\w.:/-])(?:\+|00)\d{1,3}[ .-]?(?:\(\d{1,5}\)[ .-]?)?\d{2,5}(?:[ .-]?\d{2,5}){1,4}(?![\w.:])/g;
/** Accounts that say nothing about a person. */
const NOBODY =
  /^(?:root|admin|administrator|system|guest|nobody|www-data|apache|nginx|postgres|mysql|oracle|daemon|git|ubuntu|ec2-user|centos|debian|test|user|backup|ftp|mail|sshd|local service|network service|anonymous|-|unknown|\(.*\))$/i;
const SHORTEST_NAME = 3;

export interface Redactor {
  /** The text as it may leave. The same value always gets the same placeholder. */
  readonly hide: (text: string) => string;
  /** Puts the values back; a placeholder nobody gave out stays as it is. */
  readonly restore: (text: string) => string;
  /** How many different values of each kind were hidden. */
  readonly counts: () => Readonly<Record<string, number>>;
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Accounts that events name, but for those that belong to nobody. */
export const accountsIn = (lines: readonly Line[]): readonly string[] => [
  ...new Set(lines.flatMap((l) => (l.slots.actor !== null && !NOBODY.test(l.slots.actor) ? [l.slots.actor] : []))),
];

/** Hides secrets, mail addresses, telephone numbers, and the given names of people and accounts. */
export function redactor(names: readonly string[]): Redactor {
  const byValue = new Map<string, string>();
  const byPlaceholder = new Map<string, string>();
  const kinds = new Map<string, number>();
  const placeholder = (kind: string, value: string): string => {
    const known = byValue.get(value);
    if (known !== undefined) return known;
    const number = (kinds.get(kind) ?? 0) + 1;
    kinds.set(kind, number);
    const made = `\u27e6${kind.toUpperCase().replace(/[^A-Z]+/g, '-')}-${number}\u27e7`;
    byValue.set(value, made);
    byPlaceholder.set(made, value);
    return made;
  };
  const known = [...new Set(names)].filter((n) => n.length >= SHORTEST_NAME).toSorted((a, b) => b.length - a.length);
  const namePattern =
    known.length === 0
      ? null
      : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${known.map(literally).join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  return {
    hide(text) {
      // A placeholder that stands in the log already would be taken for one of ours.
      const clean = text.replace(/[\u27e6\u27e7]/g, '|');
      const parts = replaceSecrets(clean, (span, secret) => placeholder(`secret ${span.kind}`, secret))
        .replace(EMAIL, (m) => placeholder('mail', m))
        .replace(PHONE, (m) => placeholder('telephone', m));
      return namePattern === null
        ? parts
        : parts.replace(namePattern, (m) =>
            placeholder('name', known.find((n) => n.toLowerCase() === m.toLowerCase()) ?? m),
          );
    },
    restore: (text) => text.replace(/\u27e6[A-Z-]{1,60}-\d{1,6}\u27e7/g, (m) => byPlaceholder.get(m) ?? m),
    counts: () => Object.fromEntries(kinds),
  };
}
