// Plays a shift and writes down what people were shown: the Views that the golden files of all platforms are rendered from.
// They are kept apart from the program's words, so that a sentence that changes does not change every golden file:
// `COUNTERSIGN_TEST_RECORD_VIEWS=yes npx vitest run test/views --update=all` records them anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeliverableForm, DeliverableView, Reply } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness } from '../harness.ts';

export type Shown = { readonly view: DeliverableView } | { readonly form: DeliverableForm };

export const recordOf = (name: string): string => join(import.meta.dirname, '..', 'golden', 'views', `${name}.json`);

const LOG = [
  ...Array.from(
    { length: 8 },
    (_, i) => `2026-11-20T07:1${i}:00Z web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2`,
  ),
  '2026-11-20T07:20:00Z web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2',
  '2026-11-20T07:21:00Z web-01 sudo: root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/id',
  'this line is of no format at all <script>',
].join('\n');

/** Every scene of a shift that somebody reads a card of, in the order of the story. */
export const SCENES = [
  'incident',
  'first-steps',
  'open-form',
  'receipt',
  'preview-form',
  'timeline',
  'playbook-step',
  'finding',
  'proposal-form',
  'proposal-pending',
  'approve-form',
  'proposal-half-approved',
  'proposal-approved',
  'refused',
  'notice-draft',
  'home',
  'help',
  'step-form',
  'step-with-clocks',
  'clock-board',
  'notice-as-read',
  'briefing-due',
  'briefing-form',
  'briefing-posted',
  'home-of-a-manager',
  'catch-up',
  'handover',
] as const;

async function play(h: Harness): Promise<ReadonlyMap<string, Shown>> {
  const scenes = new Map<string, Shown>();
  const keep = (name: (typeof SCENES)[number], shown: Shown): void => void scenes.set(name, shown);
  const reply = (name: (typeof SCENES)[number], r: Reply): Reply => {
    if (r.kind === 'private') keep(name, { view: r.view });
    else if (r.kind === 'form') keep(name, { form: r.form });
    else throw new Error(`${name}: ${r.kind}`);
    return r;
  };
  const posted = (words: RegExp): DeliverableView => {
    const found = h.chat.messages
      .filter((m) => m.view && m.onlyFor === null && words.test(viewText(m.view.view)))
      .at(-1)?.view;
    if (!found) throw new Error(`nobody posted ${words}`);
    return found;
  };
  reply('open-form', await h.type('mira', 'open Logins from abroad'));
  const { in: where } = await h.open('mira', { severity: 'SEV3' });
  const at = { in: where };
  keep('incident', { view: posted(/Severity/) });
  keep('first-steps', { view: posted(/What to do first/) });
  const bytes = new TextEncoder().encode(LOG);
  await h.type('tomas', 'log', { ...at, files: [{ name: 'auth.log', bytes }] });
  keep('receipt', { view: posted(/EV-1/) });
  const preview = reply('preview-form', await h.press('tomas', /Preview/, at));
  await h.submit('tomas', formOf(preview), { which: 'all', zone: 'Europe/Berlin' }, at);
  reply('timeline', await h.type('mira', 'timeline', at));
  await h.type('mira', 'step start compromised-credentials', at);
  reply('playbook-step', await h.type('mira', 'step', at));
  const finding = formOf(await h.type('tomas', 'finding add', at));
  await h.submit('tomas', finding, { claim: 'The password of root on web-01 was guessed', cites: 'EV-1:9' }, at);
  reply('finding', await h.type('tomas', 'finding', at));
  const proposal = formOf(reply('proposal-form', await h.type('tomas', 'contain rotate-key', at)));
  await h.submit(
    'tomas',
    proposal,
    {
      targets: 'deploy-key-7',
      'param.overlap-minutes': '0',
      reason: 'It was used from an address we do not know.',
      evidence: 'EV-1',
      'keep.usage': 'kept',
      'keep.usage.note': 'In the archive of the vault',
      executor: 'tomas',
    },
    at,
  );
  keep('proposal-pending', { view: posted(/CA-1 rotate key/i) });
  reply('refused', await h.press('bo', /^Approve/, at));
  for (const [who, name] of [
    ['ife', 'proposal-half-approved'],
    ['noor', 'proposal-approved'],
  ] as const) {
    const form = reply('approve-form', await h.press(who, /^Approve/, at));
    await h.submit(who, formOf(form), { typedTarget: 'deploy-key-7' }, at);
    keep(name, { view: posted(/CA-1 rotate key/i) });
  }
  reply('notice-draft', await h.type('mira', 'notice draft executive', at));
  keep('home', { view: await h.desk.home(h.who('mira')) });
  reply('help', await h.type('mira', 'help', at));
  reply('step-form', await h.type('tomas', 'step fill scope-accounts', at));
  reply('step-with-clocks', await h.type('mira', 'step show consider-clocks', at));
  const clock = formOf(await h.type('mira', 'notice clock start gdpr', at));
  const started = { anchor: 'aware', when: '-2h', zone: 'Europe/Berlin', reason: 'Counsel said so' };
  await h.submit('mira', clock, started, at);
  reply('clock-board', await h.type('mira', 'notice clock', at));
  const review = formOf(await h.type('mira', 'notice review NO-1', at));
  await h.submit('mira', review, { note: '' }, at);
  const send = formOf(await h.type('mira', 'notice send NO-1', at));
  reply('notice-as-read', await h.submit('mira', send, { byHand: 'read out in the meeting' }, at));
  await h.pass(240);
  keep('briefing-due', { view: posted(/Briefing due/i) });
  const brief = formOf(reply('briefing-form', await h.type('mira', 'notice brief', at)));
  const written = Object.fromEntries(brief.form.fields.map((f) => [f.name, 'value' in f ? String(f.value ?? '') : '']));
  await h.submit('mira', brief, { ...written, impact: 'The shop takes orders. Nobody can pay by card.' }, at);
  reply('briefing-posted', await h.type('bo', 'notice latest', at));
  keep('home-of-a-manager', { view: await h.desk.home(h.who('bo')) });
  reply('catch-up', await h.type('noor', 'status catchup', at));
  await h.type('mira', 'status handover @ife', at);
  const offer = h.chat.messages.findLast((m) => m.onlyFor === 'ife' && m.key.includes('handover'))?.view;
  if (!offer) throw new Error('nobody offered command');
  keep('handover', { view: offer });
  return scenes;
}

/** What differs from run to run is written alike: tokens, digests, names of pictures. */
const steady = (text: string): string =>
  text
    .replaceAll(/[a-z0-9]+-token-\d{12}/g, 'token')
    .replaceAll(/[0-9a-f]{64}/g, '{sha256}')
    .replaceAll(/\b[0-9a-f]{4}(?:[ -][0-9a-f]{4}){2,}\b/g, '{digest}');

/** Plays it all and writes one file a scene. */
export async function record(): Promise<void> {
  const h = await harness();
  try {
    for (const [name, shown] of await play(h))
      writeFileSync(recordOf(name), `${steady(JSON.stringify(shown, null, 1))}\n`);
  } finally {
    await h.end();
  }
}
