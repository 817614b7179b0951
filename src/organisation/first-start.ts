// The first start: the organisation's file is made from the example, with a passcode of its own for everybody.
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { placeNew } from '../audit/whole-file.ts';
import { readTemplate, type Template } from '../notice/template.ts';
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

/** Reads the notice templates of a folder, one file an audience. Throws OrganisationError naming each fault. */
export function readTemplates(folder: string): ReadonlyMap<string, Template> {
  if (!existsSync(folder))
    throw new OrganisationError(`templates: there is no folder ${folder}. Make it, or take the line out.`);
  const found = new Map<string, Template>();
  const faults: string[] = [];
  for (const name of readdirSync(folder)) {
    const audience = /^([a-z0-9][a-z0-9-]{0,40})\.ya?ml$/.exec(name)?.[1];
    if (!audience) continue;
    const template = readTemplate(readFileSync(join(folder, name), 'utf8'), join(folder, name));
    if ('faults' in template) faults.push(...template.faults);
    else found.set(audience, template);
  }
  if (faults.length > 0) throw new OrganisationError(faults.join('\n'));
  return found;
}

/** Reads the organisation's file with its templates. Throws OrganisationError. */
export function readOrganisation(file: string): LoadedOrganisation {
  const loaded = loadOrganisation(
    orFault(() => readFileSync(file, 'utf8'), file, 'read'),
    file,
  );
  const folder = loaded.organisation.templates;
  return folder === '' ? loaded : { ...loaded, templates: readTemplates(join(dirname(file), folder)) };
}

/** The same, making the file from the example when it is missing. Throws OrganisationError. */
export function openOrganisation(file: string, example: string): LoadedOrganisation & { readonly isNew: boolean } {
  const isNew = !existsSync(file);
  if (isNew)
    orFault(() => placeNew(file, withPasscodes(readFileSync(example, 'utf8'), newPasscode), 0o600), file, 'made');
  return { ...readOrganisation(file), isNew };
}

function orFault<T>(work: () => T, file: string, verb: 'read' | 'made'): T {
  try {
    return work();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new OrganisationError(
      `${file} cannot be ${verb} (${reason}). Check the folder's rights, or name another file in COUNTERSIGN_ORGANISATION.`,
    );
  }
}
