// The desk: one event in, one answer out. It understands, checks who may, runs the command, and turns faults into reference ids.
import { randomBytes } from 'node:crypto';
import type { StoredRecord } from '../audit/record.ts';
import { complete } from '../commands/complete.ts';
import { homeView } from '../commands/home.ts';
import { parseCommand } from '../commands/parse.ts';
import { permit } from '../commands/permission.ts';
import { commandNamed } from '../commands/registry.ts';
import type { Answer, Args, Call, Command, Origin, Services } from '../commands/types.ts';
import type { Incident } from '../incident/types.ts';
import { markedElements, watermarked } from '../incident/view.ts';
import { personOf } from '../organisation/people.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { causedBy } from '../store/cause.ts';
import { notice, view } from '../view/build.ts';
import { clip, reveal } from '../view/escape.ts';
import type { View } from '../view/types.ts';
import { accountKey, actorOf, systemActor } from './actor.ts';
import { recordGivenUp } from './given-up.ts';
import { shortcutIntents } from './shortcuts.ts';
import { type Granted, messageNote, placeOf, type Tokens } from './tokens.ts';
import type { ChatEvent, Desk, MessageRef, Principal, Reply } from './types.ts';

export interface DeskParts {
  readonly services: Services;
  readonly tokens: Tokens;
  /** Root of the slash commands, without the slash. */
  readonly root: string;
  /** Called after every event, so that what it queued is delivered. */
  readonly nudge: () => void;
}

interface Understood {
  readonly kind: 'understood';
  readonly command: Command;
  readonly args: Args;
  readonly origin: Origin;
}

const TYPED: Origin = { kind: 'typed' };
const COMMANDS_PER_MINUTE = 20;
const PASSIVE: ReadonlySet<ChatEvent['kind']> = new Set<ChatEvent['kind']>([
  'message',
  'joined',
  'met',
  'source-changed',
  'conversation-changed',
]);
const NAMED_INCIDENT = /^\s*((?:INC|EX)-\d{1,9}):?\s+/i;
const TURNED_AWAY_PER_HOUR = 60;

