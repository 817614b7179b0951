// Typed words to a command and its arguments: one grammar for slash commands, mentions and private chats.
import { type Refusal, refuse } from '../refusal.ts';
import { commandNamed, commands, shortForms } from './registry.ts';
import { type Args, type Command, VERBS } from './types.ts';

export interface Parsed {
  readonly kind: 'parsed';
  readonly command: Command;
  readonly args: Args;
}

/** Reads `verb [sub-verb] arguments`. Refuses unknown words with the closest verb and an example. */
export function parseCommand(text: string, root: string): Parsed | Refusal {
  const trimmed = text.trim();
  const words = splitWords(trimmed);
  const [first, second] = [words[0]?.text.toLowerCase() ?? 'help', words[1]?.text.toLowerCase()];
  const pair = second === undefined ? null : commandNamed(`${first} ${second}`);
  const single = commandNamed(first);
  const command = pair && !pair.isHidden ? pair : single && !single.isHidden ? single : shortForms.get(first);
  if (!command) return unknown(first, root);
  const used = command === pair ? 2 : 1;
  const rest = words[used] ? trimmed.slice(words[used].start) : '';
  return readArgs(command, words.length === 0 ? '' : rest, root);
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function splitWords(text: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < text.length; ) {
    const c = text[at] as string;
    if (/\s/.test(c)) {
      at += 1;
      continue;
    }
    const close = c === '"' ? text.indexOf('"', at + 1) : -1;
    let end = close > 0 ? close + 1 : at;
    if (close <= 0) while (end < text.length && !/\s/.test(text[end] as string)) end += 1;
    words.push({ text: close > 0 ? text.slice(at + 1, close) : text.slice(at, end), start: at, end });
    at = end;
  }
  return words;
}

function readArgs(command: Command, rest: string, root: string): Parsed | Refusal {
  const args: Record<string, string> = {};
  let left = rest;
  for (const spec of command.args) {
    const [word] = splitWords(left);
    if (!word) break;
    if (spec.isRest) {
      args[spec.name] = left.trim();
      left = '';
      break;
    }
    const choice = spec.choices?.find((c) => c.toLowerCase() === word.text.toLowerCase());
    if (spec.choices && !choice) {
      if (!spec.isRequired) continue;
      return refuse(
        'bad-argument',
        `"${shown(word.text)}" is no ${spec.name}. Use one of ${spec.choices.join(', ')}; for example: /${root} ${command.examples[0] ?? command.name}`,
      );
    }
    args[spec.name] = choice ?? word.text;
    left = left.slice(word.end);
  }
  if (left.trim() !== '' && command.args.length === 0) {
    return refuse(
      'bad-argument',
      `/${root} ${command.name} takes no more words, and "${shown(left.trim())}" is left over. ${hint(command, root)}`,
    );
  }
  return { kind: 'parsed', command, args };
}

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}\u2026` : text);
const hint = (command: Command, root: string): string =>
  command.examples[0] ? `Example: /${root} ${command.examples[0]}` : '';

function unknown(word: string, root: string): Refusal {
  const names = [...VERBS, ...shortForms.keys()];
  const closest = names
    .map((name) => ({ name, distance: editDistance(word.slice(0, 40), name) }))
    .sort((a, b) => a.distance - b.distance)[0] as { name: string };
  const command =
    commandNamed(closest.name) ??
    shortForms.get(closest.name) ??
    (commands.find((c) => c.name.startsWith(`${closest.name} `)) as Command);
  return refuse(
    'unknown-command',
    `There is no "${shown(word)}". Did you mean ${closest.name}? ${hint(command, root)} All verbs: /${root} help`,
  );
}

/** Levenshtein distance between two short words. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length] as number;
}
