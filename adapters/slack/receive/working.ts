// A submission is answered in its acknowledgement, or, when that would come too late, in a window that says so meanwhile.
import type { Heard } from '../parse/hear.ts';
import { objectAt, type Payload } from '../parse/payload.ts';
import type { Call } from '../send/clients.ts';
import type { OpenAck } from './answer.ts';

/** Acknowledges a delivery, with an answer where Slack takes one. */
export type Ack = (response?: Payload) => Promise<void>;

/** The acknowledgement of a submission: given once; when the work takes too long, a window says so and gets the answer later. */
export class Working implements OpenAck {
  readonly #heard: Heard;
  readonly #ack: Ack;
  readonly #call: Call;
  #isAcked = false;
  #isSlow = false;

  constructor(heard: Heard, ack: Ack, call: Call) {
    this.#heard = heard;
    this.#ack = ack;
    this.#call = call;
  }

  async becomesSlow(): Promise<void> {
    if (this.#isAcked) return;
    this.#isAcked = true;
    this.#isSlow = true;
    await this.#ack({ response_action: 'update', view: SLOW });
  }

  async ack(response?: Payload): Promise<void> {
    if (!this.#isAcked) {
      this.#isAcked = true;
      return this.#ack(response);
    }
    if (!this.#isSlow) return;
    this.#isSlow = false;
    const next = response?.['view'] ?? DONE;
    const errors = Object.values(objectAt(response, 'errors')).map(String);
    const shown = errors.length > 0 ? windowWith(errors.join(' ').slice(0, 2900)) : next;
    await this.#call('views.update', { view_id: this.#heard.ways.modal, view: shown });
  }
}

const windowWith = (text: string): Payload => ({
  type: 'modal',
  callback_id: 'panel',
  title: { type: 'plain_text', text: 'Countersign' },
  close: { type: 'plain_text', text: 'Close' },
  blocks: [{ type: 'section', text: { type: 'plain_text', text } }],
});
const SLOW = windowWith('Working. This takes a moment; the answer comes here.');
const DONE = windowWith('Done. The answer is in your messages.');
