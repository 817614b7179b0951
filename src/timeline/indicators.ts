// Indicators in running text: found linearly, validated, de-duplicated, kept raw, ours told from theirs.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parse } from 'tldts';
import { secretSpans } from '../evidence/secrets.ts';
import { type AssetCheck, assetCheck } from './assets.ts';
import { intTable } from './int-table.ts';
import { isVersionAfter } from './meaning/address.ts';
import { isFour, type NameTable, NONE, nameTable } from './names.ts';
import type { Indicator, OwnAssets } from './types.ts';

type Type = Indicator['type'];

const LINES_KEPT = 20;
const MOST_INDICATORS = 20_000;
const CHARS_SEARCHED = 8192;

const DEFANGED = /\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|hxxp|\[:\]|\[:\/\/\]|\[at\]|\[@\]/i;

/** Undoes the usual ways of making an indicator harmless; other text stays as it is. */
export function refanged(text: string): string {
  if (!DEFANGED.test(text)) return text;
  return text
    .replace(/[[({](?:\.|dot)[\])}]/gi, '.')
    .replace(/\[(?:@|at)\]/gi, '@')
    .replace(/\[(:\/\/|:)\]/g, '$1')
    .replace(/\bhxxp(s?):/gi, 'http$1:');
}

const URL_IN_TEXT = /\b(?:https?|ftps?|ldaps?|rmi|wss?|smb|tftp):\/\/[^\s"'<>`{}|\\^]{3,2000}/gi;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,6})(?![\w@-])/g;
const HOST = /(?<![\w@.\\/-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w@(-]|\.\w)/gi;
const V4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/g;
const V6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f]{0,4})(?![\w:])/gi;
const HASH = /(?<![\w-])[0-9a-f]{32}(?:[0-9a-f]{8})?(?:[0-9a-f]{24})?(?![\w-])/gi;
const CVE = /\bcve-(?:19|20)\d\d-\d{4,7}\b/gi;
const WINDOWS_PATH =
  /(?<![\w\\])[a-z]:\\{1,2}(?:[^\s\\/:*?"<>|,;]{1,120}\\{1,2}){0,12}[^\s\\/:*?"<>|,;]{1,120}\.(?:exe|dll|ps1|bat|cmd|vbs|js|hta|scr|lnk|jar|msi|sys|docm|xlsm|aspx?|php|zip|7z|rar)\b/gi;
const UNIX_PATH =
  /(?<![\w/])\/(?:tmp|dev\/shm|var\/tmp|var\/www|srv\/www|root|etc\/cron[\w.]{0,10}|etc\/systemd\/system|etc\/ld\.so\.preload)(?:\/[\w.%+-]{1,100}){1,10}/g;

// Suffixes that are file name endings far more often than host names.
const FILE_ENDINGS = new Set(
  'py sh pl rs cc so md ps zip mov app js ts go java jar php html css log conf cfg service socket target mount timer local lan internal home corp localdomain txt exe dll sys dat bin gz tar xml json yaml yml rb lua cpp'.split(
    ' ',
  ),
);
const REVERSED = new Set('com org net io java javax sun edu gov de uk fr me dev'.split(' '));

// Names of cloud services in audit records, not of anybody's machines.
const PLATFORM = /^[a-z0-9-]{1,40}\.(?:amazonaws|googleapis)\.com$/;

const PLAIN_V4 = /^[\d.]+$/;

const LENGTHS: Readonly<Record<number, Type>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };

