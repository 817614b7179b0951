// Secrets of webhooks: one file each in the data folder, made at the first need, readable by this user alone.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { placeNew } from '../audit/whole-file.ts';

/** A secret file cannot be used; the message says what to do. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** Reads a secret file that others cannot read. Throws SecretError when they can, or when it is too short. */
export function readSecretFile(path: string, minLength = 32): string {
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new SecretError(
      `${path} can be read by others, so it is not used. Make a new secret, or run: chmod 600 ${path}`,
    );
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < minLength)
    throw new SecretError(`${path} is shorter than ${minLength} characters. Delete it to have one made.`);
  return secret;
}

/** Secrets by webhook name under `folder`, made when missing (256 random bits). Throws SecretError. */
export function openWebhookSecrets(folder: string, webhooks: readonly string[]): (webhook: string) => string {
  const place = join(folder, 'secrets');
  const secrets = new Map(
    webhooks.map((name) => {
      const path = join(place, `webhook-${name}.secret`);
      if (!existsSync(path)) {
        mkdirSync(place, { recursive: true, mode: 0o700 });
        chmodSync(place, 0o700);
        placeNew(path, `${randomBytes(32).toString('base64url')}\n`, 0o600);
      }
      return [name, readSecretFile(path)] as const;
    }),
  );
  return (webhook) => {
    const secret = secrets.get(webhook);
    if (!secret) throw new SecretError(`no webhook is called ${webhook}`);
    return secret;
  };
}
