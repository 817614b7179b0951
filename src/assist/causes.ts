// The closed vocabulary of explanations: a model picks from it, so no cause, assumption or absence is ever in its own words.
import type { TimelineEvent } from '../timeline/event.ts';

interface CauseMeaning {
  /** How code says it, before the event it points at. */
  readonly says: string;
  readonly plain: string;
  /** Whether an event can bear it out at all. */
  readonly fits: (event: TimelineEvent) => boolean;
  /** What would change anybody's mind. */
  readonly wouldChange: string;
}

const technique = (e: TimelineEvent, match: RegExp): boolean =>
  e.derived?.techniques.some((t) => match.test(t.id)) ?? false;
const isLogin = (e: TimelineEvent): boolean => /login|remote desktop/.test(e.derived?.entities.action ?? '');
const outcome = (e: TimelineEvent): string => e.derived?.entities.outcome ?? 'unknown';
const isWeb = (e: TimelineEvent): boolean =>
  technique(e, /^T1190|^T1505\.003|^T1210/) ||
  /^(?:combined|common|nginx|iis|w3c|elb|alb)/.test(e.derived?.format ?? '');

/** Every cause that can be proposed. `fits` is what makes an unsupported one fall. */
export const CAUSES = {
  'guessed-password': {
    says: 'The way in may have been a guessed password',
    plain: 'somebody may have guessed a password',
    fits: (e) => isLogin(e) && (outcome(e) === 'success' || technique(e, /^T1110/)),
    wouldChange: 'A second factor that was asked for and passed, or the owner saying that they logged in',
  },
  'stolen-credential': {
    says: 'The way in may have been a stolen password, key or session',
    plain: 'somebody may have used a stolen password or key',
    fits: (e) => isLogin(e) && outcome(e) === 'success',
    wouldChange: 'The owner of the account confirming that it was them, from that place, at that time',
  },
  'web-exploit': {
    says: 'The way in may have been a weakness in a web application',
    plain: 'a weakness in a web site may have been used',
    fits: (e) =>
      isWeb(e) &&
      !/^(?:sudo|su)$/.test(e.derived?.entities.action ?? '') &&
      technique(e, /^T1190|^T1505|^T1210|^T1059|^T1203/),
    wouldChange: 'The application\u2019s own log or its files showing that the request did nothing',
  },
  'web-shell': {
    says: 'A web shell may have been put in place and used',
    plain: 'a hidden back door may have been left on a web site',
    fits: (e) => technique(e, /^T1505\.003/),
    wouldChange: 'The file turning out to belong to the application',
  },
  'phished-user': {
    says: 'Somebody may have been tricked into running or opening something',
    plain: 'somebody may have been tricked by a message',
    fits: (e) => technique(e, /^T1566|^T1204|^T1528/),
    wouldChange: 'The person and their mailbox showing no such message',
  },
  insider: {
    says: 'It may be the work of somebody who has legitimate access',
    plain: 'it may have been somebody with permission',
    fits: (e) => e.derived?.entities.user !== undefined && outcome(e) !== 'failure' && e.severity >= 4,
    wouldChange: 'The address or the hour not fitting the person',
  },
  administration: {
    says: 'It may be ordinary administration',
    plain: 'it may be ordinary maintenance',
    fits: (e) => e.derived !== null && !e.derived.flags.includes('possible-manipulation'),
    wouldChange: 'No change request, and nobody who says that they did it',
  },
  persistence: {
    says: 'They may have made themselves a way back in',
    plain: 'somebody may have left themselves a way back in',
    fits: (e) => technique(e, /^T1136|^T1098|^T1053|^T1543|^T1547|^T1546|^T1505|^T1556/),
    wouldChange: 'A change request for the account, key, service or job',
  },
  'data-theft': {
    says: 'Data may have been taken out',
    plain: 'data may have been copied out',
    fits: (e) => technique(e, /^T1041|^T1048|^T1567|^T1537|^T1530|^T1213|^T1114|^T1005|^T1560/),
    wouldChange: 'Network records showing that nothing of that size went out',
  },
  'log-tampering': {
    says: 'Traces may have been removed',
    plain: 'somebody may have tried to hide what they did',
    fits: (e) => technique(e, /^T1070|^T1562/) || (e.derived?.flags.includes('possible-manipulation') ?? false),
    wouldChange: 'The same lines in a copy that the host cannot change',
  },
} as const satisfies Readonly<Record<string, CauseMeaning>>;