const isPublic = (ip: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  ['unicast', 'reserved', 'teredo', '6to4'].includes(ip.range()) && !/^(?:0|24\d|25\d)\./.test(ip.toString());

/** True for a host name under a public suffix that is unlikely to be a file, a package or a machine of the local network. */
export function isHostName(text: string): boolean {
  const host = text.toLowerCase();
  const labels = host.split('.');
  const last = labels.at(-1)!;
  if (FILE_ENDINGS.has(last) && (labels.length < 3 || labels[0] !== 'www')) return false;
  if (labels.length > 2 && REVERSED.has(labels[0]!)) return false;
  if (PLATFORM.test(host)) return false;
  if (/[A-Z]/.test(text) && /[a-z][A-Z]/.test(text)) return false;
  const parsed = parse(host);
  return (
    parsed.isIp !== true &&
    parsed.domain !== null &&
    (parsed.isIcann === true || parsed.isPrivate === true || last === 'example' || last === 'onion')
  );
}

interface Seen {
  readonly type: Type;
  readonly value: string;
  count: number;
  lastLine: number;
  lines: number[];
}

/** Called for what may be an indicator and where it stands; the value is empty when it is none in this text. */
type Visit = (type: Type | 'address', value: string, from: number, to: number) => void;

/** What the lines of one shape have in common: found once, counted at the end. */
export interface IndicatorPlan {
  readonly constant: readonly Seen[];
  /** Where addresses stand whose digits differ. */
  readonly addresses: readonly { readonly from: number; readonly to: number }[];
  /** Something else in the text differs that may be an indicator: the lines have to be searched. */
  readonly isOpen: boolean;
  /** There are paths in it, which are looked for where a turn makes a line suspicious. */
  readonly hasPaths: boolean;
}

/** Gathers indicators line by line. */
export interface IndicatorCollector {
  /** Searches the first 8192 characters of a text; paths and bare hashes only where the line is worth it. */
  add(text: string, line: number, isSuspicious: boolean): void;
  /** Searches a text for paths only. */
  addPaths(text: string, line: number): void;
  /** Counts an address that is known to be one, without looking at the text around it. */
  addAddress(address: number, line: number): void;
  /** What can be told at once for all lines like this text; `isSame` says whether a part is the same in all of them. */
  planOf(text: string, isSuspicious: boolean, isSame: (from: number, to: number) => boolean): IndicatorPlan;
  /** Counts what a plan found, for so many lines of its shape, the first of them named. */
  addLines(plan: IndicatorPlan, count: number, lines: readonly number[]): void;
  /** The indicators by count, most first; at most 20,000 are kept apart. */
  finish(): Indicator[];
}

// Only these have ranges that are nobody's in particular; every other IPv4 address is public.
const MIXED_OCTETS = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203]);
const FIRST_MULTICAST = 224;
const isPlainlyPublic = (bits: number): boolean => bits >>> 24 < FIRST_MULTICAST && !MIXED_OCTETS.has(bits >>> 24);

