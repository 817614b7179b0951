// countersign totp: codes from an authenticator for approvals, enrolled here and never over a chat.
import { existsSync } from 'node:fs';
import { readSettings, SettingsError } from '../../src/config.ts';
import { enrol, unenrol } from '../../src/containment/totp.ts';
import { readOrganisation } from '../../src/organisation/first-start.ts';
import { OrganisationError } from '../../src/organisation/load.ts';
import type { Command } from './command.ts';
import { Misuse, Unusable } from './errors.ts';
import { write } from './output.ts';

const USAGE = `usage: countersign totp enrol PERSON     a new secret for PERSON (key of the organisation's file); replaces the old one
       countersign totp remove PERSON

Prints an otpauth:// address, once. Enter it in PERSON's authenticator, with PERSON present, and clear the screen.
Run it on the server, as the user the server runs as. Settings: COUNTERSIGN_DATA, COUNTERSIGN_ORGANISATION.`;

/** `countersign totp`: enrols and removes authenticators of people; exit status 2 on misuse. */
export const totpCommand: Command = {
  usage: USAGE,
  async run(args) {
    const [verb, person, ...more] = args;
    if ((verb !== 'enrol' && verb !== 'remove') || !person || more.length > 0) throw new Misuse('which person?', USAGE);
    const { COUNTERSIGN_DATA: folder, COUNTERSIGN_ORGANISATION: file } = explained(readSettings);
    if (!existsSync(file))
      throw new Unusable(`${file} is not there: start Countersign once, or set COUNTERSIGN_ORGANISATION`);
    const { people } = explained(() => readOrganisation(file)).organisation;
    if (!people.some((p) => p.key === person))
      throw new Unusable(`No person has the key ${person}; there are ${people.map((p) => p.key).join(', ')}`);
    if (verb === 'remove') {
      await write(unenrol(folder, person) ? `${person} has no authenticator any more\n` : `${person} had none\n`);
      return 0;
    }
    await write(`${enrol(folder, person)}\n`);
    return 0;
  },
};

/** Wrong settings and a broken organisation's file are for whoever keeps them, not faults of ours. */
function explained<Done>(work: () => Done): Done {
  try {
    return work();
  } catch (error) {
    if (error instanceof SettingsError || error instanceof OrganisationError) throw new Unusable(error.message);
    throw error;
  }
}
