// Codes from an authenticator (RFC 6238: SHA-1, 6 digits, 30 s). One secret a person, in one file of the data folder.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import type { Store } from '../store/types.ts';
import { readSecretFile } from './secrets.ts';
import type { StepUp } from './step-up.ts';

const PERIOD_SECONDS = 30;
/** Steps before and after the clock's that still count. */
const WINDOW = 1;

const fileSchema = z.record(z.string(), z.strictObject({ secret: z.string().regex(/^[A-Z2-7]{32,}$/) }));
type Enrolled = z.infer<typeof fileSchema>;

/** Where the secrets are kept. */
export const totpPath = (folder: string): string => join(folder, 'secrets', 'totp.json');

function readEnrolled(folder: string): Enrolled {
  const path = totpPath(folder);
  return existsSync(path) ? fileSchema.parse(JSON.parse(readSecretFile(path, 2))) : {};
}

const codeOf = (secret: string, person: string): TOTP =>
  new TOTP({
    issuer: 'Countersign',
    label: person,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_SECONDS,
  });

/** Makes a new secret for a person and gives the otpauth:// address for their authenticator. The old one stops working. */
export function enrol(folder: string, person: string): string {
  const secret = new Secret({ size: 20 }).base32;
  const path = totpPath(folder);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const enrolled = { ...readEnrolled(folder), [person]: { secret } };
  writeFileSync(`${path}.new`, `${JSON.stringify(enrolled, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return codeOf(secret, person).toString();
}

/** Checks codes against the file as it stands now. Each step of a person's clock is good once, in whatever process. */
export function createStepUp(folder: string, store: Pick<Store, 'claimEvent'>, now: () => number): StepUp {
  const failures = new Map<string, number[]>();
  return {
    async check(person, code) {
      const found = readEnrolled(folder)[person];
      if (!found) return 'not-enrolled';
      const nowMs = now();
      // Six digits fall to guessing without a limit.
      const recent = (failures.get(person) ?? []).filter((t) => t > nowMs - 300_000);
      if (recent.length >= 5) return 'wrong';
      const delta = /^\d{6}$/.test(code.replace(/\s/g, ''))
        ? codeOf(found.secret, person).validate({ token: code.replace(/\s/g, ''), timestamp: nowMs, window: WINDOW })
        : null;
      if (delta === null) {
        failures.set(person, [...recent, nowMs]);
        return 'wrong';
      }
      const step = Math.floor(nowMs / 1000 / PERIOD_SECONDS) + delta;
      return (await store.claimEvent(`totp/${person}/${step}`, nowMs)) ? 'passed' : 'reused';
    },
  };
}

/** Removes a person's secret; false when there was none. */
export function unenrol(folder: string, person: string): boolean {
  const { [person]: gone, ...rest } = readEnrolled(folder);
  if (!gone) return false;
  const path = totpPath(folder);
  writeFileSync(`${path}.new`, `${JSON.stringify(rest, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return true;
}
