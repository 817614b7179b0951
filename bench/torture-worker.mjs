// One life of a server under torture: it proposes, approves, denies and executes until it is killed, from outside or by itself.
import { openWorld } from './containment-world.mjs';

const [folder, url, incident, mode, after, seed] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const say = (line) => process.send(line);

let appends = 0;
const world = await openWorld(folder, url, {
  async onAppend(append) {
    appends += 1;
    // Some appends lose a race and commit nothing: the next one that commits is then the last.
    const isLast = appends >= Number(after);
    if (isLast && mode === 'before-commit') die();
    const done = await append();
    // Committed, and nobody was told.
    if (isLast && mode === 'after-commit') die();
    return done;
  },
});
if (!(await world.services.incidentKeys()).includes(incident)) {
  try {
    await world.open(incident);
  } catch (error) {
    if (error.name !== 'VersionConflict') throw error;
  }
}
world.executions.start();
say({ kind: 'up' });
if (mode === 'once') {
  await world.executions.settled();
  await world.close();
  process.exit(0);
}

const pick = (items) => items[Math.floor(Math.random() * items.length)];
const told = (reply, key) => {
  const words = reply.kind === 'private' ? reply.view.view.summary : '';
  if (words === `${key} is approved.`) say({ kind: 'told', what: 'granted', id: `${incident}/${key}` });
  if (words.startsWith(`${key} is denied.`)) say({ kind: 'told', what: 'denied', id: `${incident}/${key}` });
};

for (let i = 0; ; i += 1) {
  // The database answers at once, so without this nothing else of the process would ever have its turn.
  await new Promise((done) => setTimeout(done, Math.random() * 10));
  await world.propose(incident, `host-${seed}-${i}`);
  const { state } = await world.services.incidents.load(incident);
  const pending = state.containment.all.filter((c) => c.state === 'pending');
  const c = Math.random() < 0.5 ? pending.at(-1) : pick(pending);
  if (!c) continue;
  const mira = await world.button('mira', incident, c);
  const ife = await world.button('ife', incident, c);
  const denial = await world.denial('ife', incident, c);
  const deny = () => (Math.random() < 0.2 ? [denial()] : []);
  const presses = [...deny(), world.press(mira), world.press(mira), world.press(ife), ...deny()];
  for (const reply of await Promise.all(presses)) told(reply, c.key);
}
