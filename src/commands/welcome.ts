// The first meeting: what the bot is good for, what it may do and why, and how to be rid of it. Said once to each person and place.
import { accountKey, refOf } from '../chat/actor.ts';
import { fixed, outgoing } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import { actions, button, code, context, list, prose, strong, text, view } from '../view/build.ts';
import type { View } from '../view/types.ts';
import type { Answer, Call, Command } from './types.ts';

const tryThis = list(
  [
    prose(code('help demo'), ': a sample incident to click through, in three minutes.'),
    prose(code('open'), ': a real one, with its own channel and pinned card.'),
    prose(code('help doctor'), ': whether everything is set up, and what to do about the rest.'),
  ],
  true,
);

const rules = [
  text(
    strong('What I do. '),
    'I make timelines of pasted logs, walk you through playbooks and draft notices. I contain nothing: that waits for a named person to press a button, and it is all on record.',
  ),
  text(
    strong('What I read. '),
    'Only channels I was invited to, and files only when somebody asks. What each permission is for stands in docs/slack.md and docs/teams.md.',
  ),
];

const OFF =
  'To switch me off here, remove me from the channel; to be rid of me, an administrator uninstalls the app. What is on record stays.';

/** To one person, when they open their private chat. */
export const personView: View = view('Hello. I am Countersign: I help when there is an incident. Type help.', [
  text(strong('Three things to try'), ', here or in a channel'),
  tryThis,
  actions(button('Start the sample incident', 'help demo', {}, { style: 'primary' })),
  ...rules,
  context(OFF),
]);

/** To a channel, when somebody brings the bot in. */
export const channelView: View = view('Thank you for having me. Mention me with "help" to see what I can do.', [
  text('Mention me with ', code('help'), ' to see what I can do. Three things to try:'),
  tryThis,
  ...rules,
  context(OFF),
]);

async function welcome(call: Call): Promise<Answer> {
  const { event, services } = call;
  if (event.kind !== 'met') return { kind: 'none' };
  if (event.isDirect) {
    const to = refOf(event.actor);
    await services.store.enqueue([
      outgoing(`onboarding/${accountKey(event.actor)}`, { op: 'tell', to, content: fixed(personView) }),
    ]);
    return { kind: 'none' };
  }
  // An incident's own channel has a welcome of its own.
  if (call.dossier) return { kind: 'none' };
  await services.store.enqueue([
    outgoing(`onboarding/${placeOf(event.conversation)}`, {
      op: 'post',
      to: event.conversation,
      content: fixed(channelView),
    }),
  ]);
  return { kind: 'none' };
}

/** For whoever opens the first incident of all: what an incident is made of here. */
export const firstIncidentView = (incident: string): View =>
  view(`${incident} is the first incident here. Three things to know.`, [
    text(strong('The first incident here. '), 'Three things to know:'),
    list(
      [
        'The pinned card is the one truth: it is edited in place, whatever happens.',
        'Answers that only you asked for are only shown to you; what everybody must see stands in the channel.',
        prose(
          'Nothing is lost by a wrong word: ',
          code('help'),
          ' says what there is, and most records can be taken back.',
        ),
      ],
      true,
    ),
    context('This is said once. "help demo" starts a sample incident for practice at any time.'),
  ]);

export const welcomeCommands: readonly Command[] = [
  {
    name: 'help welcome',
    summary: 'The bot and somebody met',
    args: [],
    examples: [],
    effect: 'read',
    who: 'anyone',
    needsIncident: false,
    isHidden: true,
    run: welcome,
  },
];
