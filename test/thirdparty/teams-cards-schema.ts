// Every card against the JSON Schema of Adaptive Cards 1.5 that Microsoft publishes (schemas/1.5.0/adaptive-card.json of
// microsoft/AdaptiveCards). It is no part of this repository: CARDS_SCHEMA names the file. The cards are the golden files,
// which other tests hold to what the renderer writes, and those of the folder that CARDS_PAYLOADS names (`npm run payloads`).
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Node, nodesOf } from '../teams/cards.ts';

const named = process.env['CARDS_SCHEMA'];
if (!named)
  console.error(
    'CARDS_SCHEMA names no file: put schemas/1.5.0/adaptive-card.json of github.com/microsoft/AdaptiveCards there. The proofs of cards are skipped.',
  );

const golden = join(import.meta.dirname, '..', 'golden');
const sent = process.env['CARDS_PAYLOADS'];
const SOURCES = [
  { folder: join(golden, 'teams'), ends: '.json' },
  { folder: join(golden, 'views'), ends: '.teams.json' },
  ...(sent ? [{ folder: join(sent, 'teams'), ends: '.json' }] : []),
];

/** The cards of a file, each without `msteams`, which is a host's own property. */
function cardsIn(file: string): readonly Node[] {
  const nodes = nodesOf(JSON.parse(readFileSync(file, 'utf8')));
  return nodes.filter((n) => n['type'] === 'AdaptiveCard').map(({ msteams: _host, ...card }) => card);
}

const cards = SOURCES.flatMap(({ folder, ends }) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ends))
    .flatMap((name) => cardsIn(join(folder, name)).map((card) => [name, card] as const)),
);

const PICKER = { type: 'Data.Query', dataset: 'graph.microsoft.com/users?scope=currentContext' };
/** Teams' people picker: Microsoft documents it for Teams, the schema of 1.5 does not know it. Nothing else is let off. */
function withoutPicker(card: Node): Node {
  const copy = structuredClone(card) as Record<string, unknown>;
  for (const node of nodesOf(copy) as Record<string, unknown>[])
    if (JSON.stringify(node['choices.data']) === JSON.stringify(PICKER)) delete node['choices.data'];
  return copy;
}

describe.skipIf(!named)('the cards before the published schema of Adaptive Cards 1.5', () => {
  let check: ValidateFunction;
  beforeAll(() => {
    // Draft 4's `id` in a schema of draft 6.
    const { id: _id, ...schema } = JSON.parse(readFileSync(named as string, 'utf8')) as AnySchemaObject;
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    ajv.addMetaSchema(createRequire(import.meta.url)('ajv/dist/refs/json-schema-draft-06.json'));
    check = ajv.compile(schema);
  });
  const refused = (judged: typeof cards) => judged.filter(([, card]) => !check(card)).map(([name]) => name);

  it('pass, all of them', () => {
    expect(cards.length).toBeGreaterThan(30);
    console.error(`${cards.length} cards judged`);
    expect(refused(cards.map(([name, card]) => [name, withoutPicker(card)]))).toEqual([]);
  });

  it('are refused as they stand over nothing but the people picker of Teams', () => {
    const picking = cards.filter(([, card]) => nodesOf(card).some((n) => 'choices.data' in n));
    expect(refused(cards)).toEqual(picking.map(([name]) => name));
  });

  it('are refused when any element of theirs has a property nobody knows', () => {
    for (const [name, card] of cards.slice(0, 20)) {
      // A fallback may be anything by this schema, and `data` is ours.
      const strict = JSON.parse(
        JSON.stringify(withoutPicker(card), (key, value) => (key === 'fallback' || key === 'data' ? undefined : value)),
      ) as Node;
      const count = nodesOf(strict).filter((n) => 'type' in n).length;
      for (let i = 0; i < count; i += 1) {
        const broken = structuredClone(strict);
        (nodesOf(broken).filter((n) => 'type' in n)[i] as Record<string, unknown>)['colour'] = 'red';
        expect(check(broken), `${name} ${i}`).toBe(false);
      }
    }
  });
});
