import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../adapters/teams/parse/markup.ts';
import { readPress } from '../../adapters/teams/parse/press.ts';
import { cardsOf } from '../../adapters/teams/render/card.ts';
import { formCard } from '../../adapters/teams/render/form.ts';
import { SAMPLE_PACKAGE, teamsManifest } from '../../src/commands/teams-manifest.ts';
import { VERBS } from '../../src/commands/types.ts';
import type { Button, Element, Field } from '../../src/view/types.ts';
import { buttonsOf, nodesOf, wordsOf } from './cards.ts';
import { cardFaults } from './check-card.ts';

/** Markdown, a link, markup, a mention, card functions, bidi, zero width, NUL, an escape, a tag character, a lone surrogate. */
const HOSTILE =
  '[click](https://evil.example) **bold** <at>Mira</at> {{DATE(2026-01-01T00:00:00Z)}} \u202Egpj \u200B \u0000 \u001b[31m \u{e0041} \ud800 - # > `';

const press = (label: string, more: Partial<Button> = {}): Button => ({
  label,
  intent: { verb: 'x', args: {} },
  style: 'normal',
  ...more,
});
const hostile = { kind: 'untrusted', text: HOSTILE } as const;
const plain = (text: string) => ({ kind: 'plain', text }) as const;

/** Every element once; a new one does not compile until it stands here. */
const ELEMENTS: { readonly [Kind in Element['kind']]: Extract<Element, { kind: Kind }> } = {
  heading: { kind: 'heading', text: HOSTILE },
  text: {
    kind: 'text',
    prose: [
      plain(HOSTILE),
      { kind: 'strong', text: HOSTILE },
      { kind: 'code', text: HOSTILE },
      hostile,
      { kind: 'time', at: '2026-11-20T23:12:26.500Z', as: 'datetime' },
      { kind: 'time', at: HOSTILE, as: 'time' },
      { kind: 'person', person: { platform: 'teams', tenant: 't', id: HOSTILE, label: HOSTILE } },
    ],
  },
  fields: {
    kind: 'fields',
    fields: [
      { label: HOSTILE, value: [hostile] },
      { label: 'Opened', value: [{ kind: 'time', at: '2026-11-20T23:12:26.500Z', as: 'datetime' }] },
    ],
  },
  list: { kind: 'list', isOrdered: true, items: [[hostile], [plain('')], []] },
  table: { kind: 'table', caption: HOSTILE, columns: ['a', HOSTILE], rows: [[[hostile], []]] },
  code: { kind: 'code', text: `${HOSTILE}\n\n  indented\n` },
  quote: { kind: 'quote', text: HOSTILE, source: HOSTILE },
  image: { kind: 'image', svg: 'a', png: 'b', altText: HOSTILE },
  notice: { kind: 'notice', tone: 'danger', prose: [hostile] },
  context: { kind: 'context', prose: [hostile] },
  actions: {
    kind: 'actions',
    buttons: [
      press(HOSTILE, { style: 'primary' }),
      press('Deny', { style: 'danger', confirm: { title: HOSTILE, text: HOSTILE, button: HOSTILE } }),
      press('c'),
      press('d'),
      press('e'),
    ],
  },
  divider: { kind: 'divider' },
};
const TOKENS = ['t0', 't1', 't2', 't3', 't4'];
const shown = (elements: readonly Element[]) => ({ view: { summary: HOSTILE, tone: null, elements }, tokens: TOKENS });

const FIELDS: readonly Field[] = [
  { kind: 'line', name: 'line', label: HOSTILE, hint: HOSTILE, isRequired: true, value: HOSTILE, maxLength: 9 },
  { kind: 'paragraph', name: 'para.graph', label: 'p', isRequired: false },
  {
    kind: 'choice',
    name: 'one',
    label: 'o',
    isRequired: true,
    choices: [{ value: 'a,b%', label: HOSTILE }],
    value: 'a,b%',
  },
  {
    kind: 'choices',
    name: 'many',
    label: 'm',
    isRequired: false,
    hint: 'h',
    choices: [
      { value: 'x,y', label: 'x' },
      { value: 'z', label: 'z' },
    ],
    values: ['x,y', 'z'],
  },
  { kind: 'person', name: 'who', label: 'w', isRequired: false },
  { kind: 'file', name: 'file', label: 'f', isRequired: false },
];

