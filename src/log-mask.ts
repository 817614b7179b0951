// The program's own log holds no secrets: messages, values and errors are masked before they are written.
import { type LoggerOptions, stdSerializers } from 'pino';
import { maskDeep, maskSecrets } from './evidence/secrets.ts';

/** Options for pino under which no message, value or error is written with a secret of a known kind in it. */
export const maskedLog: Pick<LoggerOptions, 'formatters' | 'hooks' | 'serializers'> = {
  formatters: { log: (values) => maskDeep(values) },
  serializers: { err: (error: Error) => maskDeep(stdSerializers.err(error)) },
  hooks: {
    logMethod(args, method) {
      return method.apply(this, args.map((a) => (typeof a === 'string' ? maskSecrets(a) : a)) as typeof args);
    },
  },
};
