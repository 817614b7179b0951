// Indicators as a STIX 2.1 bundle (OASIS standard, 10 June 2021). The same input gives the same bytes.
import { canonicalBytes, sanitise } from '../../audit/canonical.ts';
import type { Indicator } from '../types.ts';
import type { ExportDocument } from './row.ts';
import { uuid5 } from './uuid5.ts';

/** Section 2.9: the namespace for deterministic ids of cyber-observable objects. */
const OBSERVABLE_NAMESPACE = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Our own, for objects that the standard gives no deterministic id. */
const OWN_NAMESPACE = '6a7ac1d8-3c2e-5b57-9d0c-5f0a2f1f8f4b';
/** Section 4.14: number_observed is at most this. */
const MOST_OBSERVED = 999_999_999;

/** `createdAt` is ISO 8601 UTC with milliseconds; `organisation` names who stands behind the bundle; `incident` keeps the ids of two incidents apart. */
export interface StixOptions {
  readonly createdAt: string;
  readonly organisation: string;
  readonly incident?: string;
}

type StixObject = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string };

export interface StixBundle {
  readonly type: 'bundle';
  readonly id: string;
  readonly objects: readonly StixObject[];
}

/** Writes every indicator that is not the organisation's own as observable, observed data, indicator and the relationship between; a CVE as a vulnerability. Only addresses that behave like an attacker's are called malicious. */
export function stixBundle(
  document: Pick<ExportDocument, 'indicators' | 'rows' | 'attackers'>,
  options: StixOptions,
): StixBundle {
  const identity = own('identity', options.organisation, options, {
    name: options.organisation,
    identity_class: 'organization',
  });
  const { created_by_ref: _, ...self } = identity;
  const context: Context = {
    ...options,
    identity: identity.id,
    attackers: new Set(document.attackers.map((a) => a.ip)),
    seen: timesByLine(document.rows),
    fallback: wholeSpan(document.rows, options.createdAt),
  };
  const objects = new Map<string, StixObject>([[identity.id, self as StixObject]]);
  for (const indicator of document.indicators) {
    if (indicator.isOurs) continue;
    for (const object of objectsOf(indicator, context)) objects.set(object.id, object);
  }
  const ids = [...objects.keys()].join(' ');
  return {
    type: 'bundle',
    id: `bundle--${uuid5(OWN_NAMESPACE, `${options.incident ?? ''} ${options.createdAt} ${ids}`)}`,
    objects: [...objects.values()],
  };
}

interface Context extends StixOptions {
  readonly identity: string;
  readonly attackers: ReadonlySet<string>;
  readonly seen: ReadonlyMap<number, readonly [string, string]>;
  readonly fallback: readonly [string, string];
}

function objectsOf(indicator: Indicator, context: Context): StixObject[] {
  if (indicator.type === 'cve') return [vulnerability(indicator, context)];
  const { observables, pattern } = observed(indicator);
  const [first, last] = period(indicator, context);
  const key = `${context.incident ?? ''} ${indicator.type} ${indicator.value}`;
  const data = own('observed-data', key, context, {
    first_observed: first,
    last_observed: last,
    number_observed: Math.min(MOST_OBSERVED, Math.max(1, indicator.count)),
    object_refs: observables.map((o) => o.id),
  });
  const sign = own('indicator', key, context, {
    name: `${indicator.type} ${indicator.value}`,
    description: `Named ${indicator.count} times in the logs of this incident, first on line ${indicator.lines[0] ?? 'unknown'}.`,
    indicator_types: [context.attackers.has(indicator.value) ? 'malicious-activity' : 'unknown'],
    pattern,
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: first,
  });
  const link = own('relationship', key, context, {
    relationship_type: 'based-on',
    source_ref: sign.id,
    target_ref: data.id,
  });
  return [...observables, data, sign, link];
}

function vulnerability(indicator: Indicator, context: Context): StixObject {
  const name = indicator.value.toUpperCase();
  return own('vulnerability', name, context, {
    name,
    external_references: [{ source_name: 'cve', external_id: name }],
  });
}

