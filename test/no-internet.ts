// Before every test file: nothing in these tests reaches another machine, and no key of a model is at hand.
import { Socket } from 'node:net';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\]|::ffff:127\.\d.*)$/i;

/** Where a call of `Socket.connect` leads; null for a path, or for this machine when no host is named. */
function hostOf(first: unknown): string | null {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options !== 'object' || options === null || ('path' in options && options.path)) return null;
  return 'host' in options && typeof options.host === 'string' ? options.host : null;
}

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
  const host = typeof given[0] === 'number' ? given[1] : hostOf(given[0]);
  if (typeof host === 'string' && !LOOPBACK.test(host))
    throw new Error(`A test reached for ${host}, which is not here.`);
  return (connect as (this: Socket, ...args: unknown[]) => Socket).apply(this, given);
} as typeof connect;

for (const name of Object.keys(process.env))
  if (/^COUNTERSIGN_(?!TEST_)|_API_KEY$/.test(name)) delete process.env[name];
