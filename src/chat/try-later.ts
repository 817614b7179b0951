/** A platform asks to wait: not a failure. The outbox tries again after `afterMs` and delivers other things meanwhile. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  readonly afterMs: number;

  constructor(afterMs: number, why: string) {
    super(why);
    this.afterMs = afterMs;
  }
}
