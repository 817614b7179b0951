// The chat contract in the workspace: the compiled program, real HTTP, people who read pages, press and fill in.
import { join } from 'node:path';
import type { Services } from '../../src/commands/types.ts';
import { openBlobs } from '../../src/evidence/blobs.ts';
import { type Dossier, emptyDossier, evolveDossier } from '../../src/incident/dossier.ts';
import { Ledger } from '../../src/store/ledger.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { chatContract, type PeopleAtChat } from '../contracts/chat.ts';
import { createGround } from './server.ts';
import { Visitor } from './visitor.ts';

const PEOPLE = ['mira', 'tomas', 'ife', 'noor', 'bo'] as const;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decoded = (html: string): string =>
  html.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');
const words = (html: string): string =>
  decoded(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
const attribute = (tag: string, name: string): string | null => {
  const found = new RegExp(` ${name}="([^"]*)"`).exec(tag);
  return found ? decoded(found[1] as string) : null;
};

/** Values of a form as they stand, by name; several for a choice of many. */
function standing(html: string): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [, name] of html.matchAll(/name="_many" value="([^"]*)"/g)) values.set(name as string, []);
  for (const [tag] of html.matchAll(/<input [^>]*>/g)) {
    const name = attribute(tag, 'name');
    const type = attribute(tag, 'type');
    if (name === null || type === 'file' || type === 'hidden') continue;
    const isChoice = type === 'checkbox' || type === 'radio';
    if (isChoice && !tag.includes(' checked')) continue;
    const value = attribute(tag, 'value') ?? '';
    values.set(name, isChoice ? [...(values.get(name) ?? []), value] : [value]);
  }
  for (const [tag, text] of html.matchAll(/<textarea [^>]*>([^<]*)<\/textarea>/g))
    values.set(attribute(tag, 'name') ?? '', [decoded(text as string).replace(/^\n/, '')]);
  for (const [whole] of html.matchAll(/<select [\s\S]*?<\/select>/g)) {
    const chosen = /<option value="([^"]*)"[^>]* selected/.exec(whole);
    values.set(attribute(whole, 'name') ?? '', [chosen ? decoded(chosen[1] as string) : '']);
  }
  return values;
}

chatContract('the web workspace', async (): Promise<PeopleAtChat> => {
  const ground = createGround();
  const program = await ground.start();
  const visitors = new Map<string, Visitor>();
  for (const who of PEOPLE) {
    const visitor = new Visitor(program.address);
    await visitor.signIn(who, ground.passcode(who));
    visitors.set(who, visitor);
  }
  const store = openSqliteStore(join(ground.folder, 'countersign.db'), Date.now);
  const incidents = new Ledger<Dossier>(store, { initial: emptyDossier, evolve: evolveDossier });
  const services = {
    store,
    incidents,
    blobs: openBlobs(join(ground.folder, 'evidence')),
    incidentKeys: async () => (await store.streams()).filter((s) => /^(INC|EX)-/.test(s)),
  } as unknown as Services;
  const forms = new Map<string, string>();
  const pages = new Map<string, string>();
  const asides = new Map<string, string>();
  let channel = 'general';

  const at = (who: string): Visitor => {
    const visitor = visitors.get(who);
    if (!visitor) throw new Error(`${who} is not signed in`);
    return visitor;
  };
  const look = async (who: string): Promise<void> => {
    pages.set(who, await at(who).page(`/c/${channel}`));
    // Their private chat is there once they were told something alone.
    const alone = await at(who).send(`/c/dm.${who}`);
    if (alone.status === 200) asides.set(who, await alone.text());
  };
  async function settled(): Promise<void> {
    for (let still = 0, before = -1; still < 4; still += 1) {
      const count = (await store.find({})).length;
      if (count !== before) still = 0;
      before = count;
      await new Promise((r) => setTimeout(r, 50));
    }
    const { conversation } = (await incidents.load('INC-1')).state.incident;
    if (conversation?.id) channel = conversation.id;
    // Who did nothing themselves looks too.
    for (const who of visitors.keys()) await look(who);
  }
  async function act(who: string, path: string, body: unknown): Promise<void> {
    const answer = (await at(who).act(path, body)).body;
    if (answer['kind'] === 'form') forms.set(who, String(answer['html']));
    await settled();
    await look(who);
  }
  const key = (): string => crypto.randomUUID();
  const say = (who: string, text: string) => act(who, '/api/say', { key: key(), channel, thread: '', text });

  const chat: PeopleAtChat = {
    services,
    async open(who, values) {
      await say(who, '/ir open');
      await chat.fill(who, { kind: 'live', isPrivate: 'no', isCommander: 'yes', ...values });
    },
    type: (who, text) => say(who, `/ir ${text}`),
    give: (who, how, name, lines) =>
      how === 'text'
        ? say(who, `/ir log ${lines}`)
        : act(
            who,
            `/api/upload?channel=${channel}&key=${key()}&name=${name}&paste=${how === 'snippet' ? 'yes' : 'no'}`,
            new TextEncoder().encode(lines),
          ),
    async press(who, label) {
      await look(who);
      const matches = (text: string): boolean => (typeof label === 'string' ? text === label : label.test(text));
      const articles = (pages.get(who) ?? '').split('<article ').slice(1);
      for (const article of articles.reverse()) {
        const message = attribute(` ${article.slice(0, article.indexOf('>'))}`, 'data-message');
        for (const [, tag, text] of article.matchAll(/<button ([^>]*data-press[^>]*)>([\s\S]*?)<\/button>/g)) {
          if (message === null || !matches(words(text as string))) continue;
          return act(who, '/api/press', { key: key(), message, press: attribute(` ${tag}`, 'data-press') });
        }
      }
      throw new Error(`nobody shows ${who} a button ${String(label)}`);
    },
    async fill(who, values) {
      const html = forms.get(who);
      if (html === undefined) throw new Error(`${who} has no form open`);
      forms.delete(who);
      const body = new FormData();
      body.set('_submit', attribute(html, 'data-submit') ?? '');
      body.set('_channel', channel);
      body.set('_key', key());
      for (const [, name] of html.matchAll(/name="_many" value="([^"]*)"/g)) body.append('_many', name as string);
      const given = new Map(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
      for (const [name, all] of new Map([...standing(html), ...given]))
        for (const value of all) body.append(name, value);
      const response = await at(who).send('/api/submit', {
        method: 'POST',
        body,
        headers: { 'x-countersign-token': at(who).token },
      });
      const answer = (await response.json()) as { readonly kind?: string; readonly html?: string };
      if (answer.kind === 'form') forms.set(who, String(answer.html));
      if (answer.kind === 'errors') throw new Error(JSON.stringify(answer));
      await settled();
    },
    reads: (who) => words(`${asides.get(who) ?? ''}${pages.get(who) ?? ''}`),
    files: (who) =>
      [...(pages.get(who) ?? '').matchAll(/ download="([^"]*)"/g)].map(([, name]) => decoded(name as string)),
    settled,
    async end() {
      await store.close();
      await program.terminate();
      ground.remove();
    },
  };
  return chat;
});