describe('what is sent to Teams', () => {
  it.each(Object.keys(ELEMENTS) as Element['kind'][])('is a good card for %s with hostile text', (kind) => {
    const [card] = cardsOf(shown([ELEMENTS[kind]]), {
      hasBack: true,
      banner: HOSTILE,
      refreshFor: Array(90).fill('29:x'),
    });
    expect(cardFaults(card)).toEqual([]);
  });

  it.each(Object.keys(ELEMENTS) as Element['kind'][])('looks as agreed for %s', async (kind) => {
    const cards = cardsOf(shown([ELEMENTS[kind]]));
    await expect(`${JSON.stringify(cards, null, 1)}\n`).toMatchFileSnapshot(`../golden/teams/element-${kind}.json`);
  });

  it('gives text from outside to literal runs alone, with what is hidden in it made visible', () => {
    const [card] = cardsOf(shown(Object.values(ELEMENTS)));
    const blocks = nodesOf(card).filter((n) => n['type'] === 'TextBlock');
    expect(blocks.map((b) => b['text'])).toEqual([
      '**Opened:** {{DATE(2026-11-20T23:12:26Z,SHORT)}} {{TIME(2026-11-20T23:12:26Z)}} (2026-11-20 23:12:26Z)',
    ]);
    expect(wordsOf(card)).toContain('[RLO]gpj');
    expect(wordsOf(card)).not.toContain('\u202E');
  });

  it('carries no intent and no name of a command in a button, only its token', () => {
    const [card] = cardsOf(shown([ELEMENTS.actions]));
    expect(buttonsOf(card).map((b) => b.data)).toEqual(TOKENS.map((token) => ({ countersign: 'press', token })));
  });

  it('is a good card for a form with every kind of field, and reads its values back', () => {
    const form = {
      token: 'f',
      form: {
        title: HOSTILE,
        submitLabel: 'Send',
        intent: { verb: 'x', args: {} },
        intro: [ELEMENTS.text],
        fields: FIELDS,
      },
    };
    const card = formCard(form, { errors: { line: HOSTILE, other: HOSTILE }, hasBack: true });
    expect(cardFaults(card)).toEqual([]);
    const inputs = Object.fromEntries(
      nodesOf(card)
        .filter((n) => String(n['type']).startsWith('Input.'))
        .map((n) => [String(n['id']), n['value'] ?? '']),
    );
    expect(readPress({ countersign: 'submit', token: 'f', ...inputs })?.values).toMatchObject({
      one: 'a,b%',
      many: ['x,y', 'z'],
      'para.graph': '',
    });
  });

  it('never weighs too much, whatever the view', () => {
    const words = fc.string({ maxLength: 3_000, unit: 'grapheme' });
    const element: fc.Arbitrary<Element> = fc.oneof(
      words.map((text): Element => ({ kind: 'quote', text, source: 'log' })),
      words.map((text): Element => ({ kind: 'text', prose: [{ kind: 'untrusted', text }] })),
      fc.array(words, { maxLength: 20 }).map(
        (items): Element => ({
          kind: 'list',
          isOrdered: false,
          items: items.map((t) => [{ kind: 'plain', text: t }]),
        }),
      ),
    );
    fc.assert(
      fc.property(fc.array(element, { maxLength: 12 }), (elements) => {
        for (const card of cardsOf(shown(elements)))
          expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(28_000);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what Teams made of a text', () => {
  const rows: readonly (readonly [string, boolean, string, string])[] = [
    ['line breaks', true, '<p>a</p>\n<p>b<br>c</p>', 'a\nb\nc\n'],
    ['preformatted lines', true, '<pre><code>x\n  y\n</code></pre>', 'x\n  y\n'],
    ['entities once and not twice', true, '&amp;lt;b&amp;gt; &lt;i&gt; &#39;&#x41;', "&lt;b&gt; <i> 'A"],
    ['what only looks like an entity', false, 'a&b; &nosuch; & &&&', 'a&b; &nosuch; & &&&'],
    ['a bare less-than', false, '1 < 2 and 3 <4', '1 < 2 and 3 <4'],
    ['runs of spaces', true, 'a&nbsp; b', 'a  b'],
    ['mentions', false, '<at>Bot</at> hi <at id="1">Mira</at>', '(0:Bot) hi (1:Mira)'],
    ['a mention that never ends', false, '<at>Bot</at> x <at>Mir', '(0:Bot) x Mir'],
  ];
  it.each(rows)('is undone: %s', (_, isHtml, markup, text) => {
    const out = plainText(markup, isHtml, (i, name) => `(${i}:${name})`);
    expect(isHtml ? out.trimEnd() : out).toBe(isHtml ? text.trimEnd() : text);
  });

  // What grew with the square of its length would not come back within a test's time.
  it.each(['<', '&', '<at>', '<p '])('is undone for a million of %s', (nasty) => {
    expect(plainText(nasty.repeat(1_000_000), true, () => '').length).toBeLessThanOrEqual(nasty.length * 1_000_000);
  });
});

describe('the Teams manifest', () => {
  const require = createRequire(import.meta.url);
  const schema = JSON.parse(
    readFileSync(
      'node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.30/MicrosoftTeams.schema.json',
      'utf8',
    ),
  );
  const Ajv = (
    require('ajv-draft-04') as {
      default: new (o: object) => { compile(s: object): ((d: unknown) => boolean) & { errors?: unknown } };
    }
  ).default;
  const addFormats = (require('ajv-formats') as { default: (a: unknown) => void }).default;

  it.each([false, true])('is what schema 1.30 asks for (capture: %s)', (captures) => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const validate = ajv.compile(schema);
    expect(validate(JSON.parse(teamsManifest({ ...SAMPLE_PACKAGE, captures }))) || validate.errors).toBe(true);
  });

  it('lists the verbs of the registry but the review, within the older and smaller limits too', () => {
    const { bots } = JSON.parse(teamsManifest(SAMPLE_PACKAGE));
    for (const list of bots[0].commandLists) {
      expect(list.commands.map((c: { title: string }) => c.title)).toEqual(VERBS.filter((v) => v !== 'review'));
      for (const c of list.commands) expect([c.title.length <= 32, c.description.length <= 128]).toEqual([true, true]);
    }
    expect(bots[0].commandLists[0].commands.length).toBeLessThanOrEqual(10);
  });

  it('asks for no consent unless capture is wanted', () => {
    expect(teamsManifest(SAMPLE_PACKAGE)).not.toContain('resourceSpecific');
    expect(teamsManifest({ ...SAMPLE_PACKAGE, captures: true })).toContain('ChannelMessage.Read.Group');
  });
});
