import { describe, expect, it } from 'vitest';
import { documentOf } from '../../../src/timeline/export/row.ts';
import { stixBundle } from '../../../src/timeline/export/stix.ts';
import { uuid5 } from '../../../src/timeline/export/uuid5.ts';
import type { Indicator } from '../../../src/timeline/types.ts';
import { event, timeline } from './samples.ts';

const indicator = (type: Indicator['type'], value: string, over: Partial<Indicator> = {}): Indicator => ({
  type,
  value,
  count: 3,
  lines: [7],
  isOurs: false,
  ...over,
});

const all = documentOf(
  timeline({
    indicators: [
      indicator('ipv4', '203.0.113.66'),
      indicator('ipv6', '2001:db8::bad'),
      indicator('domain', 'evil.example'),
      indicator('url', "http://evil.example/it's\\here"),
      indicator('email', 'eve@evil.example'),
      indicator('md5', 'd41d8cd98f00b204e9800998ecf8427e'),
      indicator('sha1', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
      indicator('sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
      indicator('path', '/var/www/uploads/thumb.php'),
      indicator('path', 'C:\\Windows\\Temp\\a.exe', { lines: [], count: 5_000_000_000 }),
      indicator('cve', 'cve-2021-44228'),
      indicator('ipv4', '198.51.100.10', { isOurs: true }),
    ],
    events: [event({ lines: [7, 9], count: 40, lastAt: '2026-11-19T23:00:00.000Z' })],
  }),
);
const options = { createdAt: '2026-11-20T01:00:00.000Z', organisation: 'Example Ltd', incident: 'INC-7' };
const bundle = stixBundle(all, options);

/** Required properties by type (STIX 2.1 sections 3, 4, 5, 6). */
const REQUIRED: Record<string, string[]> = {
  identity: ['name'],
  indicator: ['pattern', 'pattern_type', 'valid_from'],
  'observed-data': ['first_observed', 'last_observed', 'number_observed', 'object_refs'],
  relationship: ['relationship_type', 'source_ref', 'target_ref'],
  vulnerability: ['name'],
  'ipv4-addr': ['value'],
  'ipv6-addr': ['value'],
  'domain-name': ['value'],
  'email-addr': ['value'],
  url: ['value'],
  directory: ['path'],
  file: [],
};
const OBSERVABLES = ['ipv4-addr', 'ipv6-addr', 'domain-name', 'email-addr', 'url', 'directory', 'file'];
const ID = /^([a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('the STIX 2.1 bundle', () => {
  it('is a bundle without a spec_version of its own, each id once', () => {
    expect(Object.keys(bundle)).toEqual(['type', 'id', 'objects']);
    expect(bundle.id).toMatch(ID);
    const ids = bundle.objects.map((o) => o.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(bundle.objects.map((o) => [o.type, o] as const))('has a valid %s', (type, object) => {
    expect(object['spec_version']).toBe('2.1');
    expect(ID.exec(object.id)?.[1]).toBe(type);
    for (const property of REQUIRED[type]!) expect(object).toHaveProperty(property);
    if (OBSERVABLES.includes(type)) {
      // Section 3.2: observables have no created, modified or created_by_ref.
      for (const property of ['created', 'modified', 'created_by_ref']) expect(object).not.toHaveProperty(property);
    } else {
      expect(object['created']).toMatch(TIMESTAMP);
      expect(object['modified']).toMatch(TIMESTAMP);
    }
    if (type === 'file') expect('name' in object || 'hashes' in object).toBe(true);
    for (const [name, value] of Object.entries(object)) {
      expect(name).toMatch(/^[a-z0-9_]{3,250}$|^id$/);
      if (name.endsWith('_ref')) expect(bundle.objects.map((o) => o.id)).toContain(value);
      if (name.endsWith('_refs'))
        for (const ref of value as string[]) expect(bundle.objects.map((o) => o.id)).toContain(ref);
      expect(value === '' || (Array.isArray(value) && value.length === 0)).toBe(false);
    }
  });

  it('observes within the bounds of section 4.14', () => {
    for (const data of bundle.objects.filter((o) => o.type === 'observed-data')) {
      expect(String(data['last_observed']) >= String(data['first_observed'])).toBe(true);
      expect(data['number_observed']).toBeGreaterThanOrEqual(1);
      expect(data['number_observed']).toBeLessThanOrEqual(999_999_999);
    }
  });

  it('writes patterns that find the indicator again, quotes and backslashes escaped', () => {
    const patterns = bundle.objects.filter((o) => o.type === 'indicator').map((o) => o['pattern']);
    expect(patterns).toEqual([
      "[ipv4-addr:value = '203.0.113.66']",
      "[ipv6-addr:value = '2001:db8::bad']",
      "[domain-name:value = 'evil.example']",
      "[url:value = 'http://evil.example/it\\'s\\\\here']",
      "[email-addr:value = 'eve@evil.example']",
      "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
      "[file:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709']",
      "[file:hashes.'SHA-256' = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']",
      "[file:name = 'thumb.php' AND file:parent_directory_ref.path = '/var/www/uploads']",
      "[file:name = 'a.exe' AND file:parent_directory_ref.path = 'C:\\\\Windows\\\\Temp']",
    ]);
  });

  it('calls malicious only what behaves like an attacker, and leaves our own out', () => {
    const kinds = bundle.objects
      .filter((o) => o.type === 'indicator')
      .map((o) => (o['indicator_types'] as string[])[0]);
    expect(kinds).toEqual(['malicious-activity', ...Array(9).fill('unknown')]);
    expect(JSON.stringify(bundle)).not.toContain('198.51.100.10');
  });

  it('gives an observable the id that every other producer gives it', () => {
    // The DNS example of RFC 9562, appendix A.4.
    expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
    // From the standard, section 6.4: a domain name's id.
    const domain = stixBundle(documentOf(timeline({ indicators: [indicator('domain', 'example.com')] })), options);
    expect(domain.objects.find((o) => o.type === 'domain-name')!.id).toBe(
      'domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7',
    );
  });

  it('dates an indicator by its lines, and by the whole span where lines are of several sources', () => {
    const observed = (b: typeof bundle) => b.objects.find((o) => o.type === 'observed-data');
    expect(observed(bundle)).toMatchObject({
      first_observed: '2026-11-19T22:47:31.000Z',
      last_observed: '2026-11-19T23:00:00.000Z',
    });
    const two = {
      ...all,
      rows: [
        { ...all.rows[0]!, source: 'a' },
        { ...all.rows[0]!, source: 'b', occurredAt: '2026-11-18T00:00:00.000Z' },
      ],
    };
    expect(observed(stixBundle(two, options))).toMatchObject({ first_observed: '2026-11-18T00:00:00.000Z' });
  });

  it('is the same on every run, and another for another incident', () => {
    expect(stixBundle(all, options)).toEqual(bundle);
    expect(stixBundle(all, { ...options, incident: 'INC-8' }).id).not.toBe(bundle.id);
  });
});
