/** The command was called in a way it does not know: exit status 2. */
export class Misuse extends Error {
  readonly usage: string;
  constructor(message: string, usage: string) {
    super(message);
    this.usage = usage;
  }
}

/** What was named cannot be used, and the message says why; the call itself was right, so nobody is shown how to call: exit status 2. */
export class Unusable extends Error {}

/** None of the inputs could be read: exit status 3. */
export class NothingRead extends Error {}
