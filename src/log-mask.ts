// The program's own log holds no secrets: messages, values and errors are masked before they are written.
import { type LoggerOptions, stdSerializers } from 'pino';
import { maskSecrets } from './evidence/secrets.ts';

const DEEPEST = 6;

function masked(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskSecrets(value);
  if (value === null || typeof value !== 'object' || depth >= DEEPEST || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map((v) => masked(v, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, masked(v, depth + 1)]));
}

/** Options for pino under which no message, value or error is written with a secret of a known kind in it. */
export const maskedLog: Pick<LoggerOptions, 'formatters' | 'hooks' | 'serializers'> = {
  formatters: { log: (values) => masked(values) as Record<string, unknown> },
  serializers: { err: (error: Error) => masked(stdSerializers.err(error)) },
  hooks: {
    logMethod(args, method) {
      return method.apply(this, args.map((a) => (typeof a === 'string' ? maskSecrets(a) : a)) as typeof args);
    },
  },
};
