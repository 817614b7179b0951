// A small bot for trying the workspace without the engine: it answers a handful of words, and keeps what it was told.
import type { ChatEvent, ChatPort, DeliverableView, Desk, HeldBytes, Reply } from '../../src/chat/types.ts';
import type { Button, Element, View } from '../../src/view/types.ts';

const lengthOf = (bytes: Uint8Array | HeldBytes | undefined): number =>
  bytes === undefined ? 0 : 'path' in bytes ? bytes.sizeBytes : bytes.byteLength;

export const cardOf = (
  summary: string,
  elements: readonly Element[] = [],
  tone: View['tone'] = null,
): DeliverableView => {
  const buttons = elements.flatMap((element) => (element.kind === 'actions' ? element.buttons : []));
  return {
    view: { summary, tone, elements },
    tokens: buttons.map((button, index) => `${button.intent.verb}:${index}`),
  };
};

export const buttonOf = (label: string, verb: string, more: Partial<Button> = {}): Button => ({
  label,
  intent: { verb, args: {} },
  style: 'normal',
  ...more,
});

export interface ScriptedDesk extends Desk {
  readonly events: ChatEvent[];
  /** Set to answer the next events instead of the script. */
  answer: ((event: ChatEvent) => Promise<Reply> | Reply) | null;
}

const NONE: Reply = { kind: 'none' };
const privately = (text: string): Reply => ({
  kind: 'private',
  view: cardOf(text, [{ kind: 'text', prose: [{ kind: 'plain', text }] }]),
});

/** A desk on a port: `card` posts a card with a button, `form` opens a form, `open` makes a channel with a pinned card. */
export function createScriptedDesk(port: ChatPort): ScriptedDesk {
  const seen = new Set<string>();
  const desk: ScriptedDesk = {
    events: [],
    answer: null,
    async handle(event) {
      if (seen.has(event.id)) return NONE;
      seen.add(event.id);
      desk.events.push(event);
      if (desk.answer !== null) return desk.answer(event);
      switch (event.kind) {
        case 'command': {
          const [word] = event.text.split(' ');
          if (word === 'log') return privately(`Read ${lengthOf(event.files?.[0]?.bytes)} bytes.`);
          if (word === 'form') return { kind: 'form', form: { token: 'form-token', form: FORM } };
          if (word === 'card') {
            await port.post(event.conversation, APPROVAL, { key: event.id });
            return NONE;
          }
          if (word === 'open') {
            const where = await port.createConversation('inc-1-shop-login', {
              isPrivate: false,
              members: [event.actor],
            });
            await port.post(where, cardOf('INC-1, SEV2, triage', [{ kind: 'heading', text: 'INC-1 Shop login' }]), {
              key: 'pin',
              isPinned: true,
            });
            return privately('INC-1 is open.');
          }
          return privately(`There is no "${event.text}".`);
        }
        case 'click':
          if (event.message !== null)
            await port.edit(
              event.message,
              cardOf(
                'Approved',
                [
                  {
                    kind: 'notice',
                    tone: 'good',
                    prose: [{ kind: 'plain', text: `Approved by ${event.actor.label}` }],
                  },
                ],
                'good',
              ),
            );
          return NONE;
        case 'submit':
          if (event.values['title'] === 'bad') return { kind: 'errors', errors: { title: 'Say what happened.' } };
          return privately(`Title is ${String(event.values['title'])}.`);
        case 'shortcut':
          return privately(`${event.shortcut}: ${event.message.text}`);
        case 'message':
        case 'reaction':
        case 'source-changed':
        case 'joined':
        case 'invited':
        case 'met':
        case 'home':
        case 'conversation-changed':
          return NONE;
      }
    },
    async turnAway() {},
    async giveUp() {},
    hasIncident: async () => true,
    blob: async () => null,
    home: async (actor) =>
      cardOf('Home', [
        { kind: 'heading', text: `Hello ${actor.label}` },
        { kind: 'text', prose: [{ kind: 'plain', text: 'Nothing waits for you.' }] },
      ]),
    complete: (text) =>
      ['/ir open', '/ir card', '/ir form', '/ir log']
        .filter((insert) => insert.startsWith(text))
        .map((insert) => ({ insert, summary: `What ${insert} does` })),
  };
  return desk;
}

export const APPROVAL = cardOf(
  'Approve isolate web-01?',
  [
    { kind: 'heading', text: 'Isolate web-01' },
    {
      kind: 'actions',
      buttons: [
        buttonOf('Approve isolate web-01', 'approve', {
          style: 'primary',
          confirm: { title: 'Approve isolate web-01?', text: 'web-01 leaves the network.', button: 'Approve' },
        }),
        buttonOf('Deny', 'deny', { style: 'danger' }),
      ],
    },
  ],
  'warning',
);

const FORM = {
  title: 'Declare an incident',
  intro: [],
  fields: [
    { name: 'title', label: 'Title', isRequired: true, kind: 'line', hint: 'What you would shout across the room' },
    {
      name: 'severity',
      label: 'Severity',
      isRequired: true,
      kind: 'choice',
      choices: [
        { value: 'SEV1', label: 'SEV1' },
        { value: 'SEV2', label: 'SEV2' },
      ],
    },
    {
      name: 'hosts',
      label: 'Hosts',
      isRequired: false,
      kind: 'choices',
      choices: [
        { value: 'web-01', label: 'web-01' },
        { value: 'web-02', label: 'web-02' },
      ],
    },
    { name: 'commander', label: 'Commander', isRequired: false, kind: 'person' },
    { name: 'summary', label: 'Summary', isRequired: false, kind: 'paragraph' },
  ],
  submitLabel: 'Open incident',
  intent: { verb: 'open', args: {} },
} as const;