export type Cause = keyof typeof CAUSES;
export const CAUSE_NAMES = Object.keys(CAUSES) as [Cause, ...Cause[]];

/** What an explanation can rest on, in code's words. */
export const ASSUMPTIONS = {
  'log-complete': 'The logs collected here are complete for that time',
  'clock-right': 'The clocks of the sources are right',
  'log-untouched': 'Nobody changed the logs before they were collected',
  'account-not-shared': 'The account is used by one person',
  'address-is-attacker': 'The address belongs to whoever did it, not to a shared exit',
  'not-authorised': 'Nobody was asked to do this',
} as const;
export type Assumption = keyof typeof ASSUMPTIONS;
export const ASSUMPTION_NAMES = Object.keys(ASSUMPTIONS) as [Assumption, ...Assumption[]];

interface AbsenceMeaning {
  readonly says: string;
  readonly matches: (event: TimelineEvent) => boolean;
  /** Sources that would show it, which may never have been collected. */
  readonly wanted: string;
  /** Whether a person's sentence claims it. Words between are bounded. */
  readonly claimed: RegExp;
}

const NO = '\\b(?:no|not|never|without|none|nothing|nobody|zero)\\b[^.;]{0,60}';

/** What can be said not to have been found; each is compared with every event of the incident. */
export const ABSENCES = {
  exfiltration: {
    says: 'data leaving',
    matches: (e) =>
      technique(e, /^T1041|^T1048|^T1567|^T1537|^T1530|^T1114|^T1213/) ||
      /\b(?:curl|wget|scp|rsync|rclone|ftp)\b[^\n]{0,200}(?:-T|--upload|-F|--data|@|:\/\/)|putobject|exfil/i.test(
        e.text,
      ),
    wanted: 'network flow or proxy records',
    claimed: new RegExp(`${NO}\\b(?:exfiltrat|data (?:loss|theft|left|leaving|was taken|taken)|upload|leak)`, 'i'),
  },
  login: {
    says: 'a successful login',
    matches: (e) => isLogin(e) && outcome(e) === 'success',
    wanted: 'logs of the identity provider',
    claimed: new RegExp(`${NO}\\b(?:log(?:ged)?[ -]?(?:in|on)|sign(?:ed)?[ -]?in|access(?:ed)?)\\b`, 'i'),
  },
  persistence: {
    says: 'a way back in',
    matches: CAUSES.persistence.fits,
    wanted: 'a list of accounts, keys, services and jobs from the hosts',
    claimed: new RegExp(`${NO}\\b(?:persisten|back ?door|new account|account (?:was )?created|web ?shell)`, 'i'),
  },
  movement: {
    says: 'movement to another host',
    matches: (e) => technique(e, /^T1021|^T1570|^T1550|^T1563/),
    wanted: 'logs of the neighbouring hosts',
    claimed: new RegExp(`${NO}\\b(?:lateral|moved? (?:on|to)|spread|other hosts?)`, 'i'),
  },
  destruction: {
    says: 'deleted or encrypted data',
    matches: (e) => technique(e, /^T1485|^T1486|^T1490|^T1561|^T1070/),
    wanted: 'file and backup records',
    claimed: new RegExp(`${NO}\\b(?:delet|destroy|encrypt|ransom|wiped?)`, 'i'),
  },
} as const satisfies Readonly<Record<string, AbsenceMeaning>>;
export type Absence = keyof typeof ABSENCES;
export const ABSENCE_NAMES = Object.keys(ABSENCES) as [Absence, ...Absence[]];

/** The events that speak against saying that there was none; none when the sentence claims no absence. */
export function speaksAgainst(claim: string, events: readonly TimelineEvent[]): readonly TimelineEvent[] {
  const said = claim.slice(0, 1000);
  return ABSENCE_NAMES.filter((a) => ABSENCES[a].claimed.test(said)).flatMap((a) =>
    events.filter((e) => !e.isRetracted && ABSENCES[a].matches(e)),
  );
}