/** A new collector. */
export function createIndicatorCollector(
  own?: OwnAssets,
  check: AssetCheck = assetCheck(own),
  names: NameTable = nameTable(),
): IndicatorCollector {
  const seen = new Map<string, Seen>();
  const isHost = new Map<string, boolean>();
  const addressIndex = intTable();
  const addresses: (Seen | null)[] = [];

  const entryOf = (type: Type, value: string): Seen | null => {
    const key = `${type} ${value}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    if (seen.size >= MOST_INDICATORS) return null;
    const fresh = { type, value, count: 0, lastLine: 0, lines: [] };
    seen.set(key, fresh);
    return fresh;
  };
  const again = (known: Seen, line: number): void => {
    if (known.lastLine === line) return;
    known.lastLine = line;
    known.count++;
    if (known.lines.length < LINES_KEPT) known.lines.push(line);
  };
  const note = (type: Type, value: string, line: number): void => {
    const entry = entryOf(type, value);
    if (entry !== null) again(entry, line);
  };

  const hostIsValid = (host: string): boolean => {
    const known = isHost.get(host);
    if (known !== undefined) return known;
    const isValid = isHostName(host);
    if (isHost.size < 50_000) isHost.set(host, isValid);
    return isValid;
  };

  // Parsing an address costs a hundred times more than finding it again.
  const publicAddress = (address: number): Seen | null => {
    const text = names.addressText(address);
    if (isFour(address) && isPlainlyPublic(address)) return entryOf('ipv4', text);
    const ip = ipaddr.isValid(text) ? ipaddr.process(text) : null;
    return ip !== null && isPublic(ip) ? entryOf(ip.kind() === 'ipv4' ? 'ipv4' : 'ipv6', ip.toString()) : null;
  };
  const addAddress = (address: number, line: number): void => {
    if (address === NONE) return;
    const at = addressIndex.get(address, 0, 0);
    if (at !== NONE) {
      const known = addresses[at];
      if (known) again(known, line);
      return;
    }
    // Once there is no room for another, an unknown address is not worth parsing.
    if (seen.size >= MOST_INDICATORS || addresses.length >= MOST_INDICATORS) return;
    addressIndex.set(address, 0, 0, addresses.length);
    const fresh = publicAddress(address);
    addresses.push(fresh);
    if (fresh) again(fresh, line);
  };
  const noteAddress = (text: string, line: number): void => {
    if (isIP(text) !== 0) addAddress(names.addressOf(text), line);
  };

  // Half a token looks like a hash, and the end of a password like a mail address: once it stands without its line, nobody can tell.
  // Only a value that is new is worth looking at its line for.
  let [spansText, spans]: [string, ReturnType<typeof secretSpans>] = ['', []];
  const secretsIn = (text: string): ReturnType<typeof secretSpans> => {
    if (text !== spansText) [spansText, spans] = [text, secretSpans(text)];
    return spans;
  };
  const isSecret = (type: Type, value: string, text: string, from: number, to: number): boolean =>
    seen.size < MOST_INDICATORS &&
    !seen.has(`${type} ${value}`) &&
    secretsIn(text).some((s) => s.from < to && from < s.to);

  const findUrls = (text: string, visit: Visit): void => {
    for (const { 0: found, index } of text.matchAll(URL_IN_TEXT)) {
      const url = found.replace(/[).,;:\]]{1,8}$/, '');
      const host = /^\w{2,6}:\/\/(?:[^/@\s]{0,100}@)?(\[[0-9a-f:.]{2,45}\]|[^/:?#\s]{1,253})/i
        .exec(url)?.[1]
        ?.replace(/^\[|\]$/g, '');
      if (!host) continue;
      const isIp = isIP(host) !== 0;
      if (!isIp && !isHostName(host) && !host.includes('.')) continue;
      const end = index + found.length;
      visit('url', url, index, end);
      if (isIp) visit('address', host, index, end);
      else if (hostIsValid(host)) visit('domain', host.toLowerCase(), index, end);
    }
  };

  const findHashes = (text: string, visit: Visit): void => {
    for (const found of text.matchAll(HASH)) {
      const value = found[0].toLowerCase();
      // Shorter ones are as often request and session ids: the words before must say that it is a hash.
      const before = text.slice(Math.max(0, found.index - 28), found.index).toLowerCase();
      if (value.length < 64 && !/hash|md5|sha|checksum|imphash|digest/.test(before)) continue;
      const isHash = /[a-f]/.test(value) && /\d/.test(value) && !/^(.)\1+$/.test(value);
      const [from, to] = [found.index, found.index + value.length];
      const type = LENGTHS[value.length]!;
      visit(type, isHash && !isSecret(type, value, text, from, to) ? value : '', from, to);
    }
  };

  const findPaths = (text: string, visit: Visit): void => {
    for (const { 0: path, index } of text.matchAll(WINDOWS_PATH))
      visit('path', path.replaceAll('\\\\', '\\'), index, index + path.length);
    for (const { 0: path, index } of text.matchAll(UNIX_PATH)) visit('path', path, index, index + path.length);
  };

  const find = (text: string, isSuspicious: boolean, visit: Visit): void => {
    for (const { 0: ip, index } of text.matchAll(V4))
      if (!isVersionAfter(text.slice(Math.max(0, index - 32), index).toLowerCase()))
        visit('address', ip, index, index + ip.length);
    if (text.includes('::') || /:[0-9a-f]{1,4}:[0-9a-f]{1,4}:/i.test(text))
      for (const { 0: ip, index } of text.matchAll(V6))
        if (ip.length > 3) visit('address', ip, index, index + ip.length);
    if (text.includes('://')) findUrls(text, visit);
    if (text.includes('@'))
      for (const found of text.matchAll(EMAIL))
        if (hostIsValid(found[1]!)) {
          const [value, from, to] = [found[0].toLowerCase(), found.index, found.index + found[0].length];
          visit('email', isSecret('email', value, text, from, to) ? '' : value, from, to);
        }
    for (const { 0: host, index } of text.matchAll(HOST))
      if (host.length <= 253 && hostIsValid(host)) visit('domain', host.toLowerCase(), index, index + host.length);
    findHashes(text, visit);
    for (const { 0: cve, index } of text.matchAll(CVE)) visit('cve', cve.toUpperCase(), index, index + cve.length);
    if (isSuspicious) findPaths(text, visit);
  };

  const searched = (raw: string): string => refanged(raw.length > CHARS_SEARCHED ? raw.slice(0, CHARS_SEARCHED) : raw);
  // What the last text holds: a line is noted, and then planned from.
  let [lastRaw, isLastSuspicious, lastFound]: [string, boolean, Parameters<Visit>[]] = ['', false, []];
  const foundIn = (raw: string, isSuspicious: boolean): readonly Parameters<Visit>[] => {
    if (raw === lastRaw && isSuspicious === isLastSuspicious) return lastFound;
    const found: Parameters<Visit>[] = [];
    find(searched(raw), isSuspicious, (...one) => found.push(one));
    [lastRaw, isLastSuspicious, lastFound] = [raw, isSuspicious, found];
    return found;
  };
  const noting =
    (line: number): Visit =>
    (type, value) => {
      if (type === 'address') noteAddress(value, line);
      else if (value !== '') note(type, value, line);
    };

  return {
    addAddress,
    add(raw, line, isSuspicious) {
      const visit = noting(line);
      for (const one of foundIn(raw, isSuspicious)) visit(...one);
    },
    addPaths: (raw, line) => findPaths(searched(raw), noting(line)),
    planOf(raw, isSuspicious, isSame) {
      const constant = new Set<Seen>();
      const places: { from: number; to: number }[] = [];
      // Where indicators had to be made live again, places in the text are not those in the line.
      let isOpen = searched(raw) !== raw;
      for (const [type, value, from, to] of foundIn(raw, isSuspicious)) {
        if (!isSame(from, to)) {
          if (type === 'address' && PLAIN_V4.test(value) && value.length === to - from) places.push({ from, to });
          else isOpen = true;
        } else if (type === 'address') isOpen = true;
        else if (value !== '') {
          const entry = entryOf(type, value);
          if (entry !== null) constant.add(entry);
        }
      }
      let hasPaths = false;
      if (!isSuspicious)
        findPaths(searched(raw), () => {
          hasPaths = true;
        });
      return { constant: isOpen ? [] : [...constant], addresses: places, isOpen, hasPaths };
    },
    addLines({ constant }, count, lines) {
      for (const entry of constant) {
        entry.count += count;
        entry.lines = [...entry.lines, ...lines].sort((a, b) => a - b).slice(0, LINES_KEPT);
      }
    },
    finish() {
      return [...seen.values()]
        .filter((one) => one.count > 0)
        .map((one) => ({
          type: one.type,
          value: one.value,
          count: one.count,
          lines: one.lines,
          isOurs: isOurs(one, check),
        }))
        .sort((a, b) => Number(a.isOurs) - Number(b.isOurs) || b.count - a.count || (a.value < b.value ? -1 : 1));
    },
  };
}

function isOurs(one: Seen, check: AssetCheck): boolean {
  switch (one.type) {
    case 'ipv4':
    case 'ipv6':
      return check.isOurAddress(one.value);
    case 'domain':
      return check.isOurDomain(one.value);
    case 'email':
      return check.isOurDomain(one.value.slice(one.value.indexOf('@') + 1));
    case 'url': {
      const host = /^\w{2,6}:\/\/(?:[^/@]{0,100}@)?([^/:?#]{1,253})/.exec(one.value)?.[1]?.toLowerCase() ?? '';
      return check.isOurDomain(host) || check.isOurAddress(host);
    }
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'path':
    case 'cve':
      return false;
  }
}
