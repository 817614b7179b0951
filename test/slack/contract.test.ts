// The chat contract on Slack, in both transports.
import { chatContract, type PeopleAtChat } from '../contracts/chat.ts';
import { idOf, SlackWorld } from './world.ts';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

for (const transport of ['socket', 'http'] as const) {
  chatContract(`Slack over ${transport}`, async (): Promise<PeopleAtChat> => {
    const w = await SlackWorld.start({ transport });
    let channel = 'C0LOBBY';
    return {
      services: w.services,
      async open(who, values) {
        channel = (await w.open(who, values)).channel;
      },
      type: (who, text) => w.command(who, text, channel),
      async give(who, how, name, lines) {
        if (how === 'text') return w.command(who, `log ${escaped(lines)}`, channel);
        const mode = how === 'snippet' ? 'snippet' : 'hosted';
        const file = w.fake.workspace.addFile(name, Buffer.from(lines), { mode });
        const said = how === 'snippet' ? '<@U0BOT> log' : '';
        const message = await w.say(who, channel, said, { subtype: 'file_share', files: [file] });
        if (how === 'upload') {
          await w.fake.shortcut(idOf(who), 'read-as-log', message);
          await w.settled();
        }
      },
      press: (who, label) => w.press(who, label, channel),
      async fill(who, values) {
        const answer = await w.fill(who, values);
        if (answer['response_action'] === 'errors') throw new Error(JSON.stringify(answer['errors']));
      },
      reads: (who) =>
        `${w.text(who, channel)}\n${w.private(who)}\n${JSON.stringify(w.fake.workspace.views.filter((v) => v.for === idOf(who)))}`,
      files: (who) =>
        [...w.fake.workspace.uploads.values()]
          .filter((u) => u.channel === w.fake.workspace.direct(idOf(who)) && u.bytes.length > 0)
          .map((u) => u.name),
      settled: () => w.settled(),
      async end() {
        const { refused } = w.fake.workspace;
        await w.end();
        if (refused.length > 0) throw new Error(`Slack would have refused: ${refused.join('; ')}`);
      },
    };
  });
}
