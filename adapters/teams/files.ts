// Files: bytes come and go only in a private chat, only over https, only with Microsoft's file hosts, and never by a redirect.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { IncomingFile, OutgoingFile } from '../../src/chat/types.ts';
import { DOWNLOAD_TIMEOUT_MS, FILES_WAIT_MS } from './limits.ts';
import type { Memory, WaitingFile } from './memory.ts';
import { isLoopbackHost, type Network } from './options.ts';

/** A file that cannot be taken; the message says what to do. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

export const FILE_INFO = 'application/vnd.microsoft.teams.file.download.info';

const infoSchema = z.object({ downloadUrl: z.string().max(8_000) });

/** The address when it is one that files may come from or go to. Throws FileRefused. */
function allowed(address: string, network: Network): URL {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new FileRefused('Teams gave no usable address for the file. Send it again.');
  }
  const host = url.hostname.toLowerCase();
  const isLocal = network.isLoopback && isLoopbackHost(host);
  const isKnown = network.fileHosts.some((ending) => host.endsWith(ending));
  if (!isLocal && (url.protocol !== 'https:' || !isKnown))
    throw new FileRefused(
      `The file lies at ${host.slice(0, 100)}, which is not a place where Teams keeps files, so it was not fetched. Attach the file itself in this chat.`,
    );
  return url;
}

async function bytesOf(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (maxBytes: number): FileRefused =>
  new FileRefused(
    `The file is larger than the ${Math.floor(maxBytes / 1_000_000)} MB that are taken at once. Split it and send the parts; nothing was kept.`,
  );

/** Fetches a file of a private chat whole. Throws FileRefused with words for the person. */
export async function download(
  attachment: { readonly name?: string | undefined; readonly content?: unknown },
  network: Network,
  maxBytes: number,
): Promise<IncomingFile> {
  const info = infoSchema.safeParse(attachment.content);
  if (!info.success) throw new FileRefused('Teams gave no address for the file. Send it again.');
  const url = allowed(info.data.downloadUrl, network);
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) }).catch(
    () => null,
  );
  if (!response) throw new FileRefused('The file could not be fetched in time. Send it again.');
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new FileRefused(
      'The address of the file points on to another place, so it was not fetched. Attach the file itself.',
    );
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new FileRefused(
      `The file could not be fetched (${response.status}). Its address is good for minutes only: send it again.`,
    );
  }
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge(maxBytes);
  }
  return { name: (attachment.name ?? 'file').slice(0, 200), bytes: await bytesOf(response, maxBytes) };
}

/** Files for people that wait until somebody takes them. */
export class Outbound {
  readonly #folder: string;
  readonly #memory: Memory;
  readonly #network: Network;

  constructor(folder: string, memory: Memory, network: Network) {
    this.#folder = join(folder, 'teams-files');
    this.#memory = memory;
    this.#network = network;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Keeps the bytes; `place` or `holder` says who may take them. */
  async keep(
    id: string,
    file: OutgoingFile,
    for_: { readonly place: string; readonly holder: string | null },
  ): Promise<WaitingFile> {
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    await writeFile(join(this.#folder, sha256), file.bytes, { mode: 0o600 });
    const waiting = { name: file.name, mediaType: file.mediaType, sha256, size: file.bytes.byteLength, ...for_ };
    await this.#memory.keepFile(id, waiting);
    return waiting;
  }

  /** Puts the bytes where Teams asks for them. Throws FileRefused. */
  async send(file: WaitingFile, uploadUrl: string): Promise<void> {
    const url = allowed(uploadUrl, this.#network);
    const bytes = await readFile(join(this.#folder, file.sha256)).catch(() => null);
    if (!bytes) throw new FileRefused('The file is not kept any more. Ask for it again.');
    const response = await fetch(url, {
      method: 'PUT',
      redirect: 'error',
      signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS),
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `bytes 0-${bytes.byteLength - 1}/${bytes.byteLength}`,
      },
      body: bytes,
    }).catch(() => null);
    await response?.body?.cancel();
    if (!response?.ok) throw new FileRefused('Your OneDrive did not take the file. Ask for it again.');
  }

  /** Forgets what nobody took for a long time; whoever wants it then is told to ask again. */
  async sweep(nowMs: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if (nowMs - (await stat(path)).mtimeMs > FILES_WAIT_MS) await rm(path, { force: true });
    }
  }

  /** Forgets the bytes once nobody needs them. */
  async forget(file: WaitingFile): Promise<void> {
    await rm(join(this.#folder, file.sha256), { force: true });
  }
}
