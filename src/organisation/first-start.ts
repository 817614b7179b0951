// The first start: the organisation's file is made from the example, with a passcode of its own for everybody.
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type LoadedOrganisation, loadOrganisation, OrganisationError } from './load.ts';

// No letters or digits that look alike.
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Eight characters in two groups: about 39 bits, enough behind a throttled sign-in on loopback. */
export const newPasscode = (): string =>
  Array.from({ length: 9 }, (_, i) => (i === 4 ? '-' : LETTERS[randomInt(LETTERS.length)])).join('');

/** Gives every person of a file's text that has none a passcode line under their key. */
export const withPasscodes = (text: string, make: () => string): string =>
  text.replace(
    /^( *)- key: *\S+ *$(?!\n *passcode:)/gm,
    (line, indent: string) => `${line}\n${indent}  passcode: ${make()}`,
  );

/** Reads the organisation's file, making it from the example when it is missing. Throws OrganisationError. */
export function openOrganisation(file: string, example: string): LoadedOrganisation & { readonly isNew: boolean } {
  const isNew = !existsSync(file);
  try {
    if (isNew)
      writeFileSync(file, withPasscodes(readFileSync(example, 'utf8'), newPasscode), { mode: 0o600, flag: 'wx' });
    return { ...loadOrganisation(readFileSync(file, 'utf8'), file), isNew };
  } catch (error) {
    if (error instanceof OrganisationError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new OrganisationError(
      `${file} cannot be ${isNew ? 'made' : 'read'} (${reason}). Check the folder's rights, or name another file in COUNTERSIGN_ORGANISATION.`,
    );
  }
}
