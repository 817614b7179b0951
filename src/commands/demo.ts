// help demo: a sample incident that can be clicked through in three minutes.
import { fixed, outgoing } from '../chat/outbox.ts';
import { DEMO_NOW, DEMO_PASTES } from '../incident/demo/demo.ts';
import type { Opening } from '../incident/opening.ts';
import { watermarked } from '../incident/view.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { actions, button, channel, context, list, notice, strong, text, view } from '../view/build.ts';
import type { View } from '../view/types.ts';
import { openIncident } from './open.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

const guide = (incident: string): View =>
  view('The sample incident in three minutes', [
    text(
      strong('The story. '),
      'Around midnight somebody guesses a password on web-01. Find out how far they got, and stop them.',
    ),
    list(
      [
        'Press the three buttons below: each pastes a sample log, as a responder would. Every receipt accounts for every line.',
        'On each receipt press "Preview and add": look at the zone, choose what goes on the timeline, add.',
        'Press "Timeline" on the pinned card and read what happened. One line tries to give the bot orders; it is shown as what it is.',
        'Start the playbook "Compromised credentials". Mark a step done, skip another with a reason.',
        'Press "Propose containment", for example disabling the account. You cannot approve what you proposed: sign in as somebody else in a second browser and approve there.',
        'Draft a notice with "notice draft executive", let it be reviewed, send it.',
        'Type "audit verify".',
      ],
      true,
    ),
    actions(
      ...DEMO_PASTES.map((p, i) =>
        button(`Paste ${p.name}`, 'help demo-paste', { incident, which: String(i) }, { style: 'primary' }),
      ),
    ),
    context('This is an exercise: it is watermarked, kept out of the figures, and no containment adapter runs in it.'),
  ]);

async function demo(call: Call): Promise<Answer> {
  const sample: Opening = {
    title: 'Sample: a guessed password on web-01',
    codename: null,
    kind: 'exercise',
    severity: 'SEV2',
    summary:
      'The night shift saw logins to web-01 from an address nobody knows. Everything in this incident is made up.',
    zone: null,
    isPrivate: false,
    detectedAt: DEMO_NOW,
    isCommander: true,
  };
  const opened = await openIncident(call, sample, ({ key, conversation }) => [
    outgoing(`demo-guide/${key}`, {
      op: 'post',
      to: conversation,
      content: fixed(watermarked({ kind: 'exercise' }, guide(key))),
    }),
  ]);
  if (isRefusal(opened)) return opened;
  const { key, conversation } = opened;
  const where = opened.channel ? channel(conversation, `#${opened.channel}`) : 'this channel';
  return {
    kind: 'private',
    view: view(`${key} is open.`, [notice('good', `${key} is open in `, where, '. The guide stands there.')], 'good'),
  };
}

async function paste(call: Call): Promise<Answer> {
  const sample = DEMO_PASTES[Number(one(call.args, 'which'))];
  const incident = call.dossier?.incident.key;
  if (!sample || !incident) return refuse('bad-argument', 'There are three sample logs; use their buttons.');
  const bytes = new TextEncoder().encode(sample.text);
  const received = await call.services.intake.receive(
    incident,
    call.recordActor,
    [{ name: sample.name, how: 'paste', bytes, message: null }],
    { now: Date.parse(DEMO_NOW), zone: sample.zone },
  );
  if (isRefusal(received)) return received;
  const [first] = received.kept;
  const line = first?.isKnown
    ? `${sample.name} is here already as ${first.key}: nothing was added twice.`
    : `${first?.key ?? sample.name} is kept and being read.`;
  return { kind: 'private', view: view(line, [notice('info', line)]) };
}

export const demoCommands: readonly Command[] = [
  {
    name: 'help demo',
    summary: 'A sample incident to click through in three minutes',
    args: [],
    examples: ['help demo'],
    effect: 'record',
    who: 'responder',
    needsIncident: false,
    run: demo,
  },
  {
    name: 'help demo-paste',
    summary: 'Paste one of the sample logs',
    args: [],
    examples: [],
    effect: 'record',
    who: 'responder',
    needsIncident: true,
    isHidden: true,
    run: paste,
  },
];
