// Reads countersign.yml: strict YAML, and errors that say where and what to write.
import { LineCounter, parseDocument } from 'yaml';
import { sha256Hex } from '../audit/canonical.ts';
import { lintContainment } from '../containment/lint.ts';
import { type Organisation, organisationSchema } from './schema.ts';

/** The organisation's file cannot be used; the message names line and remedy for each fault. */
export class OrganisationError extends Error {
  override readonly name = 'OrganisationError';
}

export interface LoadedOrganisation {
  readonly organisation: Organisation;
  /** SHA-256 of the file's bytes: which policy a decision was made under. */
  readonly hash: string;
}

/** Parses the text of an organisation's file. Throws OrganisationError. */
export function loadOrganisation(text: string, fileName: string): LoadedOrganisation {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    uniqueKeys: true,
    maxAliasCount: 0,
  } as Parameters<typeof parseDocument>[1]);
  if (document.errors.length > 0) {
    throw new OrganisationError(
      document.errors
        .map((e) => `${fileName} line ${e.linePos?.[0].line ?? '?'}: ${e.message.split('\n')[0]}`)
        .join('\n'),
    );
  }
  const parsed = organisationSchema.safeParse(document.toJS());
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth) as unknown[], true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const fault = (path: readonly PropertyKey[], message: string) =>
    `${fileName} line ${lineOf(path)}: ${path.join('.') || 'the file'}: ${message}`;
  if (!parsed.success) throw new OrganisationError(parsed.error.issues.map((i) => fault(i.path, i.message)).join('\n'));
  const faults = crossCheck(parsed.data).map((f) => fault(f.path, f.message));
  if (faults.length > 0) throw new OrganisationError(faults.join('\n'));
  return { organisation: parsed.data, hash: sha256Hex(text) };
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function crossCheck(org: Organisation): Fault[] {
  const keys = new Set(org.people.map((p) => p.key));
  const faults: Fault[] = [];
  const seenIds = new Map<string, string>();
  org.people.forEach((p, i) => {
    if (org.people.findIndex((q) => q.key === p.key) !== i)
      faults.push({ path: ['people', i, 'key'], message: `${p.key} is taken; give every person a key of their own` });
    for (const [platform, id] of Object.entries(p.ids)) {
      const full = `${platform}:${id}`;
      const other = seenIds.get(full);
      if (other)
        faults.push({
          path: ['people', i, 'ids', platform],
          message: `${id} is already ${other}; one account belongs to one person`,
        });
      seenIds.set(full, p.key);
    }
  });
  org.assets.forEach((asset, i) => {
    if (asset.owner && !keys.has(asset.owner))
      faults.push({ path: ['assets', i, 'owner'], message: `no person has the key ${asset.owner}` });
  });
  return [...faults, ...lintContainment(org)];
}
