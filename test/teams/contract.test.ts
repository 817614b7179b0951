// The chat contract on Teams: the whole program, real HTTP, people who mention, press and fill in.
import { join } from 'node:path';
import type { Services } from '../../src/commands/types.ts';
import { openBlobs } from '../../src/evidence/blobs.ts';
import { type Dossier, emptyDossier, evolveDossier } from '../../src/incident/dossier.ts';
import { Ledger } from '../../src/store/ledger.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { chatContract, type PeopleAtChat } from '../contracts/chat.ts';
import type { Posted } from '../doubles/fake-teams.ts';
import { buttonsOf, cardOf, inputsOf, wordsOf } from './cards.ts';
import { teamsWorld } from './world.ts';

const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const encode = (id: string, value: string | readonly string[]): string =>
  typeof value !== 'string'
    ? value.map(encodeURIComponent).join(',')
    : id.startsWith('text.') || id.startsWith('person.')
      ? value
      : encodeURIComponent(value);

chatContract('Teams', async (): Promise<PeopleAtChat> => {
  const w = await teamsWorld();
  // A second view of the same files: the program itself shows nobody its inside.
  const store = openSqliteStore(join(w.folder, 'data', 'countersign.db'), Date.now);
  const incidents = new Ledger<Dossier>(store, { initial: emptyDossier, evolve: evolveDossier });
  const services = {
    store,
    incidents,
    blobs: openBlobs(join(w.folder, 'data', 'evidence')),
    incidentKeys: async () => (await store.streams()).filter((s) => /^(INC|EX)-/.test(s)),
  } as unknown as Services;
  const open = new Map<string, { readonly card: unknown; readonly message: Posted }>();
  const answers: { readonly who: string; readonly words: string }[] = [];

  async function settled(): Promise<void> {
    for (let still = 0, calls = -1; still < 12; still += 1) {
      if (w.teams.calls.length !== calls) still = 0;
      calls = w.teams.calls.length;
      await new Promise((r) => setTimeout(r, 25));
    }
  }
  async function act(who: string, work: () => Promise<unknown>): Promise<void> {
    const direct = w.teams.directOf(who);
    const before = w.shown(direct).length;
    await work();
    await settled();
    const form = w
      .shown(direct)
      .slice(before)
      .find((p) => inputsOf(cardOf(p)).length > 0);
    if (form) open.set(who, { card: cardOf(form), message: form });
  }
  const answered = (who: string, message: Posted, body: Readonly<Record<string, unknown>> | undefined): void => {
    const card = body?.['value'];
    answers.push({ who, words: typeof card === 'string' ? card : wordsOf(card) });
    if (inputsOf(card).length > 0) open.set(who, { card, message });
  };

  const chat: PeopleAtChat = {
    services,
    async open(who, values) {
      await act(who, () => w.teams.mention(who, 'open'));
      await chat.fill(who, { kind: 'live', isPrivate: 'no', isCommander: 'yes', ...values });
    },
    type: (who, text) => act(who, () => w.teams.mention(who, html(text))),
    async give(who, how, name, lines) {
      if (how === 'text') return act(who, () => w.teams.mention(who, `log\n${html(lines)}`));
      w.teams.files.set(name, { bytes: Buffer.from(lines) });
      const content = { downloadUrl: `${w.teams.base}/files/${name}` };
      const contentType = 'application/vnd.microsoft.teams.file.download.info';
      return act(who, () => w.teams.say(who, 'INC-1 log', { attachments: [{ contentType, name, content }] }));
    },
    async press(who, label) {
      const matches = (text: string): boolean => (typeof label === 'string' ? text === label : label.test(text));
      const message = [...w.shown(w.teams.directOf(who)), ...w.shown()]
        .filter((p) => buttonsOf(cardOf(p)).some((b) => matches(b.title)))
        .at(-1);
      const button = message && buttonsOf(cardOf(message)).find((b) => matches(b.title));
      if (!message || !button) throw new Error(`nobody shows ${who} a button ${String(label)}`);
      await act(who, async () =>
        answered(who, message, (await w.teams.deliver(w.teams.invoke(who, message, button.data))).body),
      );
    },
    async fill(who, values) {
      const form = open.get(who);
      const submit = form && buttonsOf(form.card).find((b) => b.data['countersign'] === 'submit');
      if (!form || !submit) throw new Error(`${who} has no form open`);
      open.delete(who);
      const filled: Record<string, unknown> = {};
      for (const input of inputsOf(form.card)) {
        const id = String(input['id']);
        const given = values[id.slice(id.indexOf('.') + 1)];
        const value = given === undefined ? input['value'] : encode(id, given);
        if (value !== undefined && value !== '') filled[id] = value;
      }
      const data = { ...filled, ...submit.data };
      await act(who, async () =>
        answered(who, form.message, (await w.teams.deliver(w.teams.invoke(who, form.message, data))).body),
      );
    },
    reads: (who) =>
      [
        ...[...w.shown(), ...w.shown(w.teams.directOf(who))].map((p) => wordsOf(cardOf(p))),
        ...answers.filter((a) => a.who === who).map((a) => a.words),
      ].join('\n'),
    files: (who) =>
      w
        .shown(w.teams.directOf(who))
        .flatMap((p) =>
          ((p.activity['attachments'] ?? []) as { name?: string }[]).flatMap((a) => (a.name ? [a.name] : [])),
        ),
    settled,
    async end() {
      await store.close();
      await w.end();
    },
  };
  return chat;
});
