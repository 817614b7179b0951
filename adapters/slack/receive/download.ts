// Bytes of a file from Slack, whole and really the file: a login page is never evidence.
import type { IncomingFile } from '../../../src/chat/types.ts';
import { numberAt, objectAt, type Payload, textAt } from '../parse/payload.ts';
import type { Call } from '../send/clients.ts';

export interface Downloads {
  readonly files: readonly IncomingFile[];
  /** One sentence for each file that could not be taken. */
  readonly refused: readonly string[];
}

export interface DownloadParts {
  readonly call: Call;
  readonly token: string;
  /** Host of the API when it is not Slack's own. */
  readonly apiUrl: string | undefined;
  readonly maxFileBytes: number;
}

/** The token goes to Slack's own hosts alone, whatever an event says. */
function isSlackHost(url: URL, apiUrl: string | undefined): boolean {
  if (apiUrl !== undefined && url.host === new URL(apiUrl).host) return true;
  return url.protocol === 'https:' && (url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com'));
}

class Unusable extends Error {}

async function readWhole(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw new Unusable(`it is larger than the ${Math.round(limit / 1_000_000)} MB that are taken`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function download(given: Payload, parts: DownloadParts): Promise<IncomingFile> {
  const isStub = textAt(given, 'file_access') === 'check_file_info' || textAt(given, 'url_private') === '';
  const file = isStub ? objectAt(await parts.call('files.info', { file: textAt(given, 'id') }), 'file') : given;
  const mode = textAt(file, 'mode');
  if (mode === 'external') throw new Unusable('it is a link to another service; download it there and upload it here');
  if (mode === 'tombstone' || mode === 'hidden_by_limit') throw new Unusable('Slack does not have it any more');
  const size = numberAt(file, 'size');
  if (size > parts.maxFileBytes)
    throw new Unusable(
      `it has ${Math.ceil(size / 1_000_000)} MB and ${Math.round(parts.maxFileBytes / 1_000_000)} MB are taken; split it`,
    );
  const address = textAt(file, 'url_private_download') || textAt(file, 'url_private');
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !isSlackHost(url, parts.apiUrl)) throw new Unusable('its address is not one of Slack\u2019s');
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${parts.token}` },
    // A redirect leads to the login page, or away.
    redirect: 'manual',
    signal: AbortSignal.timeout(120_000),
  });
  if (response.status !== 200)
    throw new Unusable(
      `Slack did not give it (${response.status}); the app needs the scope files:read and must be in the channel`,
    );
  const bytes = await readWhole(response, parts.maxFileBytes);
  const isPage = (response.headers.get('content-type') ?? '').startsWith('text/html');
  const isMeantAsPage = /html/.test(`${textAt(file, 'mimetype')} ${textAt(file, 'filetype')}`);
  if (isPage && !isMeantAsPage)
    throw new Unusable('Slack gave its login page instead of the file; check the bot token');
  if (size > 0 && bytes.byteLength !== size)
    throw new Unusable(`Slack gave ${bytes.byteLength} of ${size} bytes; send it again`);
  const name = (textAt(file, 'name') || textAt(file, 'title') || 'file').replace(/[/\\]/g, '_').slice(0, 200);
  return { name, bytes, ...(mode === 'snippet' ? { isPaste: true } : {}) };
}

/** Fetches files one after the other. Throws when Slack cannot be reached, so that it is tried again. */
export async function downloads(files: readonly Payload[], parts: DownloadParts): Promise<Downloads> {
  const taken: IncomingFile[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const name = textAt(file, 'name') || textAt(file, 'title') || 'the file';
    try {
      taken.push(await download(file, parts));
    } catch (error) {
      const why = error instanceof Unusable ? error.message : 'Slack could not be reached for it; send it again';
      refused.push(`${name} was not taken: ${why}.`);
    }
  }
  return { files: taken, refused };
}
