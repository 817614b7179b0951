// Every command there is, in the order help shows them. Everything generated is made from this.
import { asking } from './ask.ts';
import { assisting } from './assist.ts';
import { assistDecisions } from './assist-decide.ts';
import { audit } from './audit.ts';
import { assistantTrails } from './audit-assistant.ts';
import { briefing } from './brief.ts';
import { catchup } from './catchup.ts';
import { clocks } from './clock.ts';
import { contain } from './contain.ts';
import { conversationChanged } from './conversation.ts';
import { custody } from './custody.ts';
import { custodyEnds } from './custody-dispose.ts';
import { custodyMoves } from './custody-move.ts';
import { finding } from './finding.ts';
import { scoping } from './finding-scope.ts';
import { help } from './help.ts';
import { log } from './log.ts';
import { membership } from './membership.ts';
import { measuring } from './metrics.ts';
import { notice } from './notice.ts';
import { offered } from './offered.ts';
import { open } from './open.ts';
import { policy } from './policy.ts';
import { review } from './review.ts';
import { status } from './status.ts';
import { step } from './step.ts';
import { timeline } from './timeline.ts';
import type { Command } from './types.ts';
import { welcomeCommands } from './welcome.ts';

export const commands: readonly Command[] = [
  ...open,
  ...status,
  ...catchup,
  ...membership,
  conversationChanged,
  ...log,
  ...offered,
  ...timeline,
  ...step,
  ...contain,
  ...finding,
  scoping,
  ...asking,
  ...assisting,
  ...assistDecisions,
  ...notice,
  ...briefing,
  ...clocks,
  ...review,
  ...audit,
  ...assistantTrails,
  ...custody,
  ...custodyMoves,
  ...custodyEnds,
  policy,
  ...measuring,
  ...help,
  ...welcomeCommands,
];

const byName = new Map(commands.map((c) => [c.name, c]));

export const commandNamed = (name: string): Command | null => byName.get(name) ?? null;

/** The verb a command belongs to. */
export const verbOf = (command: Command): string => command.name.split(' ')[0] as string;

/** Sub-verbs that work without their verb: those whose word no other command has. */
export const shortForms: ReadonlyMap<string, Command> = (() => {
  const seen = new Map<string, Command | null>();
  for (const command of commands.filter((c) => !c.isHidden)) {
    const sub = command.name.split(' ')[1];
    if (sub === undefined) continue;
    seen.set(sub, seen.has(sub) || byName.has(sub) ? null : command);
  }
  return new Map([...seen].filter((pair): pair is [string, Command] => pair[1] !== null));
})();
