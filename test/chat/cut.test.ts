// A process that is killed between two writes of a command: the event comes again, and the end is the same as without the kill.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatEvent, Conversation, IncomingFile, Principal, Reply } from '../../src/chat/types.ts';
import type { Store } from '../../src/store/types.ts';
import { viewText } from '../../src/view/text.ts';
import { type Core, openCore } from '../core.ts';
import { type MemoryChat, memoryChat } from '../doubles/memory-chat.ts';

const MIRA: Principal = { platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample', standing: 'member' };
const LOBBY: Conversation = { platform: 'web', tenant: 'local', id: 'general' };
const NOW = Date.parse('2026-11-20T12:00:00Z');

/** The process ends after so many writes: whatever it still asks of its database never happens. */
function mortal(store: Store, life: { writes: number; left: number }): Store {
  const guarded =
    <Args extends unknown[], Result>(isWrite: boolean, work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (life.left <= 0) throw new Error('killed');
      if (isWrite) {
        life.writes += 1;
        life.left -= 1;
      }
      return work(...args);
    };
  return {
    ...store,
    append: guarded(true, store.append),
    enqueue: guarded(true, store.enqueue),
    setNote: guarded(true, store.setNote),
    grant: guarded(true, store.grant),
    note: guarded(false, store.note),
    find: guarded(false, store.find),
    readStream: guarded(false, store.readStream),
    streams: guarded(false, store.streams),
    workOf: guarded(false, store.workOf),
    // Nothing is delivered: what waits is looked at.
    dueOutbox: async () => [],
  };
}

class Ground {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-cut-'));
  readonly chat: MemoryChat = memoryChat();

  async life<Done>(
    left: number,
    work: (core: Core, real: Store) => Promise<Done>,
  ): Promise<{ done: Done; writes: number }> {
    const life = { writes: 0, left: Number.POSITIVE_INFINITY };
    let real: Store | null = null;
    const core = await openCore({
      folder: this.folder,
      now: () => NOW,
      organisation: readFileSync('countersign.example.yml', 'utf8'),
      ports: () => new Map([['web', this.chat]]),
      wrapStore: (store) => {
        real = store;
        return mortal(store, life);
      },
    });
    life.left = left;
    life.writes = 0;
    try {
      const done = await work(core, real as unknown as Store);
      const { writes } = life;
      await core.services.intake.settled();
      return { done, writes };
    } finally {
      await core.store.close();
    }
  }

  /** What stands when everything is over: records, messages that wait, and whether the channel knows its incident. */
  async end(): Promise<unknown> {
    const { done } = await this.life(Number.POSITIVE_INFINITY, async ({ services, store }, real) => {
      for (const key of await services.incidentKeys())
        await services.intake.resume(key, { now: NOW, zone: 'Europe/Berlin' });
      await services.intake.settled();
      const records = (await store.find({})).map((r) => r.record).filter((r) => r.incident !== null);
      const incidents = await services.incidentKeys();
      return {
        records: records.map((r) => `${r.type} ${r.subject ?? ''}`).sort(),
        messages: (await real.dueOutbox(NOW, 1000)).map((e) => e.fold ?? e.key).sort(),
        homes: await Promise.all(
          incidents.map(async (key) => {
            const { conversation } = (await services.incidents.load(key)).state.incident;
            return (await services.incidentIn(conversation as Conversation)) === key;
          }),
        ),
      };
    });
    return done;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const event = (id: string, conversation: Conversation) => ({ id, actor: MIRA, conversation });

async function openForm({ desk }: Core): Promise<string> {
  const reply = await desk.handle({ kind: 'command', ...event('open', LOBBY), text: 'open' });
  if (reply.kind !== 'form') throw new Error('no form');
  return reply.form.token;
}

const declared = (token: string): ChatEvent => ({
  kind: 'submit',
  ...event('declare', LOBBY),
  token,
  values: { title: 'Odd logins', severity: 'SEV2', kind: 'live', isPrivate: 'no', isCommander: 'yes' },
});

const file = (name: string, bytes: Uint8Array): IncomingFile => ({ name, bytes });
const line = (n: number): Uint8Array =>
  strToU8(`2026-11-20T08:0${n}:00Z web-0${n} sshd[31]: Failed password for root from 203.0.113.${n} port 4711 ssh2\n`);

const CSV = 'message,datetime,timestamp_desc\nroot logged in,2026-11-20T08:01:00+00:00,Event Time\n';

/** A command that stands alone: what comes before it, and the event itself. */
interface Case {
  readonly name: string;
  readonly before: (core: Core) => Promise<ChatEvent>;
}

const inIncident =
  (text: string, files: readonly IncomingFile[]) =>
  async (core: Core): Promise<ChatEvent> => {
    await core.desk.handle(declared(await openForm(core)));
    const where = (await core.services.incidents.load('INC-1')).state.incident.conversation as Conversation;
    return { kind: 'command', ...event('it', where), text, files };
  };

const CASES: readonly Case[] = [
  { name: 'opening an incident', before: async (core) => declared(await openForm(core)) },
  {
    name: 'the sample incident',
    before: async () => ({ kind: 'command', ...event('it', LOBBY), text: 'help demo' }),
  },
  {
    name: 'three logs at once, one of them an archive of two',
    before: inIncident('log', [
      file('a.log', line(1)),
      file('two.zip', zipSync({ 'b.log': line(2), 'c.log': line(3) })),
      file('d.log', line(4)),
    ]),
  },
  { name: 'importing a timeline', before: inIncident('timeline import', [file('export.csv', strToU8(CSV))]) },
];

describe('killed between two writes of a command, then asked again', () => {
  const grounds: Ground[] = [];
  const ground = (): Ground => {
    const made = new Ground();
    grounds.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of grounds.splice(0)) made.remove();
  });

  const words = (reply: Reply): string => (reply.kind === 'private' ? viewText(reply.view.view) : reply.kind);

  it.each(CASES)('$name ends as without the kill, wherever it was', async ({ before }) => {
    const whole = ground();
    const { done: came } = await whole.life(Number.POSITIVE_INFINITY, before);
    const { writes } = await whole.life(Number.POSITIVE_INFINITY, (core) => core.desk.handle(came));
    const wanted = await whole.end();
    expect(writes).toBeGreaterThan(0);

    for (let cut = 0; cut < writes; cut += 1) {
      const g = ground();
      const { done: event } = await g.life(Number.POSITIVE_INFINITY, before);
      await g.life(cut, (core) => core.desk.handle(event));
      const { done: reply } = await g.life(Number.POSITIVE_INFINITY, (core) =>
        core.desk.handle(event, { isAgain: true }),
      );
      expect(words(reply), `after ${cut} of ${writes} writes`).not.toMatch(/Something broke|could not/);
      expect(await g.end(), `after ${cut} of ${writes} writes`).toEqual(wanted);
    }
  });
});
