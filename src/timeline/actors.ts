// What each remote address did over the whole source, and the turns in it: failures then a login, probes then a request that went through.
import { type ActorTable, actorTable } from './actor-table.ts';
import { type Kind, type Kinds, PHASES, type Raise, type Sighting } from './kind.ts';
import { type NameTable, NONE } from './names.ts';

const MOST_NAMES = 50_000;
const CROWD = 10_000;
const FAILURES_BEFORE_LOGIN = 3;
const FAILURES_OF_USER = 10;
const PROBES_BEFORE_POST = 8;
/** An account is known after so many records, and roams when it has so many addresses. */
const RECORDS_TO_KNOW = 8;
const ADDRESSES_OF_A_ROAMER = 3;
const WORTH_FOLLOWING = 3;

const FAILURE = PHASES.indexOf('failure');
const PROBE = PHASES.indexOf('probe');
const EXPLOIT = PHASES.indexOf('exploit');
const LOGIN = PHASES.indexOf('login');

/** A record that changes the story, and why. */
export interface Turn {
  /** Tells kinds of turns apart. */
  readonly key: string;
  /** The sentence, made when it is shown from the text of its record: of a million turns few are. */
  readonly why: (text: string) => string;
  readonly bonus: number;
  /** How severe its record is in its chain at least: a login is harmless by what its line says, and the way in after a hundred failures. */
  readonly severity?: number;
  /** The record's kind where the chain makes more of it than the line says. */
  readonly raised?: Kind;
  /** Told before: it only raises its record, which joins those alike. */
  readonly isRepeat?: true;
}

const saying = (key: string, why: string, bonus: number): Turn => ({ key, why: () => why, bonus });
/** A login that looks like the way in; after a few failures only, it may be its owner who mistyped. */
const LIKELY_ENTRY = 8;
const POSSIBLE_ENTRY = 6;
/** From here on nobody mistypes. */
const FAILURES_OF_A_GUESSER = 20;
const AFTER_EXPLOITS: Turn = {
  ...saying('exploits', 'login from an address that also sent exploits', 5),
  severity: LIKELY_ENTRY,
};
const SHELL = saying('shell', 'a web process started a shell', 4);
const ANSWERED = saying('answered', 'the server answered an exploit with success', 2);
const FOOTHOLD = saying('foothold', 'new account, key, right or job after a suspicious entry', 4);
const EXECUTION = saying('execution', 'commands after a suspicious entry', 3);
const THEFT = saying('theft', 'data or credentials taken after a suspicious entry', 3);
const TAKEN: Raise = {
  severity: 7,
  phase: 'theft',
  techniques: [
    { id: 'T1048', certainty: 'possible' },
    { id: 'T1567', certainty: 'possible' },
  ],
  says: 'archive, backup or database taken',
};
const TAKEN_BONUS = 3;
const MEGABYTE = 1_000_000;
// Status and bytes as web servers write them; from a megabyte on it is worth saying.
const SENT = /"? 20[06] (\d{7,15})\b/;

function sizeIn(text: string): string {
  const bytes = SENT.exec(text)?.[1];
  return bytes === undefined ? '' : ` (${(Number(bytes) / MEGABYTE).toFixed(1)} MB)`;
}
const EVASION = saying('evasion', 'traces were removed', 3);

/** Where an account is at home. */
interface Home {
  records: number;
  readonly addresses: number[];
}

/** Follows addresses, users and hosts through the records in the order they come. */
export interface ActorBoard {
  see(one: Sighting): Turn | null;
  readonly actors: ActorTable;
}

