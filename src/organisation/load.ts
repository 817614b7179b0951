// Reads countersign.yml: strict YAML, and errors that say where and what to write.
import { sha256Hex } from '../audit/canonical.ts';
import { lintContainment } from '../containment/lint.ts';
import type { Template } from '../notice/template.ts';
import { type Organisation, organisationSchema } from './schema.ts';
import { readStrictYaml, type YamlFault } from './strict-yaml.ts';

/** The organisation's file cannot be used; the message names line and remedy for each fault. */
export class OrganisationError extends Error {
  override readonly name = 'OrganisationError';
}

export interface LoadedOrganisation {
  readonly organisation: Organisation;
  /** SHA-256 of the file's bytes: which policy a decision was made under. */
  readonly hash: string;
  /** Its own templates for notices, by audience. */
  readonly templates: ReadonlyMap<string, Template>;
}

/** Parses the text of an organisation's file. Throws OrganisationError. */
export function loadOrganisation(
  text: string,
  fileName: string,
  templates: ReadonlyMap<string, Template> = new Map(),
): LoadedOrganisation {
  const read = readStrictYaml(text, fileName, organisationSchema);
  if (read.kind === 'wrong') throw new OrganisationError(read.faults.join('\n'));
  const faults = crossCheck(read.data).map(read.where);
  if (faults.length > 0) throw new OrganisationError(faults.join('\n'));
  return { organisation: read.data, hash: sha256Hex(text), templates };
}

function crossCheck(org: Organisation): YamlFault[] {
  const keys = new Set(org.people.map((p) => p.key));
  const faults: YamlFault[] = [];
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
