// Which address in a record is the remote party's, and which is ours: by field name, by the words around it, by its place.
import { isIP } from 'node:net';
import type { LogRecord } from '../record.ts';
import type { Facts } from './facts.ts';

const ADDRESSES_JUDGED = 40;
const CONTEXT_CHARS = 96;

// A name before an address, without separators, and how strongly it says "remote" (above 0) or "ours" (below).
const NAMES: Readonly<Record<string, number>> = {
  src: 100,
  srcip: 105,
  sourceip: 105,
  sourceipaddress: 110,
  sourceaddress: 105,
  srcaddr: 105,
  srcip4: 100,
  srcv6: 60,
  source: 70,
  ipsrc: 100,
  saddr: 90,
  sip: 70,
  client: 92,
  clientip: 104,
  clientaddr: 100,
  clientaddress: 100,
  cip: 100,
  clienthost: 90,
  ipclient: 95,
  clientrealip: 108,
  remote: 90,
  remoteip: 102,
  remoteaddr: 100,
  remoteaddress: 100,
  remotehost: 96,
  remotehostip: 104,
  publicip: 96,
  privateip: -30,
  rhost: 104,
  rip: 104,
  remip: 106,
  raddr: 95,
  peer: 70,
  peerip: 80,
  peeraddr: 80,
  rhosts: 80,
  remoteipaddress: 100,
  ipaddr: 62,
  ipaddress: 72,
  ip: 66,
  addr: 60,
  address: 50,
  actoripaddress: 100,
  actorip: 104,
  calleripaddress: 104,
  callerip: 104,
  userip: 90,
  loginip: 92,
  xforwardedfor: 94,
  xforwardedforip: 94,
  forwardedfor: 94,
  xrealip: 96,
  realip: 96,
  trueclientip: 110,
  cfconnectingip: 110,
  httpxforwardedfor: 94,
  origh: 104,
  idorigh: 104,
  originhost: 60,
  attacker: 108,
  attackerip: 110,
  offender: 100,
  from: 84,
  fromip: 96,
  hostip: 40,
  host: 30,
  hostname: 20,
  ruser: 20,
  sourcenetworkaddress: 106,
  workstation: 30,
  downstreamremoteaddress: 90,
  downstreamdirectremoteaddress: 80,
  sourceips: 100,
  requestclientip: 98,
  connection: 40,
  userhost: 60,
  nas: -20,
  suser: 10,
  machine: 20,
  tunnelip: -30,
  assignip: -40,
  dst: -60,
  dstip: -70,
  destination: -60,
  destinationip: -80,
  destinationaddress: -80,
  destip: -70,
  dest: -60,
  daddr: -60,
  destaddr: -60,
  dstaddr: -60,
  resph: -70,
  idresph: -70,
  target: -40,
  targetip: -60,
  server: -50,
  serverip: -60,
  serveraddr: -50,
  local: -60,
  localip: -70,
  localaddr: -60,
  localaddress: -70,
  localhost: -60,
  localhostip: -70,
  lip: -70,
  laddr: -50,
  listen: -60,
  bind: -40,
  listening: -60,
  devip: -50,
  dvc: -50,
  dev: -30,
  deviceip: -50,
  fw: -50,
  gateway: -40,
  gw: -40,
  vip: -40,
  nexthop: -50,
  dns: -30,
  nameserver: -40,
  upstream: -50,
  upstreamhost: -60,
  backend: -50,
  downstreamlocaladdress: -70,
  natip: -50,
  nat: -40,
  sourcetranslatedaddress: -60,
  transip: -50,
  sourcenatip: -60,
  requestedserver: -50,
  proxy: -30,
  via: -40,
  originatingcomputer: 40,
  version: -90,
  ver: -90,
  csip: 100,
  cdip: -80,
  origin: 20,
  mask: -90,
  netmask: -90,
  subnet: -60,
  network: -30,
  relay: 55,
  helo: -30,
  ehlo: -30,
  mappedto: -40,
  interface: -40,
  selfip: -60,
  node: -20,
  router: -30,
};

// A word before an address.
const WORDS: Readonly<Record<string, number>> = {
  from: 84,
  client: 88,
  by: 50,
  remote: 80,
  rhost: 95,
  peer: 60,
  attacker: 95,
  ban: 70,
  unban: 50,
  found: 60,
  block: 55,
  blocked: 55,
  host: 34,
  ip: 62,
  address: 46,
  addr: 50,
  src: 90,
  source: 80,
  ipv4: 60,
  ipv6: 60,
  user: 20,
  connection: 40,
  connected: 30,
  connect: 30,
  query: 50,
  offending: 80,
  dropping: 50,
  rejecting: 60,
  rejected: 50,
  refused: 40,
  to: -40,
  on: -20,
  at: -10,
  server: -50,
  listening: -60,
  dst: -60,
  destination: -60,
  local: -60,
  port: -30,
  via: -40,
  version: -80,
  gateway: -40,
  target: -30,
  bind: -30,
  through: -30,
  hostname: 10,
  with: 10,
  between: 40,
  and: -5,
  login: 20,
  for: 20,
  of: 5,
  interface: -40,
  into: -30,
  ehlo: -40,
  helo: -40,
  against: -40,
  vs: -30,
};

