// The whole program over a real SQLite file and real HTTP, with Teams on loopback as the only made-up part.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createTeamsAdapter, type TeamsOptions } from '../../adapters/teams/index.ts';
import type { Adapter } from '../../src/adapter.ts';
import type { Arrivals } from '../../src/chat/arrivals.ts';
import type { ChatPort } from '../../src/chat/types.ts';
import { settingsSchema } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { APP_ID, CHANNEL, FakeTeams, type Posted, TENANT } from '../doubles/fake-teams.ts';
import { buttonsOf, cardOf, type FoundButton, wordsOf } from './cards.ts';
import { cardFaults, messageFaults } from './check-card.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface TeamsWorld {
  readonly teams: FakeTeams;
  readonly folder: string;
  readonly url: string;
  /** What the outbox calls. */
  readonly port: ChatPort;
  /** Messages in a conversation that stand now, oldest first. */
  shown(conversation?: string): readonly Posted[];
  /** The newest message there with words that match. */
  find(words: RegExp, conversation?: string): Promise<Posted>;
  /** Presses the newest button with that label and gives the answer's card or text. */
  press(who: string, label: RegExp, options?: PressOptions): Promise<Json>;
  /** Opens an incident in the channel by a mention and the form, as Mira. */
  open(severity?: string): Promise<void>;
  /** Proposes rotating a key by the form, as Tomas; gives the card in the channel. */
  propose(): Promise<Posted>;
  /** Lets so many milliseconds go by on the program's clock. */
  skip(ms: number): void;
  /** Records of the ledger, whole. */
  records(type?: string): Promise<readonly Json[]>;
  /** Ends the program and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

export interface PressOptions {
  readonly in?: string;
  /** A card that was the answer to a press, with the message it replaced. */
  readonly on?: { readonly card: unknown; readonly message: Posted };
  readonly values?: Json;
}

/** The sample organisation with everybody's Teams account. */
export function organisationFor(teams: FakeTeams, tenant = TENANT): string {
  let text = readFileSync('countersign.example.yml', 'utf8');
  for (const person of teams.people.values())
    text = text.replace(`{ web: ${person.key} }`, `{ web: ${person.key}, teams: ${tenant}/${person.aad} }`);
  return text;
}

const until = async <T>(look: () => T | undefined | null): Promise<T> => {
  const end = Date.now() + 15_000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== null) return found;
    if (Date.now() > end) throw new Error('it never came');
    await new Promise((r) => setTimeout(r, 15));
  }
};

export { until };

/** Starts all of it. */
export async function teamsWorld(
  more: Partial<TeamsOptions> = {},
  inbox: (arrivals: Arrivals) => Arrivals = (arrivals) => arrivals,
): Promise<TeamsWorld> {
  const teams = await new FakeTeams().listen();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-teams-'));
  const organisation = join(folder, 'countersign.yml');
  writeFileSync(organisation, organisationFor(teams, more.isDevelopment ? 'development' : TENANT));
  const settings = settingsSchema.parse({
    COUNTERSIGN_DATA: join(folder, 'data'),
    COUNTERSIGN_ORGANISATION: organisation,
    COUNTERSIGN_PORT: '0',
  });
  let counter = 0;
  let skippedMs = 0;
  let adapter: Adapter;
  const start = (): Promise<RunningServer> =>
    startServer({
      settings,
      log: pino({ level: 'silent' }),
      now: () => Date.now() + skippedMs,
      randomId: () => `token-${Math.random().toString(36).slice(2)}-${++counter}`,
      say: () => {},
      adapters: async (context) => {
        adapter = createTeamsAdapter({
          appId: APP_ID,
          appSecret: 'not-a-real-secret',
          tenants: [TENANT],
          isDevelopment: false,
          capturesAll: false,
          bind: '127.0.0.1',
          command: 'ir',
          notes: context.notes,
          arrivals: inbox(context.arrivals),
          folder: context.folder,
          maxFileBytes: 5_000_000,
          now: context.now,
          randomId: context.randomId,
          log: context.log,
          network: teams.network,
          ...more,
        });
        return [adapter];
      },
    });
  let server = await start();
  const aim = (): void => {
    teams.botEndpoint = `${server.url}/api/messages`;
  };
  aim();

  const world: TeamsWorld = {
    teams,
    folder,
    get port() {
      return adapter.port;
    },
    get url() {
      return server.url;
    },
    shown: (conversation = CHANNEL) => teams.posted.filter((p) => p.conversation === conversation && !p.isRemoved),
    find: (words, conversation = CHANNEL) =>
      until(() =>
        world
          .shown(conversation)
          .filter((p) => words.test(wordsOf(cardOf(p))) || words.test(String(p.activity['summary'] ?? '')))
          .at(-1),
      ),
    async press(who, label, options = {}) {
      const has = (card: unknown): FoundButton | undefined => buttonsOf(card).find((b) => label.test(b.title));
      const { message, button } = options.on
        ? { message: options.on.message, button: has(options.on.card) }
        : await until(() => {
            const message = world
              .shown(options.in)
              .filter((p) => has(cardOf(p)))
              .at(-1);
            return message ? { message, button: has(cardOf(message)) } : undefined;
          });
      if (!button) throw new Error(`no button ${label}`);
      const answer = await teams.deliver(teams.invoke(who, message, { ...options.values, ...button.data }));
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body ?? {};
    },
    async open(severity = 'SEV3') {
      await teams.mention('mira', 'open Logins from abroad');
      await world.press('mira', /^Open$/, {
        in: teams.directOf('mira'),
        values: {
          'text.title': 'Logins from abroad',
          'one.severity': severity,
          'one.kind': 'live',
          'one.isPrivate': 'no',
          'one.isCommander': 'yes',
        },
      });
      await world.find(/(INC|EX)-1 Logins from abroad/);
    },
    async propose() {
      await teams.mention('tomas', 'contain rotate-key');
      await world.press('tomas', /^Propose$/, {
        in: teams.directOf('tomas'),
        values: {
          'text.targets': 'deploy-key-7',
          'text.param.overlap-minutes': '0',
          'text.reason': 'It was used from an address we do not know.',
          'one.keep.usage': 'kept',
          'text.keep.usage.note': 'In the archive of the vault',
          'one.executor': 'tomas',
        },
      });
      return world.find(/CA-1/);
    },
    skip(ms) {
      skippedMs += ms;
    },
    async records(type) {
      const store = openSqliteStore(join(folder, 'data', 'countersign.db'), Date.now);
      try {
        const found = await store.find({});
        return found.map((r) => r.record as unknown as Json).filter((r) => type === undefined || r['type'] === type);
      } finally {
        await store.close();
      }
    },
    async restart() {
      await world.stop();
      await world.start();
    },
    stop: () => server.stop(),
    async start() {
      server = await start();
      aim();
    },
    async end() {
      await server.stop();
      await teams.close();
      rmSync(folder, { recursive: true, force: true });
      // Whatever a test was about: no card that Teams would refuse was sent.
      const faults = teams.posted.flatMap((p) => [
        ...(cardOf(p) ? cardFaults(cardOf(p)) : []),
        ...messageFaults(p.activity),
      ]);
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
  return world;
}
