// The program in a process of its own, to be killed: Teams on the loopback address that is given.
import { pino } from 'pino';
import { createTeamsAdapter } from '../../dist/adapters/teams/index.js';
import { settingsSchema } from '../../dist/src/config.js';
import { startServer } from '../../dist/src/server.js';

const [folder, base, appId, tenant] = process.argv.slice(2);
let count = 0;
const server = await startServer({
  settings: settingsSchema.parse({
    COUNTERSIGN_DATA: `${folder}/data`,
    COUNTERSIGN_ORGANISATION: `${folder}/countersign.yml`,
    COUNTERSIGN_PORT: '0',
  }),
  log: pino({ level: 'silent' }),
  now: Date.now,
  randomId: () => `child-${Math.random().toString(36).slice(2)}-${++count}`,
  say: () => {},
  adapters: async (context) => [
    createTeamsAdapter({
      appId,
      appSecret: 'not-a-real-secret',
      tenants: [tenant],
      isDevelopment: false,
      capturesAll: false,
      bind: '127.0.0.1',
      command: 'ir',
      maxFileBytes: 5_000_000,
      ...context,
      network: {
        openIdMetadataUrl: `${base}/v1/.well-known/openidconfiguration`,
        fileHosts: [],
        isLoopback: true,
        async login(url, { method, headers, body }) {
          const response = await fetch(url.replace('https://login.microsoftonline.com', base), {
            method,
            headers,
            body,
          });
          return {
            status: response.status,
            headers: Object.fromEntries(response.headers),
            body: await response.json(),
          };
        },
      },
    }),
  ],
});
console.log(server.url);