/** The Desk over the registry of commands. */
export function createDesk(parts: DeskParts): Desk {
  const { services, tokens } = parts;
  const recent = new Map<string, number[]>();
  let turnedAway: number[] = [];

  const isTooMany = (place: string): boolean => {
    const now = services.now();
    const times = (recent.get(place) ?? []).filter((t) => t > now - 60_000);
    times.push(now);
    recent.set(place, times);
    return times.length > COMMANDS_PER_MINUTE;
  };

  async function understand(event: ChatEvent): Promise<Understood | Refusal | null> {
    switch (event.kind) {
      case 'command': {
        if (isTooMany(placeOf(event.conversation)))
          return refuse(
            'too-many',
            `More than ${COMMANDS_PER_MINUTE} commands a minute in this channel. Wait a moment and send it again; buttons still work.`,
          );
        // From a private chat, or about another incident: its key comes first.
        const named = NAMED_INCIDENT.exec(event.text);
        const parsed = parseCommand(named ? event.text.slice(named[0].length) : event.text, parts.root);
        if (isRefusal(parsed)) return parsed;
        const args = named ? { ...parsed.args, incident: named[1] as string } : parsed.args;
        return { kind: 'understood', command: parsed.command, args, origin: TYPED };
      }
      case 'click':
      case 'submit':
        return fromToken(event);
      case 'message':
      case 'shortcut':
      case 'reaction':
      case 'source-changed':
      case 'joined':
      case 'invited':
      case 'met':
      case 'conversation-changed': {
        const intent = shortcutIntents(event);
        const command = intent ? commandNamed(intent.verb) : null;
        return intent && command ? { kind: 'understood', command, args: intent.args, origin: TYPED } : null;
      }
      case 'home':
        return null;
    }
  }

  async function fromToken(event: Extract<ChatEvent, { kind: 'click' | 'submit' }>): Promise<Understood | Refusal> {
    const granted = await tokens.read(event.token);
    const command = granted ? commandNamed(granted.intent.verb) : null;
    if (!granted || (granted.isRevoked && !command?.isSelfJudged))
      return refuse('stale', 'This card has moved on since it was shown. Look at the newest one; nothing was changed.');
    const origin = await originOf(event, granted);
    if (!(origin.isInPlace && origin.isHolder) && !command?.isSelfJudged)
      return refuse(
        'wrong-context',
        'This button belongs to another place or person, so it does nothing here. Use the one on the original card.',
      );
    if (!command) return refuse('stale', 'This button is from an older version. Ask for the card again.');
    // What the server granted wins over what was filled in.
    const args: Args = event.kind === 'submit' ? { ...event.values, ...granted.intent.args } : granted.intent.args;
    return { kind: 'understood', command, args, origin };
  }

  async function originOf(
    event: Extract<ChatEvent, { kind: 'click' | 'submit' }>,
    granted: Granted,
  ): Promise<Extract<Origin, { kind: 'button' | 'form' }>> {
    return {
      kind: event.kind === 'submit' ? 'form' : 'button',
      isInPlace:
        granted.place === placeOf(event.conversation) || granted.place === `private/${accountKey(event.actor)}`,
      isHolder: granted.holder === null || granted.holder === accountKey(event.actor),
      isHeldAlone: granted.holder !== null,
      card: granted.card,
      isOnItsMessage: event.kind === 'submit' || granted.card === null || (await isOnMessage(event, granted.card)),
    };
  }

  /** Whether the click came from the very message the card was posted as. */
  async function isOnMessage(event: Extract<ChatEvent, { kind: 'click' }>, card: string): Promise<boolean> {
    const note = await services.store.note(messageNote(event.conversation.platform, card));
    const posted = note ? (JSON.parse(note) as MessageRef) : null;
    return (
      posted !== null &&
      event.message !== null &&
      posted.id === event.message.id &&
      placeOf(posted.conversation) === placeOf(event.message.conversation)
    );
  }

  /** `work` is what an earlier process put on record for this very event. */
  async function run(event: ChatEvent, work: readonly StoredRecord[] = []): Promise<Answer> {
    const understood = await understand(event);
    const isDone = work.length > 0 && !(understood?.kind === 'understood' && understood.command.isResumable);
    if (isDone) return takenUp(event, work);
    if (understood === null) return { kind: 'none' };
    if (isRefusal(understood)) return note(event, null, understood);
    const { command, args, origin } = understood;
    const person = personOf(services.organisation.organisation, event.actor);
    const key =
      typeof args['incident'] === 'string' && args['incident'] !== ''
        ? args['incident'].toUpperCase()
        : await services.incidentIn(event.conversation);
    const dossier =
      key && (await services.incidentKeys()).includes(key) ? (await services.incidents.load(key)).state : null;
    if (command.needsIncident && !dossier) {
      return refuse(
        'no-incident',
        `"${command.name}" works inside an incident. Go to an incident's channel, or name it first: INC-1 ${command.name}. To open one: /${parts.root} open`,
      );
    }
    if (dossier?.incident.kind === 'live' && services.capabilities(event.conversation.platform).isExerciseOnly)
      return note(
        event,
        command,
        refuse('exercise-only', 'Nobody is verified here, so live incidents are out of reach. Exercises work.'),
        dossier.incident.key,
      );
    const no = command.isSelfJudged
      ? null
      : permit(services.organisation.organisation, command, event.actor, person, dossier);
    // Nobody asked for anything by joining a channel or deleting a message: there is nobody to refuse.
    if (no && PASSIVE.has(event.kind)) return { kind: 'none' };
    if (no) return note(event, command, no, dossier?.incident.key);
    const call: Call = {
      event,
      actor: event.actor,
      recordActor: actorOf(event.actor),
      person,
      args,
      origin,
      files: 'files' in event ? (event.files ?? []) : [],
      nowAt: new Date(services.now()).toISOString(),
      dossier,
      services,
    };
    const answer = await command.run(call);
    return dossier ? markedAnswer(dossier.incident, answer) : answer;
  }

  /** Refusals of who-may kind are records: an attempt is never ignored silently. */
  async function note(
    event: ChatEvent,
    command: Command | null,
    refusal: Refusal,
    incident?: string,
  ): Promise<Refusal> {
    if (refusal.code === 'unknown-command' || refusal.code === 'bad-argument') return refusal;
    const body = {
      code: refusal.code,
      command: command?.name ?? null,
      via: event.kind,
      place: placeOf(event.conversation),
    };
    const stream = incident ?? 'workspace';
    const ledger = services.incidents;
    await ledger.decide(stream, { actor: actorOf(event.actor), incident: incident ?? null }, () => ({
      records: [{ type: 'command.refused', body }],
    }));
    return refusal;
  }

  async function reply(event: ChatEvent, answer: Answer): Promise<Reply> {
    const where = { place: placeOf(event.conversation), holder: accountKey(event.actor) };
    switch (answer.kind) {
      case 'none':
      case 'errors':
        return answer;
      case 'form':
        return { kind: 'form', form: await tokens.forForm(answer.form, where) };
      case 'private':
        return {
          kind: 'private',
          view: await tokens.forView(answer.view, where),
          ...(answer.file ? { file: answer.file } : {}),
        };
      case 'refused':
        return { kind: 'private', view: { view: refusalView(answer), tokens: [] } };
    }
  }

  return {
    async handle(event, { isAgain } = {}) {
      try {
        let work: readonly StoredRecord[] = [];
        if (!(await services.store.claimEvent(event.id, services.now()))) {
          if (!isAgain) return { kind: 'none' };
          work = (await services.store.workOf(event.id)) ?? [];
        }
        const answer = await causedBy(event.id, () => run(event, work));
        return await reply(event, answer);
      } catch (error) {
        const reference = `E-${randomBytes(4).toString('hex')}`;
        services.log.error({ err: error, reference, event: event.kind }, 'an event could not be handled');
        return { kind: 'private', view: { view: faultView(error, reference), tokens: [] } };
      } finally {
        parts.nudge();
      }
    },
    async turnAway({ platform, code, reference, claims }) {
      // A flood must not fill the ledger; the log has every one.
      const now = services.now();
      turnedAway = turnedAway.filter((t) => t > now - 3_600_000);
      if (turnedAway.push(now) > TURNED_AWAY_PER_HOUR) return;
      const said = Object.entries(claims).slice(0, 10);
      const body = {
        platform,
        code,
        reference,
        claims: Object.fromEntries(said.map(([name, value]) => [name, clip(reveal(value), 200)])),
      };
      await services.incidents.decide('workspace', { actor: systemActor, incident: null }, () => ({
        records: [{ type: 'request.turned-away', body }],
      }));
    },
    async giveUp(lost) {
      await recordGivenUp(services, lost);
      parts.nudge();
    },
    blob: (sha256) => services.blobs.read(sha256),
    hasIncident: async (conversation) => (await services.incidentIn(conversation)) !== null,
    async home(actor: Principal) {
      const shown = await homeView(services, actor, parts.root);
      return tokens.forView(shown, { place: `private/${accountKey(actor)}`, holder: accountKey(actor) });
    },
    complete: (text) => complete(text, parts.root),
  };
}

