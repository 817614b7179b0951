import type { Playbook } from './types.ts';

/** What the organisation has set up. A part that is left out is not checked. */
export interface CheckContext {
  /** Action types, each with the kind of its targets and the names of its parameters. */
  readonly actions?: ReadonlyMap<string, { readonly targets: string; readonly parameters: ReadonlySet<string> }>;
  readonly adapters?: ReadonlySet<string>;
  /** How many distinct people may approve such an action. */
  readonly eligible?: (action: string, reversibility: string, role: string | undefined) => number;
  readonly clocks?: ReadonlySet<string>;
  readonly audiences?: ReadonlySet<string>;
  /** Templates for notices that the organisation has of its own. */
  readonly templates?: ReadonlySet<string>;
}

/** What a rule found: where, what is wrong, what to write instead. Neither sentence ends in a full stop. */
export interface Finding {
  readonly rule: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly remedy: string;
}

/** A load rule; it sees playbooks of the right shape only. */
export type Rule = (playbook: Playbook, context: CheckContext) => readonly Omit<Finding, 'rule'>[];
