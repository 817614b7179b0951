// Takes bytes in: kept and hashed first, recorded, then read in the background while the receipt counts up.
import { rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Actor, NewRecord } from '../audit/record.ts';
import { live } from '../chat/outbox.ts';
import type { HeldBytes } from '../chat/types.ts';
import type { Message, Resolution } from '../commands/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Committed } from '../store/ledger.ts';
import type { ReadOptions, Timeline } from '../timeline/types.ts';
import type { EvidenceBlobs } from './blobs.ts';
import { type PackedSource, packedBytes, packedFile } from './packed.ts';
import type { Delivery, Evidence, EvidenceRecord, Reading } from './types.ts';
import type { Member } from './unpack-limits.ts';

/** Something that was delivered, ready to be kept. */
export interface Delivered {
  readonly name: string;
  readonly how: Delivery;
  readonly bytes: Uint8Array | HeldBytes;
  /** As delivered, when decoding changed them. */
  readonly deliveredBytes?: Uint8Array;
  readonly message: string | null;
}

export interface IntakeParts {
  readonly blobs: EvidenceBlobs;
  readonly log: Logger;
  readonly act: (
    incident: string,
    actor: Actor,
    decide: (dossier: Dossier) => Resolution | Refusal,
  ) => Promise<Committed<Dossier> | Refusal>;
  readonly load: (incident: string) => Promise<Dossier>;
  readonly read: ReadTimeline;
  /** Writes the members of an archive into an empty folder, or null for bytes that are no archive; a refusal names what is wrong with it. */
  readonly unpack: (name: string, source: PackedSource, folder: string) => Promise<readonly Member[] | null | Refusal>;
  /** Says that a receipt shows something new. */
  readonly refresh: (incident: string, evidence: string, progress: number) => void;
}

/** Reads evidence by the path of its blob; progress is bytes done. */
export type ReadTimeline = (
  path: string,
  sizeBytes: number,
  options: ReadOptions,
  onProgress: (bytes: number) => void,
) => Promise<Timeline>;

export interface Received {
  readonly key: string;
  /** True when the same bytes were here already: nothing was added. */
  readonly isKnown: boolean;
}

export const receiptName = (incident: string, evidence: string): string => `receipt/${incident}/${evidence}`;

/** The message that shows a receipt, edited in place as reading goes on. */
export const receiptMessage = (dossier: Dossier, evidence: string, stage: string): readonly Message[] => {
  const { key, conversation } = dossier.incident;
  if (!conversation) return [];
  const name = receiptName(key, evidence);
  return [
    {
      key: `${name}/${stage}`,
      message: { op: 'put', name, to: conversation, content: live('receipt', key, evidence) },
    },
  ];
};

/** Bytes that are kept, and not yet on record. */
interface Source {
  readonly delivered: Delivered;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly deliveredSha256: string | null;
  /** SHA-256 of the archive it was in, or null. */
  readonly archive: string | null;
  readonly isArchive: boolean;
}

/** What became of a delivery. */
export interface Intaken {
  readonly kind: 'kept';
  /** In the order of delivery; for an archive its members. */
  readonly kept: readonly Received[];
  readonly refused: readonly Refusal[];
}

const MAX_EMPTY_HINT = 'Nothing was kept: the paste is empty. Paste the lines again, or drop the file itself.';