/** A new board. */
export function createActorBoard(names: NameTable, kinds: Kinds): ActorBoard {
  const actors = actorTable(names, kinds);
  const failuresOfUser = new Map<number, number>();
  const turnedLogins = new Set<number>();
  const homes = new Map<number, Home>();
  const toldOnHosts = new Set<string>();
  /** Hosts after a suspicious login or an exploit that was not refused. */
  const entered = new Set<number>();
  /** The same for a log that names no host: a web server's own. */
  let isNamelessEntered = false;

  const loginTurn = (actor: number, user: number): Turn | null => {
    const byAddress = actors.phase(actor, FAILURE);
    if (byAddress >= FAILURES_BEFORE_LOGIN)
      return {
        key: 'failures',
        why: () => `login after ${byAddress} failures from the same address`,
        bonus: 6,
        severity: byAddress >= FAILURES_OF_A_GUESSER ? LIKELY_ENTRY : POSSIBLE_ENTRY,
      };
    if (actors.phase(actor, EXPLOIT) > 0) return AFTER_EXPLOITS;
    const byUser = user === NONE ? 0 : (failuresOfUser.get(user) ?? 0);
    return byUser >= FAILURES_OF_USER
      ? {
          key: 'user',
          why: () => `login after ${byUser} failures for the same account`,
          bonus: 3,
          severity: POSSIBLE_ENTRY,
        }
      : null;
  };

  // The keys of an account in other hands look like the account in a new place.
  const newPlace = ({ kind, user, src }: Sighting): Turn | null => {
    const home = homes.get(user);
    if (home === undefined) {
      if (kind.meaning.entities.outcome !== 'failure' && homes.size < MOST_NAMES)
        homes.set(user, { records: 1, addresses: [src] });
      return null;
    }
    const { addresses } = home;
    if (addresses.includes(src)) {
      home.records++;
      return null;
    }
    const isStrange = home.records >= RECORDS_TO_KNOW && addresses.length < ADDRESSES_OF_A_ROAMER;
    if (addresses.length <= ADDRESSES_OF_A_ROAMER) addresses.push(src);
    if (!isStrange) return null;
    const first = addresses[0] as number;
    return {
      key: `place ${names.text(user)} ${first}`,
      why: () => `${names.text(user)}, known from ${names.addressText(first)}, appears from a new address`,
      bonus: 5,
      severity: POSSIBLE_ENTRY,
    };
  };

  /** An archive or a database in the hands of somebody who attacked, or who came only after an exploit went through. */
  const taking = ({ kind, user, host }: Sighting, actor: number): Turn | null => {
    const hasAttacked =
      actors.hasTurned(actor) ||
      actors.phase(actor, EXPLOIT) > 0 ||
      actors.phase(actor, PROBE) >= PROBES_BEFORE_POST ||
      actors.phase(actor, FAILURE) >= FAILURES_OF_USER ||
      turnedLogins.has(user);
    const isNew = actor !== NONE && actors.records(actor) === 0;
    const isLate = isNew && (host === NONE ? isNamelessEntered : entered.has(host));
    if (!hasAttacked && !isLate) return null;
    const who = hasAttacked ? 'by a suspect address' : 'from a new address after an exploit was answered';
    return {
      key: 'taken',
      why: (text) => `archive or database${sizeIn(text)} fetched ${who}`,
      bonus: TAKEN_BONUS,
      raised: kinds.raised(kind, TAKEN),
    };
  };

  const turnOf = (one: Sighting, actor: number): Turn | null => {
    const { kind, user, host } = one;
    const isFollowed = (): boolean => actors.hasTurned(actor) || turnedLogins.has(user) || entered.has(host);
    switch (kind.story) {
      case 'login':
        return loginTurn(actor, user);
      case 'post': {
        const probes = actors.phase(actor, PROBE);
        return probes >= PROBES_BEFORE_POST
          ? {
              key: 'post',
              why: () => `a change went through after ${probes} refused requests`,
              bonus: 4,
              severity: POSSIBLE_ENTRY,
            }
          : null;
      }
      case 'shell':
        return SHELL;
      case 'exploit':
        return kind.meaning.entities.outcome === 'success' ? ANSWERED : null;
      case 'foothold':
        return isFollowed() ? FOOTHOLD : null;
      case 'execution':
        return isFollowed() ? EXECUTION : null;
      case 'theft':
        return isFollowed() ? THEFT : null;
      case 'taking':
        return taking(one, actor);
      case 'evasion':
        return EVASION;
      case null:
        return null;
    }
  };

  /** The same turn again is a repeat: its kind and whom it concerns are told once an address, or once a host where none is named. */
  const isRepeated = (turn: Turn, { kind, user, host }: Sighting, actor: number): boolean => {
    const { phase, entities, rules } = kind.meaning;
    if (actor === NONE) {
      // A job that runs every minute would turn the story every minute, and bury what began it.
      const key = `${turn.key} ${host} ${user} ${rules[0] ?? ''} ${entities.action ?? ''}`;
      if (toldOnHosts.has(key) || toldOnHosts.size >= MOST_NAMES) return true;
      toldOnHosts.add(key);
      return false;
    }
    const who = (phase === 'login' || phase === 'foothold') && user !== NONE ? names.text(user) : '';
    const what = phase === 'foothold' ? (entities.action ?? '') : '';
    return !actors.turn(actor, `${turn.key} ${who} ${what}`);
  };

  return {
    actors,
    see(one) {
      const { kind, line, src, user, host } = one;
      const { phase } = kind;
      // In a crowd an address is followed from the first thing on that is worth a look.
      const isCrowd = phase === 0 && kind.severity < WORTH_FOLLOWING && actors.size() >= CROWD;
      const actor = src === NONE ? NONE : isCrowd ? actors.find(src) : actors.of(src, line);
      const strange = user !== NONE && src !== NONE && kind.placesUser ? newPlace(one) : null;
      let turn = kind.story === null ? strange : (turnOf(one, actor) ?? strange);
      if (turn !== null && isRepeated(turn, one, actor)) turn = turn.raised ? { ...turn, isRepeat: true } : null;
      if (actor !== NONE) actors.count(actor, turn?.raised ?? kind, line);
      if (user !== NONE) {
        if (phase === LOGIN) {
          // Failures before a login are told with it; what counts for the next one comes after it.
          if (failuresOfUser.has(user)) failuresOfUser.set(user, 0);
          if (turn !== null && turnedLogins.size < MOST_NAMES) turnedLogins.add(user);
        } else if (phase === FAILURE) {
          const failures = failuresOfUser.get(user);
          if (failures !== undefined || failuresOfUser.size < MOST_NAMES) failuresOfUser.set(user, (failures ?? 0) + 1);
        }
      }
      const isEntry =
        phase === EXPLOIT ? kind.meaning.entities.outcome !== 'failure' : phase === LOGIN && turn !== null;
      if (isEntry && host !== NONE && entered.size < MOST_NAMES) entered.add(host);
      if (host === NONE && phase === EXPLOIT && kind.meaning.entities.outcome === 'success') isNamelessEntered = true;
      return turn;
    },
  };
}
