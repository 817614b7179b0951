// Passcodes of the built-in workspace: kept as scrypt hashes, compared in constant time.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const COST = { N: 16_384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const FORM = /^scrypt\$([A-Za-z0-9_-]{22,64})\$([A-Za-z0-9_-]{43})$/;

function derive(passcode: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passcode.normalize('NFKC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** `scrypt$salt$key` in base64url (RFC 7914, N=16384 r=8 p=1, 16 byte salt, 32 byte key). */
export async function hashPasscode(passcode: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64url')}$${(await derive(passcode, salt)).toString('base64url')}`;
}

/** True when the passcode made the hash; false also for a hash that is not in our form. */
export async function isPasscode(passcode: string, hash: string): Promise<boolean> {
  const [, salt, key] = FORM.exec(hash) ?? [];
  if (salt === undefined || key === undefined) return false;
  return timingSafeEqual(await derive(passcode, Buffer.from(salt, 'base64url')), Buffer.from(key, 'base64url'));
}