export class Intake {
  readonly #parts: IntakeParts;
  readonly #progress = new Map<string, number>();
  readonly #results = new Map<string, Timeline>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * Keeps the bytes of everything that was delivered, records all of it at once and starts reading. What cannot be kept (empty, a
   * broken archive) is named in `refused`, and keeps nothing else out; a refusal when nothing could be kept.
   */
  async receive(
    incident: string,
    actor: Actor,
    delivered: readonly Delivered[],
    options: ReadOptions,
  ): Promise<Intaken | Refusal> {
    const folders: string[] = [];
    try {
      const sources: Source[] = [];
      const refused: Refusal[] = [];
      for (const one of delivered) {
        const folder = await this.#parts.blobs.scratch();
        folders.push(folder);
        const opened = await this.#open(one, folder);
        if (isRefusal(opened)) refused.push(opened);
        else sources.push(...opened);
      }
      if (sources.length === 0) return refused[0] ?? refuse('empty', MAX_EMPTY_HINT);
      const kept = await this.#record(incident, actor, sources);
      if (isRefusal(kept)) return kept;
      for (const { key, isKnown } of kept) if (!isKnown) this.start(incident, key, options);
      return { kind: 'kept', kept, refused };
    } finally {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    }
  }

  /** What a delivery holds, its bytes kept: itself, or an archive and then its members. */
  async #open(delivered: Delivered, folder: string): Promise<readonly Source[] | Refusal> {
    const { bytes } = delivered;
    const source = 'path' in bytes ? packedFile(bytes.path, bytes.sizeBytes) : packedBytes(bytes);
    if (source.sizeBytes === 0) return refuse('empty', MAX_EMPTY_HINT);
    const members = await this.#parts.unpack(delivered.name, source, folder);
    if (isRefusal(members)) return members;
    const first = await this.#keep(delivered, null, members !== null);
    if (members === null) return [first];
    const sources = [first];
    for (const { name, path, sizeBytes } of members) {
      const member: Delivered = {
        name: `${delivered.name}/${name}`,
        how: 'unpacked',
        bytes: { path, sizeBytes },
        message: delivered.message,
      };
      sources.push(await this.#keep(member, first.sha256, false));
    }
    return sources;
  }

  async #keep(delivered: Delivered, archive: string | null, isArchive: boolean): Promise<Source> {
    const { blobs } = this.#parts;
    const { bytes } = delivered;
    return {
      delivered,
      archive,
      isArchive,
      sha256: 'path' in bytes ? await blobs.keepFile(bytes.path) : await blobs.keep(bytes),
      sizeBytes: 'path' in bytes ? bytes.sizeBytes : bytes.length,
      deliveredSha256: delivered.deliveredBytes ? await blobs.keep(delivered.deliveredBytes) : null,
    };
  }

  /** One transaction for all of it: a crash leaves nothing half delivered. Gives each source's key, archives left out. */
  async #record(incident: string, actor: Actor, sources: readonly Source[]): Promise<readonly Received[] | Refusal> {
    let kept: Received[] = [];
    const done = await this.#parts.act(incident, actor, (dossier) => {
      const { items } = dossier.evidence;
      const keys = new Map(items.filter((i) => !i.isDisposed).map((i) => [i.sha256, i.key]));
      const records: EvidenceRecord[] = [];
      const say: Message[] = [];
      kept = [];
      for (const source of sources) {
        const { sha256, deliveredSha256, delivered, isArchive, archive } = source;
        const known = keys.get(sha256);
        const key = known ?? `EV-${items.length + records.length + 1}`;
        if (!isArchive) kept.push({ key, isKnown: known !== undefined });
        if (known !== undefined) continue;
        keys.set(sha256, key);
        const body = {
          key,
          sha256,
          deliveredSha256: deliveredSha256 === sha256 ? null : deliveredSha256,
          sizeBytes: source.sizeBytes,
          name: delivered.name.slice(0, 200),
          how: delivered.how,
          message: delivered.message,
          derivedFrom: archive === null ? null : (keys.get(archive) ?? null),
        };
        records.push({ type: 'evidence.received', body, subject: key });
        if (!isArchive) say.push(...receiptMessage(dossier, key, 'received'));
      }
      if (records.length > 0 && dossier.incident.phase === 'closed')
        return refuse('incident-closed', `${incident} is closed; reopen it to add evidence.`);
      return { records, say };
    });
    return isRefusal(done) ? done : kept;
  }

  /** Starts reading evidence in the background; a reading that runs already is left alone. */
  start(incident: string, key: string, options: ReadOptions): void {
    const id = `${incident}/${key}`;
    if (this.#reading.has(id)) return;
    const work = this.#readAndRecord(incident, key, options)
      .catch((error: unknown) =>
        this.#parts.log.error({ err: error, incident, evidence: key }, 'evidence could not be read'),
      )
      .finally(() => {
        this.#reading.delete(id);
        this.#progress.delete(id);
      });
    this.#reading.set(id, work);
  }

  /** Starts whatever a stopped process left unread. */
  async resume(incident: string, options: ReadOptions): Promise<void> {
    const dossier = await this.#parts.load(incident);
    const archives = new Set(dossier.evidence.items.map((i) => i.derivedFrom));
    for (const item of dossier.evidence.items)
      if (!item.reading && !item.failure && !archives.has(item.key)) this.start(incident, item.key, options);
  }

  /** Waits until nothing is being read. */
  async settled(): Promise<void> {
    while (this.#reading.size > 0) await Promise.all(this.#reading.values());
  }

  /** Bytes read so far of evidence that is being read, or null. */
  progress(incident: string, key: string): number | null {
    const id = `${incident}/${key}`;
    return this.#reading.has(id) ? (this.#progress.get(id) ?? 0) : null;
  }

  async #readAndRecord(incident: string, key: string, options: ReadOptions): Promise<void> {
    const system: Actor = {
      kind: 'system',
      platform: 'countersign',
      tenant: 'local',
      id: 'countersign',
      label: 'Countersign',
    };
    const item = (await this.#parts.load(incident)).evidence.items.find((i) => i.key === key) as Evidence;
    const outcome = await this.derive(item, options, (bytes) => {
      this.#progress.set(`${incident}/${key}`, bytes);
      this.#parts.refresh(incident, key, bytes);
    }).catch((error: unknown) => {
      this.#parts.log.error({ err: error, incident, evidence: key }, 'reading failed');
      return null;
    });
    await this.#parts.act(incident, system, (dossier) => {
      const record: NewRecord = outcome
        ? {
            type: 'evidence.read',
            subject: key,
            body: {
              key,
              reading: outcome.reading,
              assumed: outcome.timeline.receipt.assumed,
              manipulationLines: outcome.timeline.receipt.manipulationLines.slice(0, 200),
            },
          }
        : {
            type: 'evidence.unreadable',
            subject: key,
            body: { key, why: 'the engine failed on it; the bytes are kept' },
          };
      return {
        records: [record],
        say: receiptMessage(dossier, key, `read-${outcome?.reading.result.slice(0, 12) ?? 'failed'}`),
      };
    });
  }

  /** Reads evidence with some options and keeps the result as a blob, without recording anything. */
  async derive(
    item: Pick<Evidence, 'sha256' | 'sizeBytes'>,
    options: ReadOptions,
    onProgress: (bytes: number) => void = () => {},
  ): Promise<{ readonly timeline: Timeline; readonly reading: Reading }> {
    const timeline = await this.#parts.read(this.#parts.blobs.path(item.sha256), item.sizeBytes, options, onProgress);
    const result = await this.keepResult(timeline);
    const { engine, lines, entries, continuations, unparsed, firstAt, lastAt } = timeline.receipt;
    return {
      timeline,
      reading: {
        engine,
        result,
        options,
        lines,
        entries,
        continuations,
        unparsed,
        events: timeline.events.length,
        firstAt,
        lastAt,
      },
    };
  }

  /** Keeps a derived timeline as a blob and gives its name. */
  async keepResult(timeline: Timeline): Promise<string> {
    const result = await this.#parts.blobs.keep(new TextEncoder().encode(JSON.stringify(timeline)));
    this.#remember(result, timeline);
    return result;
  }

  /** A derived timeline by the name of its blob, or null when it is gone. */
  async result(name: string): Promise<Timeline | null> {
    const known = this.#results.get(name);
    if (known) return known;
    const bytes = await this.#parts.blobs.read(name);
    if (!bytes) return null;
    const timeline = JSON.parse(new TextDecoder().decode(bytes)) as Timeline;
    this.#remember(name, timeline);
    return timeline;
  }

  /** Lets go of derived timelines whose blobs are erased. */
  forget(names: readonly string[]): void {
    for (const name of names) this.#results.delete(name);
  }

  #remember(name: string, timeline: Timeline): void {
    this.#results.delete(name);
    this.#results.set(name, timeline);
    // A handful of incidents are looked at at once; older results are read from their blobs again.
    const oldest = this.#results.keys().next().value;
    if (this.#results.size > 32 && oldest !== undefined) this.#results.delete(oldest);
  }
}
