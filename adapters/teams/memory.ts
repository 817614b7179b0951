// What the adapter has to know again after a restart: where conversations are, who is who, and what a message of its own stands for.
import type { Conversation } from '../../src/chat/types.ts';
import type { Notes } from './options.ts';

/** How to reach a conversation without being asked first. */
export interface Reference {
  readonly serviceUrl: string;
  readonly tenant: string;
  readonly kind: 'personal' | 'channel' | 'groupChat';
}

/** What is known of somebody who was seen. `id` is the AAD object id, the identity; `userId` is only an address. */
export interface Known {
  readonly id: string;
  readonly userId: string;
  readonly label: string;
  readonly tenant: string;
  /** Their private chat with the bot, once there is one. */
  readonly direct?: string;
  /** A conversation they were last seen in: where the directory is asked. */
  readonly seenIn?: string;
}

const refName = (id: string): string => `teams/conversation/${id}`;
const personName = (tenant: string, id: string): string => `teams/person/${tenant}/${id}`;
const userName = (tenant: string, userId: string): string => `teams/user/${tenant}/${userId}`;
const partName = (where: string, id: string): string => `teams/part/${where}/${id}`;

export class Memory {
  readonly #notes: Notes;
  readonly #recent = new Map<string, string>();

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  async #get<T>(name: string): Promise<T | null> {
    const text = this.#recent.get(name) ?? (await this.#notes.note(name));
    if (text === null || text === '') return null;
    this.#recent.set(name, text);
    return JSON.parse(text) as T;
  }

  async #put(name: string, value: unknown): Promise<void> {
    const text = JSON.stringify(value);
    if (this.#recent.get(name) === text) return;
    await this.#notes.setNote(name, text);
    if (this.#recent.size > 5_000) this.#recent.clear();
    this.#recent.set(name, text);
  }

  reference = (id: string): Promise<Reference | null> => this.#get<Reference>(refName(id));
  /** Where the tenant's conversations are served, for a private chat that does not exist yet. */
  service = (tenant: string): Promise<string | null> => this.#get<string>(`teams/service/${tenant}`);

  async keepReference(id: string, reference: Reference): Promise<void> {
    await this.#put(refName(id), reference);
    await this.#put(`teams/service/${reference.tenant}`, reference.serviceUrl);
  }

  person = (tenant: string, id: string): Promise<Known | null> => this.#get<Known>(personName(tenant, id));
  /** Object id of somebody by the address Teams uses in mentions. */
  objectId = (tenant: string, userId: string): Promise<string | null> => this.#get<string>(userName(tenant, userId));

  async keepPerson(known: Known): Promise<Known> {
    const before = await this.person(known.tenant, known.id);
    const merged = { ...before, ...known };
    await this.#put(personName(known.tenant, known.id), merged);
    if (known.userId !== '') await this.#put(userName(known.tenant, known.userId), known.id);
    return merged;
  }

  /** The further messages of a view that did not fit into one. */
  parts = async (where: string, id: string): Promise<readonly string[]> =>
    (await this.#get<readonly string[]>(`teams/parts/${where}/${id}`)) ?? [];

  async keepParts(where: string, id: string, parts: readonly string[]): Promise<void> {
    await this.#put(`teams/parts/${where}/${id}`, parts);
    for (const part of parts) await this.#put(partName(where, part), id);
  }

  /** The message a part belongs to, or the id itself. */
  whole = async (where: string, id: string): Promise<string> => (await this.#get<string>(partName(where, id))) ?? id;

  /** A message in a private chat that answers something said elsewhere: pressing on it counts as pressing there. */
  async keepAside(direct: string, id: string, instead: Conversation): Promise<void> {
    await this.#put(`teams/aside/${direct}/${id}`, instead);
  }
  aside = (direct: string, id: string): Promise<Conversation | null> =>
    this.#get<Conversation>(`teams/aside/${direct}/${id}`);

  /** A file that waits until somebody takes it. */
  async keepFile(id: string, file: WaitingFile): Promise<void> {
    await this.#put(`teams/file/${id}`, file);
  }
  file = (id: string): Promise<WaitingFile | null> => this.#get<WaitingFile>(`teams/file/${id}`);

  /** The message that was sent under an outbox key, so that a repeated try sends none. */
  sent = (key: string): Promise<string | null> => this.#get<string>(`teams/sent/${key}`);
  async keepSent(key: string, id: string): Promise<void> {
    await this.#put(`teams/sent/${key}`, id);
  }
}

export interface WaitingFile {
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly size: number;
  /** Conversation it was posted to, for anybody there; or the person it is for alone. */
  readonly place: string;
  readonly holder: string | null;
}