/** The observable objects of an indicator, in the order they refer to each other, and the pattern that finds it again. */
function observed(indicator: Indicator): { observables: StixObject[]; pattern: string } {
  const { value } = indicator;
  switch (indicator.type) {
    case 'ipv4':
      return single('ipv4-addr', { value });
    case 'ipv6':
      return single('ipv6-addr', { value });
    case 'domain':
      return single('domain-name', { value });
    case 'url':
      return single('url', { value });
    case 'email':
      return single('email-addr', { value });
    case 'md5':
      return file({ hashes: { MD5: value } }, `file:hashes.MD5 = ${literal(value)}`);
    case 'sha1':
      return file({ hashes: { 'SHA-1': value } }, `file:hashes.'SHA-1' = ${literal(value)}`);
    case 'sha256':
      return file({ hashes: { 'SHA-256': value } }, `file:hashes.'SHA-256' = ${literal(value)}`);
    case 'path':
      return path(value);
    case 'cve':
      return { observables: [], pattern: '' };
  }
}

function single(type: string, properties: { readonly value: string }): { observables: StixObject[]; pattern: string } {
  return { observables: [observable(type, properties)], pattern: `[${type}:value = ${literal(properties.value)}]` };
}

function file(properties: Readonly<Record<string, unknown>>, test: string) {
  return { observables: [observable('file', properties)], pattern: `[${test}]` };
}

function path(value: string): { observables: StixObject[]; pattern: string } {
  const slash = Math.max(value.lastIndexOf('/'), value.lastIndexOf('\\'));
  const name = value.slice(slash + 1);
  const parent = value.slice(0, slash) || value.slice(0, slash + 1);
  const directory = observable('directory', { path: parent || value });
  if (name === '') return { observables: [directory], pattern: `[directory:path = ${literal(parent)}]` };
  if (slash < 0) return file({ name }, `file:name = ${literal(name)}`);
  return {
    observables: [directory, observable('file', { name, parent_directory_ref: directory.id })],
    pattern: `[file:name = ${literal(name)} AND file:parent_directory_ref.path = ${literal(parent)}]`,
  };
}

// Every property that we write on an observable contributes to its id, so all of them go into the name (section 2.9).
function observable(type: string, properties: Readonly<Record<string, unknown>>): StixObject {
  const id = `${type}--${uuid5(OBSERVABLE_NAMESPACE, canonicalBytes(sanitise(properties)))}`;
  return { type, spec_version: '2.1', id, ...properties };
}

function own(
  type: string,
  key: string,
  context: StixOptions & { readonly identity?: string },
  properties: Readonly<Record<string, unknown>>,
): StixObject {
  return {
    type,
    spec_version: '2.1',
    id: `${type}--${uuid5(OWN_NAMESPACE, `${type} ${key}`)}`,
    ...(context.identity ? { created_by_ref: context.identity } : {}),
    created: context.createdAt,
    modified: context.createdAt,
    ...properties,
  };
}

/** A string constant of the pattern language (section 9.4): backslash and quote escaped. */
function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

// An indicator knows its lines, not its evidence: with several pieces of evidence a line number says nothing, and the span of
// all events is given instead.
function timesByLine(rows: ExportDocument['rows']): Map<number, readonly [string, string]> {
  const times = new Map<number, readonly [string, string]>();
  if (new Set(rows.filter((r) => r.lines.length > 0).map((r) => r.evidence ?? r.source)).size > 1) return times;
  for (const row of rows) {
    for (const line of row.lines) times.set(line, [row.occurredAt, row.count === 1 ? row.occurredAt : row.lastAt]);
  }
  return times;
}

function wholeSpan(rows: ExportDocument['rows'], createdAt: string): readonly [string, string] {
  const times = rows.flatMap((row) => [row.occurredAt, row.lastAt]).sort();
  return [times[0] ?? createdAt, times.at(-1) ?? createdAt];
}

function period(indicator: Indicator, context: Context): readonly [string, string] {
  const known = indicator.lines.flatMap((line) => context.seen.get(line) ?? []).sort();
  return known.length ? [known[0]!, known.at(-1)!] : context.fallback;
}
