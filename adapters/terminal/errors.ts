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

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder: name the files in it',
};

/** Why a file cannot be read, in words where they are known. */
export function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : (WHY[code] ?? `error ${code}`)) ?? message;
}
