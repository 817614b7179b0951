/** The message to be edited does not stand any more: the outbox posts it anew. */
export class MessageGone extends Error {
  override readonly name = 'MessageGone';
}
