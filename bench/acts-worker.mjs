// A server's process that does a list of acts and ends, or is killed after so many commits: for tests with real processes.
import { openWorld } from './containment-world.mjs';

const [folder, url, acts, dieAfter] = process.argv.slice(2);
const INCIDENT = 'INC-1';
let commits = 0;
const world = await openWorld(folder, url, {
  async onAppend(append) {
    const done = await append();
    commits += 1;
    if (commits === Number(dieAfter)) process.kill(process.pid, 'SIGKILL');
    return done;
  },
});
const say = (line) => new Promise((sent) => process.send(line, sent));
const newest = async () => (await world.services.incidents.load(INCIDENT)).state.containment.all.at(-1);
const words = (reply) => (reply.kind === 'private' ? reply.view.view.summary : reply.kind);

let button = null;
for (const act of JSON.parse(acts)) {
  const [verb, what] = typeof act === 'string' ? [act] : act;
  const c = await newest();
  if (verb === 'open' && !(await world.services.incidentKeys()).includes(INCIDENT)) await world.open(INCIDENT);
  if (verb === 'propose' && !c) await world.propose(INCIDENT, what);
  if (verb === 'press' && c?.state === 'pending')
    await say({ kind: 'pressed', words: words(await world.press(await world.button(what, INCIDENT, c))) });
  if (verb === 'race') {
    button = await world.button(what, INCIDENT, c);
    const replies = await Promise.all([world.press(button), world.press(button), world.press(button)]);
    for (const reply of replies) await say({ kind: 'pressed', words: words(reply) });
  }
  if (verb === 'ready') {
    await say({ kind: 'ready' });
    await new Promise((go) => process.once('message', go));
  }
  if (verb === 'execute') await world.executions.settled();
  if (verb === 'end') await world.close();
}
process.disconnect();
