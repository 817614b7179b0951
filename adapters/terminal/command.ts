/** One sub-command of `countersign`: answers its exit status. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly about: string;
  readonly usage: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}
