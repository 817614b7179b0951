import type { WebPerson } from '../options.ts';

/** Who a page is rendered for. */
export interface Viewer {
  readonly person: WebPerson;
  readonly people: ReadonlyMap<string, WebPerson>;
  /** Address of a picture, signed for this session. */
  readonly picture: (sha256: string, type: 'svg' | 'png') => string;
  readonly commandName: string;
  /** Whether a channel id is one that the person can open. */
  readonly canSee: (channel: string) => boolean;
}
