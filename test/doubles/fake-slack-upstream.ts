// What FakeSlack needs of a server that answers the Web API in its place.
import type { Payload } from '../../adapters/slack/parse/payload.ts';

/** Somebody else's Web API behind this double: state of their own, under their own ids. */
export interface Upstream {
  /** Their answer, or null when they do not know the method. */
  call(method: string, contentType: string, raw: Buffer): Promise<Payload | null>;
  /** Gives bytes of a file, or takes those of an upload. */
  bytes(path: string, bearer: string, body: Buffer | null): Promise<Response>;
  say(user: string, channel: string, text: string, more: Payload): Promise<string>;
  addFile(user: string, name: string, bytes: Buffer): Promise<Payload>;
  trigger(user: string): Promise<string>;
}
