/** One sub-command of `countersign`: answers its exit status. */
export interface Command {
  readonly usage: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}