// Followed by a port after a dot it still is an address; as the beginning of a host name it is not.
const V4 = /(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\w|\.(?!\d{4,5}(?!\w)|\d{1,5}(?:: | > ))\w|-\w)/g;
const V6 =
  /(?:(?<=ipv6:)|(?<![\w:.]))(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f]{0,4})(?=:\d{5}(?!\w)|(?![\w:]|\.\d))/gi;
const NAME_BEFORE =
  /([a-z0-9][a-z0-9_.-]{0,40})["'\\]{0,4} ?(?:=|:|=>) ?["'\\[(<{\s]{0,5}(?:ipv[46][:/])?(?:(?:udp|tcp|tls|wss?)\/)?(?:::ffff:|ip:)?$/;
const WORD_BEFORE = /([a-z0-9]{1,24})[:,]?[\s"'\\[(<{/]{1,5}(?:::ffff:)?$/;
// The name of a machine and its address after it: from mail.example.net[192.0.2.7].
const WORD_AND_NAME_BEFORE =
  /\b(from|client|by|to|host|relay|on|user)[\s:=]{1,2}["'<(]?[^\s"'<>()[\]]{1,64}["'>)]?(?: \d{1,6})? ?[[(@<](?:::ffff:|ipv6:)?$/;
// Product/1.2.3.4 is a version, not an address.
const VERSION_BEFORE = /[a-z][a-z0-9_-]*\/v?$/;

/** An address in a record and how much it looks like the remote party's. */
export interface FoundAddress {
  readonly ip: string;
  readonly at: number;
  readonly score: number;
}

/** One spelling for comparing: lower case, no ::ffff: before an IPv4. Keeps IPv6 as written otherwise. */
export const plainAddress = (ip: string): string => ip.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');

const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';
const isNoHost = (ip: string): boolean =>
  ip === '0.0.0.0' ||
  ip === '::' ||
  ip.startsWith('255.') ||
  /^(?:22[4-9]|23\d)\./.test(ip) ||
  /^ff0/i.test(ip) ||
  /\.255$/.test(ip);

// Proftpd and its like: (name[address]).
const NAMED_IN_PARENTHESES = /\([^\s()[\]]{1,80}\[(?:::ffff:)?$/;
const AFTER_ACCESS_LOG_ADDRESS = /^(?::\d{1,5})? - \S{1,64} ["[]/;

// A low port is a service's, so the address beside it is the server's. An arrow points from the client to the server.
function placeScore(before: string, after: string): number {
  const port = /^\]?[:.#](\d{1,5})(?!\w|\.)/.exec(after)?.[1];
  const byPort = port === undefined ? 0 : Number(port) < 1024 ? -12 : 4;
  const byArrow = /^\]?(?:[:.]\d{1,5})? ?(?:->|=>|→|-&gt;)|^\.\d{1,5} > /.test(after)
    ? 60
    : /(?:->|=>|→|-&gt;) ?\[?$|\.\d{1,5} > $/.test(before)
      ? -40
      : 0;
  return byPort + byArrow + (AFTER_ACCESS_LOG_ADDRESS.test(after) ? 70 : 0);
}

function contextScore(lower: string, at: number, end: number): number {
  const before = lower.slice(Math.max(0, at - CONTEXT_CHARS), at);
  return placeScore(before, lower.slice(end, end + 80)) + beforeScore(before);
}

const VERSION = -90;

/** True when what stands before an address shows that it is the version of a product: Chrome/142.0.0.0. */
export const isVersionAfter = (before: string): boolean =>
  /\b(?:vrmf|version|release|build)\($/.test(before) ||
  (VERSION_BEFORE.test(before) && !/(?:inside|outside|dmz|lan|wan|from|to|udp|tcp|tls|wss?|ipv[46])\/$/.test(before));

function beforeScore(before: string): number {
  if (isVersionAfter(before)) return VERSION;
  if (NAMED_IN_PARENTHESES.test(before)) return 90;
  // ([192.0.2.7]) is what a mail client says of itself.
  if (/\(\[$/.test(before)) return -20;
  // In a link it is where a request went.
  if (/:\/\/\[?$/.test(before)) return -30;
  const named = WORD_AND_NAME_BEFORE.exec(before);
  if (named) return (WORDS[named[1]!] ?? NAMES[named[1]!] ?? 0) + (named[1] === 'to' ? 0 : 4);
  const name = NAME_BEFORE.exec(before);
  if (name) {
    const simple = name[1]!.replace(/[_.-]/g, '');
    const known = NAMES[simple] ?? NAMES[name[1]!.slice(name[1]!.lastIndexOf('.') + 1).replace(/[_-]/g, '')];
    if (known !== undefined) return known;
  }
  const word = WORD_BEFORE.exec(before);
  return word ? (WORDS[word[1]!] ?? 0) : 0;
}

// The tail of an IPv6 address; `inside:` is none, although it ends in hexadecimal digits.
const IN_V6 = /(?:^|[^\w:])(?:[0-9a-f]{0,4}:){2,7}(?<!(?:^|[^\w:])::ffff:)$/;

/** Every address of a record in order, each with its score; at most 40. */
export function addressesOf(facts: Facts): FoundAddress[] {
  const found: FoundAddress[] = [];
  const lower = facts.lower.length > facts.ownChars ? facts.lower.slice(0, facts.ownChars) : facts.lower;
  const take = (ip: string, at: number): void => {
    if (at > 0 && lower[at - 1] === ':' && IN_V6.test(lower.slice(Math.max(0, at - 40), at))) return;
    const place = at < 2 ? 46 : 0;
    const kind = isNoHost(ip) ? -80 : isLoopback(ip) ? -14 : 0;
    found.push({ ip, at, score: contextScore(lower, at, at + ip.length) + place + kind });
  };
  for (const match of lower.matchAll(V4)) {
    if (found.length >= ADDRESSES_JUDGED) break;
    if (isIP(match[0]) === 4) take(match[0], match.index);
  }
  let sixes = 0;
  if (lower.includes('::') || /:[0-9a-f]{1,4}:[0-9a-f]{1,4}:/.test(lower)) {
    for (const match of lower.matchAll(V6)) {
      if (++sixes > ADDRESSES_JUDGED) break;
      const ip = match[0].startsWith('::ffff:') && match[0].includes('.') ? '' : match[0];
      if (ip !== '' && isIP(ip) === 6) take(ip, match.index);
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

const BY_NAME = new Map(Object.entries(NAMES).filter(([, weight]) => Math.abs(weight) >= 40));

function fromFields(facts: Facts): { remote?: string; remoteScore: number; ours?: string } {
  let remote: string | undefined;
  let remoteScore = 0;
  let ours: string | undefined;
  let oursScore = 0;
  for (const [name, value] of facts.fields) {
    const weight = BY_NAME.get(name);
    if (weight === undefined || value.length > 60) continue;
    const ip = addressIn(value);
    if (!ip || isNoHost(ip)) continue;
    if (weight > remoteScore) [remote, remoteScore] = [ip, weight];
    else if (weight < oursScore) [ours, oursScore] = [ip, weight];
  }
  return { ...(remote ? { remote } : {}), remoteScore, ...(ours ? { ours } : {}) };
}

/** The address a field value holds, without port, brackets or IPv4-mapping; undefined when it holds none. */
export function addressIn(value: string): string | undefined {
  const bare = value.trim().split(/[,\s]/, 1)[0]!.replace(/^\/+/, '');
  if (isIP(bare)) return plainAddress(bare);
  const bracketed = /^\[([0-9a-fA-F:.]{2,45})\]/.exec(bare)?.[1];
  if (bracketed && isIP(bracketed)) return plainAddress(bracketed);
  const withPort = /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?::|::|#)/.exec(bare)?.[1];
  if (withPort && isIP(withPort)) return withPort;
  const mapped = /::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})/i.exec(bare)?.[1];
  return mapped && isIP(mapped) ? mapped : undefined;
}

const LAST_WINS = /\b(?:ip|relay|rhost)=\[?(?:::ffff:)?$/;

/** The remote party's address and ours, as far as the record tells them apart. */
export function partiesOf(record: LogRecord, facts: Facts): { srcIp?: string; dstIp?: string } {
  const stated = fromFields(facts);
  const found = addressesOf(facts);
  const header = record.fields['host'];
  let best: FoundAddress | undefined;
  for (const one of found) {
    // The sender in a syslog header is a relay or the device itself.
    const score = one.ip === header ? one.score - 60 : one.score;
    // Of two fields of the same name the later one is the program's own: what a user typed stands before it.
    if (
      best === undefined ||
      score > best.score ||
      (score === best.score && LAST_WINS.test(facts.lower.slice(one.at - 12, one.at)))
    )
      best = { ...one, score };
  }
  const isStatedBetter = stated.remote !== undefined && (best === undefined || stated.remoteScore >= best.score);
  const srcIp = isStatedBetter ? stated.remote : best && best.score > -60 ? plainAddress(best.ip) : undefined;
  const others = found.filter((one) => plainAddress(one.ip) !== srcIp && one.score > -75 && one.ip !== header);
  const worst = others.length > 0 ? others.reduce((a, b) => (b.score < a.score ? b : a)) : undefined;
  const dstIp = stated.ours ?? (worst && worst.score < 40 ? plainAddress(worst.ip) : undefined);
  return { ...(srcIp ? { srcIp } : {}), ...(dstIp && dstIp !== srcIp ? { dstIp } : {}) };
}
