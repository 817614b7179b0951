import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Document, isNode, isPair, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { findingsOf } from './check.ts';
import type { CheckContext } from './rule.ts';
import { playbookSchema } from './schema.ts';
import type { LoadedPlaybook, Playbook, Problem } from './types.ts';

const LARGEST_FILE = 256 * 1024;
/** A started run carries its playbook in one ledger record, whose limit is 65,535 bytes. */
const LARGEST_PLAYBOOK = 60_000;

/** A file read as a playbook, or every reason why it is not one. */
export type ReadPlaybook =
  | { readonly kind: 'loaded'; readonly loaded: LoadedPlaybook }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** All playbooks of a folder that load, by id, and the problems of those that do not. */
export interface PlaybookShelf {
  readonly playbooks: ReadonlyMap<string, LoadedPlaybook>;
  readonly problems: readonly Problem[];
}

/** Reads every `*.yaml` file of a folder; a file with a problem is left out and its problems listed. */
export function loadPlaybooks(folder: string, context: CheckContext = {}): PlaybookShelf {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') || name.endsWith('.yml'))
    .sort()
    .map((name) => join(folder, name));
  const read = files.map((file) => readPlaybookFile(file, context));
  const playbooks = new Map<string, LoadedPlaybook>();
  const problems = read.flatMap((one) => (one.kind === 'problems' ? one.problems : []));
  for (const one of read) {
    if (one.kind === 'problems') continue;
    const { id } = one.loaded.playbook;
    const first = playbooks.get(id);
    if (first) {
      problems.push({
        file: one.loaded.file,
        line: 1,
        rule: 'duplicate-id',
        message: `The id ${id} is already used by ${first.file}`,
        remedy: 'Give this playbook an id of its own',
      });
    } else playbooks.set(id, one.loaded);
  }
  return { playbooks, problems };
}

/** Reads one file; a file that cannot be read is a problem, not a throw. */
export function readPlaybookFile(file: string, context: CheckContext = {}): ReadPlaybook {
  try {
    const { size } = statSync(file);
    if (size > LARGEST_FILE) {
      return problem(file, 1, 'too-large', `The file has ${size} bytes`, `Keep a playbook under ${LARGEST_FILE} bytes`);
    }
    return readPlaybook(readFileSync(file), file, context);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    return problem(file, 1, 'unreadable', `The file cannot be read (${code})`, 'Check its name and permissions');
  }
}

/** Reads the exact bytes of a playbook file: strict YAML 1.2 without anchors or tags, then the schema, then every load rule. */
export function readPlaybook(bytes: Uint8Array, file: string, context: CheckContext = {}): ReadPlaybook {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return problem(file, 1, 'not-utf8', 'The file is not UTF-8 text', 'Save it as UTF-8');
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    uniqueKeys: true,
    version: '1.2',
    merge: false,
  });
  const broken = [...document.errors, ...document.warnings].map(
    (error): Problem => ({
      file,
      line: error.linePos?.[0].line ?? 1,
      rule: 'yaml',
      message: `This is not strict YAML: ${error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}`,
      remedy: 'Check indentation, quotes and double keys on this line',
    }),
  );
  visit(document, (_key, node) => {
    if (
      !isNode(node) ||
      (!('source' in node && node.constructor.name === 'Alias') && !('anchor' in node && node.anchor))
    )
      return;
    broken.push({
      file,
      line: lines.linePos(node.range?.[0] ?? 0).line,
      rule: 'yaml',
      message: 'Anchors and aliases (& and *) are not allowed',
      remedy: 'Write the text out where it is used',
    });
  });
  if (broken.length > 0) return { kind: 'problems', problems: broken };
  const raw: unknown = document.toJS();
  const lineOf = (path: readonly PropertyKey[]) => lineOfPath(document, lines, path);
  const parsed = playbookSchema.safeParse(raw);
  if (!parsed.success) {
    return {
      kind: 'problems',
      problems: parsed.error.issues.flatMap((issue) => schemaProblems(issue, file, lineOf)),
    };
  }
  const playbook = parsed.data as Playbook;
  const expected = basename(file).replace(/\.ya?ml$/, '');
  const problems = findingsOf(playbook, context).map(
    ({ path, ...finding }): Problem => ({ file, line: lineOf(path), ...finding }),
  );
  if (expected !== playbook.id) {
    problems.push({
      file,
      line: lineOf(['id']),
      rule: 'file-name',
      message: `The id ${playbook.id} does not match the file name`,
      remedy: `Write id: ${expected}, or rename the file to ${playbook.id}.yaml`,
    });
  }
  const size = Buffer.byteLength(JSON.stringify(playbook));
  if (size > LARGEST_PLAYBOOK) {
    problems.push({
      file,
      line: 1,
      rule: 'too-large',
      message: `The playbook takes ${size} bytes of the ${LARGEST_PLAYBOOK} a run can carry`,
      remedy: 'Split it into two playbooks and name the second in out_of_scope',
    });
  }
  if (problems.length > 0) return { kind: 'problems', problems: problems.sort((a, b) => a.line - b.line) };
  const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { kind: 'loaded', loaded: { playbook, hash, file } };
}

/** A problem as one line for a terminal: file, line, what is wrong, what to do. */
export function problemText(problem: Problem): string {
  return `${problem.file}:${problem.line}: ${problem.message}. ${problem.remedy}. [${problem.rule}]`;
}

function schemaProblems(
  issue: z.core.$ZodIssue,
  file: string,
  lineOf: (path: readonly PropertyKey[]) => number,
): readonly Problem[] {
  const where = issue.path.length > 0 ? issue.path.map(String).join('.') : 'the file';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      file,
      line: lineOf([...issue.path, key]),
      rule: /clock/i.test(key) ? 'starts-clock' : 'unknown-key',
      message: `Unknown key ${key} in ${where}`,
      remedy: unknownKeyRemedy(key),
    }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.message.includes('received undefined');
  return [
    {
      file,
      line: lineOf(issue.path),
      rule: 'shape',
      message: isMissing ? `${where} is missing` : `${where}: ${issue.message}`,
      remedy: isMissing
        ? `Add ${String(issue.path.at(-1) ?? 'it')} here`
        : 'Correct the value; playbooks/README.md shows the form',
    },
  ];
}

/** The line of the deepest part of the path that exists; for a key of a map the line of the key itself. */
function lineOfPath(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (parent && typeof parent === 'object' && 'items' in parent && Array.isArray(parent.items)) {
      const pair = parent.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === String(key));
      if (isPair(pair) && isNode(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function problem(file: string, line: number, rule: string, message: string, remedy: string): ReadPlaybook {
  return { kind: 'problems', problems: [{ file, line, rule, message, remedy }] };
}

function unknownKeyRemedy(key: string): string {
  if (/clock/i.test(key)) return 'A playbook cannot start a clock, a person does: write clocks_suggested';
  if (/[ ?]/.test(key)) return 'A comma inside braces ended the text before: put that text in double quotes';
  return 'Remove it, or correct the spelling; playbooks/README.md lists every key';
}
