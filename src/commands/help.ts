// help: verbs, one verb, the self test, the sample incident.
import { code, heading, list, prose, table, text, untrusted, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import { demoCommands } from './demo.ts';
import { doctor } from './doctor.ts';
import { permissionMeaning } from './permission.ts';
import { type Answer, type Call, type Command, one, VERBS } from './types.ts';

export const usage = (command: Command): string =>
  [command.name, ...command.args.map((a) => (a.isRequired ? `<${a.name}>` : `[${a.name}]`))].join(' ');

async function show(call: Call): Promise<Answer> {
  const verb = one(call.args, 'verb').toLowerCase();
  const listed = call.services.commands.filter((c) => !c.isHidden);
  if (verb !== '') {
    const of = listed.filter((c) => c.name === verb || c.name.startsWith(`${verb} `));
    if (of.length > 0) {
      return {
        kind: 'private',
        view: view(`Help: ${verb}`, [
          table(
            verb,
            ['type', 'does', 'who may'],
            of.map((c) => [code(usage(c)), c.summary, permissionMeaning[c.who]]),
          ),
          list(of.flatMap((c) => c.examples.slice(0, 1).map((e) => prose(code(e))))),
        ]),
      };
    }
  }
  const rows = VERBS.map((v) => {
    const main = listed.find((c) => c.name === v);
    const subs = listed.filter((c) => c.name.startsWith(`${v} `)).map((c) => c.name.slice(v.length + 1));
    return [code(v), main?.summary ?? '', subs.join(', ')];
  });
  return {
    kind: 'private',
    view: view('Eleven verbs', [
      heading('Eleven verbs'),
      ...(verb === '' ? [] : [text('There is no verb ', untrusted(clip(verb, 40)), '. These are the verbs.')]),
      text(
        'Type one after the command or a mention; alone it opens its form or shows where things stand. "help <verb>" shows more.',
      ),
      table('Verbs', ['verb', 'does', 'more'], rows),
    ]),
  };
}

export const help: readonly Command[] = [
  {
    name: 'help',
    summary: 'What you can type, or one verb in detail',
    args: [{ name: 'verb', summary: 'One of the verbs', isRequired: false }],
    examples: ['help', 'help timeline'],
    effect: 'read',
    who: 'anyone',
    needsIncident: false,
    run: show,
  },
  doctor,
  ...demoCommands,
];
