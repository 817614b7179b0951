// Defanged text cannot be clicked, previewed or resolved by chat, mail or a browser; people still read it at once.
import { parse } from 'tldts';
import { maskSecrets } from './secrets.ts';

const SCHEMES: readonly (readonly [string, string])[] = [
  ['https', 'hxxps'],
  ['http', 'hxxp'],
  ['ftps', 'fxps'],
  ['ftp', 'fxp'],
];

/** Defangs one indicator: scheme hxxp/hxxps/fxp/fxps, every dot [.], every at sign [@]. Idempotent. */
export function defang(value: string): string {
  let out = value;
  for (const [live, dead] of SCHEMES) {
    if (out.slice(0, live.length + 3).toLowerCase() === `${live}://`) {
      out = `${dead}${out.slice(live.length)}`;
      break;
    }
  }
  return out.replace(/\[?([.@])\]?/g, '[$1]');
}

/** Turns defanged text back into the raw value: hxxp, common spellings of dot and at ([.], (.), {.}, [dot], (dot), [@], [at], (at)), [:] and [://]. */
export function refang(value: string): string {
  const plain = value
    .replace(/[[({](?:\.|dot)[\])}]/gi, '.')
    .replace(/[[({](?:@|at)[\])}]/gi, '@')
    .replace(/\[(:\/\/|:|\/)\]/g, '$1');
  const colon = plain.indexOf('://');
  if (colon < 0 || colon > 5) return plain;
  const scheme = plain.slice(0, colon).toLowerCase();
  for (const [live, dead] of SCHEMES) if (scheme === dead) return live + plain.slice(colon);
  return plain;
}

// One run of characters that can make up a host or a mail address: a single class, so the scan is linear.
const RUN = /[\p{L}\p{N}._@%+-]+/gu;
const SCHEME_IN_TEXT = /\b(https?|ftps?):\/\//gi;
const END_OF_SENTENCE = /\.$/;
const LONGEST_HOST = 253;
// Names no registry gives out, and which people and clients treat as hosts all the same.
const RESERVED = /\.(?:example|test|invalid|onion|internal|local)$/i;

/** Defangs what a chat or mail client would turn into a link in running text: URLs, mail addresses, host names under a public suffix, IPv4 addresses. Secrets are masked first: defanged, nobody would know them for one. The rest stays as it is. */
export function defangText(text: string): string {
  return maskSecrets(text)
    .replace(SCHEME_IN_TEXT, (_, scheme: string) => `${deadScheme(scheme)}://`)
    .replace(RUN, (run, at: number, whole: string) =>
      isLinkable(run) || whole.slice(Math.max(0, at - 3), at) === '://'
        ? `${defang(run.replace(END_OF_SENTENCE, ''))}${run.match(END_OF_SENTENCE)?.[0] ?? ''}`
        : run,
    );
}

function isLinkable(run: string): boolean {
  const host = run
    .slice(run.lastIndexOf('@') + 1)
    .replace(/^[.-]/, '')
    .replace(/[.-]$/, '');
  if (!host.includes('.') || host.length > LONGEST_HOST) return run.length > LONGEST_HOST && run.includes('.');
  const parsed = parse(host, { validateHostname: false, extractHostname: false });
  return parsed.isIp === true || parsed.isIcann === true || RESERVED.test(host) || run.includes('@');
}

function deadScheme(scheme: string): string {
  const lower = scheme.toLowerCase();
  return SCHEMES.find(([live]) => live === lower)?.[1] ?? lower;
}
