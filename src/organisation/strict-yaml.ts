// Strict YAML with errors that say where: one reader for every file people write.
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A place in a file and what is wrong there. */
export interface YamlFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type ReadYaml<T> =
  | { readonly kind: 'read'; readonly data: T; readonly where: (fault: YamlFault) => string }
  /** One line a fault: file, line, path, and what to write. */
  | { readonly kind: 'wrong'; readonly faults: readonly string[] };

/** Reads YAML without aliases, double keys or unknown keys. `where` words a later fault with its line. */
export function readStrictYaml<T>(text: string, fileName: string, schema: z.ZodType<T>): ReadYaml<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    uniqueKeys: true,
    maxAliasCount: 0,
  } as Parameters<typeof parseDocument>[1]);
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      (e) => `${fileName} line ${e.linePos?.[0].line ?? '?'}: ${e.message.split('\n')[0]}`,
    );
    return { kind: 'wrong', faults };
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth) as unknown[], true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const where = ({ path, message }: YamlFault): string =>
    `${fileName} line ${lineOf(path)}: ${path.join('.') || 'the file'}: ${message}`;
  const parsed = schema.safeParse(document.toJS());
  return parsed.success
    ? { kind: 'read', data: parsed.data, where }
    : { kind: 'wrong', faults: parsed.error.issues.map((i) => where({ path: i.path, message: i.message })) };
}