/** What somebody alone is shown of an exercise says so too. */
function markedAnswer(incident: Incident, answer: Answer): Answer {
  if (answer.kind === 'private') return { ...answer, view: watermarked(incident, answer.view) };
  return answer.kind === 'form'
    ? { ...answer, form: { ...answer.form, intro: markedElements(incident, answer.form.intro) } }
    : answer;
}

/** The answer to an event whose work stands on record and whose own answer was lost with the process. */
function takenUp(event: ChatEvent, work: readonly StoredRecord[]): Answer {
  if (!['command', 'click', 'submit', 'shortcut'].includes(event.kind)) return { kind: 'none' };
  const words = work.every((w) => w.record.type.endsWith('.refused'))
    ? 'Countersign was restarted before it could answer you. Nothing was done: it was refused, which is on record. Ask again to read why.'
    : `Countersign was restarted before it could answer you. It is on record: ${work
        .map(({ record }) => `${record.type.replace(/[.-]/g, ' ')}${record.subject ? ` (${record.subject})` : ''}`)
        .slice(0, 10)
        .join(', ')}. Look at the newest card; do not send it again.`;
  return { kind: 'private', view: view(words, [notice('info', words)]) };
}

const refusalView = (refusal: Refusal): View => view(refusal.message, [notice('warning', refusal.message)], 'warning');

function faultView(error: unknown, reference: string): View {
  const name = (error as { name?: string }).name;
  const text =
    name === 'LedgerUnavailable'
      ? `The ledger cannot be written now, so nothing was done. Tell whoever runs Countersign (disk full or locked?), then try again. Reference ${reference}.`
      : name === 'RecordTooLarge'
        ? `That is longer than one entry of the record can be (about 60,000 characters), so nothing was done. Paste it with "log", which keeps any length, and write a short text that refers to it. Reference ${reference}.`
        : `Something broke and nothing was changed by this. Try again; if it stays, give whoever runs Countersign the reference ${reference}.`;
  return view(text, [notice('danger', text)], 'danger');
}
