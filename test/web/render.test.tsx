import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormBox } from '../../adapters/web/render/form.tsx';
import { fileSize, Message, Pinned } from '../../adapters/web/render/message.tsx';
import { SignInPage } from '../../adapters/web/render/sign-in.tsx';
import { Card } from '../../adapters/web/render/view.tsx';
import type { Viewer } from '../../adapters/web/render/viewer.ts';
import { visibleRuns, visibleText } from '../../adapters/web/render/visible.tsx';
import type { WorkspaceMessage } from '../../src/chat/workspace.ts';
import type { Button, Element, Field, Inline } from '../../src/view/types.ts';

const mira = { id: 'mira', label: 'Mira Sample', passcodeHash: '' };
const viewer: Viewer = {
  person: mira,
  people: new Map([
    ['mira', mira],
    ['tomas', { id: 'tomas', label: 'Tomas <b>Sample</b>', passcodeHash: '' }],
  ]),
  picture: (digest, type) => `/picture/signed/${digest}.${type}`,
  commandName: '/ir',
  canSee: (channel) => channel === 'inc-1-shop',
};

/** Markup, attribute ends, mentions, a link, bidi, zero width, NUL, an escape sequence, a tag character, a lone surrogate. */
const HOSTILE =
  '</pre></textarea><script>alert(1)</script> "\'> onerror=x <!channel> <@tomas> https://evil.example \u202Egpj \u200B \u0000 \u001b[31m \u{e0041} \ud800';

const plain = (text: string): Inline => ({ kind: 'plain', text });
const hostile: Inline = { kind: 'untrusted', text: HOSTILE };
const press = (label: string, more: Partial<Button> = {}): Button => ({
  label,
  intent: { verb: 'x', args: {} },
  style: 'normal',
  ...more,
});

/** Every element once; a new one does not compile until it stands here. */
const ELEMENTS: { readonly [Kind in Element['kind']]: Extract<Element, { kind: Kind }> } = {
  heading: { kind: 'heading', text: HOSTILE },
  text: {
    kind: 'text',
    prose: [
      plain('Plain, '),
      { kind: 'strong', text: 'strong' },
      { kind: 'code', text: 'rm -rf /' },
      hostile,
      { kind: 'time', at: '2026-11-20T23:12:26.500Z', as: 'datetime' },
      { kind: 'time', at: '2026-11-20T23:12:26.500Z', as: 'time' },
      { kind: 'time', at: '2026-11-20T23:12:26.500Z', as: 'date' },
      { kind: 'time', at: HOSTILE, as: 'date' },
      { kind: 'person', person: { platform: 'web', tenant: 'local', id: HOSTILE, label: HOSTILE } },
    ],
  },
  fields: {
    kind: 'fields',
    fields: [
      { label: 'Severity', value: [plain('SEV2')] },
      { label: HOSTILE, value: [hostile] },
    ],
  },
  list: { kind: 'list', isOrdered: true, items: Array.from({ length: 42 }, (_, n) => [plain(`item ${n + 1}`)]) },
  table: {
    kind: 'table',
    columns: ['Time', HOSTILE],
    caption: HOSTILE,
    rows: Array.from({ length: 42 }, (_, n) => [[plain(`row ${n + 1}`)], [hostile]])
      .slice(0, 42)
      .map((row, n) => (n === 0 ? row : [row[0]!, []])),
  },
  code: { kind: 'code', text: `first\n${HOSTILE}` },
  quote: { kind: 'quote', text: `\n${HOSTILE}\n`, source: HOSTILE },
  image: { kind: 'image', svg: 'a'.repeat(64), png: 'b'.repeat(64), altText: HOSTILE },
  notice: { kind: 'notice', tone: 'danger', prose: [hostile] },
  context: { kind: 'context', prose: [hostile] },
  actions: {
    kind: 'actions',
    buttons: [
      press('Approve', { style: 'primary', confirm: { title: HOSTILE, text: HOSTILE, button: 'Approve' } }),
      press(HOSTILE, { style: 'danger' }),
      press('No token, so it cannot be pressed'),
    ],
  },
  divider: { kind: 'divider' },
};

const FIELDS: { readonly [Kind in Field['kind']]: Extract<Field, { kind: Kind }> } = {
  line: { kind: 'line', name: 'title', label: HOSTILE, hint: HOSTILE, isRequired: true, value: HOSTILE, maxLength: 80 },
  paragraph: { kind: 'paragraph', name: 'summary', label: 'Summary', isRequired: false, value: `\n${HOSTILE}` },
  choice: {
    kind: 'choice',
    name: 'severity',
    label: 'Severity',
    isRequired: true,
    value: 'b',
    choices: [
      { value: 'a', label: 'A' },
      { value: 'b', label: HOSTILE },
    ],
  },
  choices: {
    kind: 'choices',
    name: 'hosts',
    label: 'Hosts',
    isRequired: false,
    values: [HOSTILE],
    choices: [
      { value: HOSTILE, label: HOSTILE },
      { value: 'web-02', label: 'web-02' },
    ],
  },
  person: { kind: 'person', name: 'who', label: 'Who', isRequired: false, value: 'tomas' },
  file: { kind: 'file', name: 'log', label: 'Log', isRequired: true },
};

const message: WorkspaceMessage = {
  seq: 7,
  id: 'abc',
  channel: 'inc-1',
  thread: null,
  author: 'tomas',
  onlyFor: null,
  text: `${HOSTILE} and <@mira>`,
  view: null,
  files: [{ id: 'abc-1', name: `../${HOSTILE}`, mediaType: 'text/html', altText: HOSTILE, sizeBytes: 1_204_000 }],
  reactions: [
    { emoji: 'pushpin', people: ['mira', 'tomas'] },
    { emoji: HOSTILE, people: [HOSTILE] },
  ],
  replies: 2,
  isPinned: false,
  isDeleted: false,
  sentAt: '2026-11-20T23:12:26.500Z',
  editedAt: null,
};

/** One tag a line, so that a difference is one line. */
const lines = (html: unknown): string => `${String(html).replaceAll('><', '>\n<')}\n`;
/** As a file can keep it: what has no place in a text file is written out. */
const written = (html: string): string =>
  html.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (c) => (c === '\n' ? c : `{U+${c.codePointAt(0)?.toString(16)}}`));
const golden = (name: string): string => join(import.meta.dirname, '..', 'golden', 'web', `${name}.html`);
const card = (element: Element) => (
  <Card
    deliverable={{ view: { summary: HOSTILE, tone: 'warning', elements: [element] }, tokens: ['token-0', 'token-1'] }}
    viewer={viewer}
  />
);

/**
 * Nothing hostile became markup: no tag, attribute or link that we did not write, no invisible character. What a form gives
 * back must stay exact, so the values of fields are left out.
 */
function expectHarmless(html: string): void {
  const shown = html.replaceAll(/ value="[^"]*"/g, '').replaceAll(/(<textarea[^>]*>)[^<]*/g, '$1');
  expect(shown).not.toMatch(/<script|<img src=x|<\/?b>|href="https?:|<!channel/);
  expect(shown).not.toMatch(/[\p{Cf}\p{Cs}\u0000\u001b]/u);
  for (const [tag] of html.replaceAll(/"[^"]*"/g, '""').matchAll(/<[a-z][^>]*>/g))
    expect(tag).not.toMatch(/\son[a-z]+=|\sstyle=/);
}

describe('every element', () => {
  it.each(Object.entries(ELEMENTS))('%s looks as it did, and hostile text in it is text', async (kind, element) => {
    const html = lines(card(element));
    expectHarmless(html);
    await expect(written(html)).toMatchFileSnapshot(golden(`element-${kind}`));
  });

  it.each(Object.entries(FIELDS))(
    'form field %s looks as it did, and hostile text in it is text',
    async (kind, field) => {
      const form = { title: HOSTILE, intro: [], fields: [field], submitLabel: 'Send', intent: { verb: 'x', args: {} } };
      const html = lines(<FormBox deliverable={{ form, token: 'form-token' }} viewer={viewer} />);
      expectHarmless(html);
      await expect(written(html)).toMatchFileSnapshot(golden(`field-${kind}`));
    },
  );

  it('a field is called optional only when nothing further on needs it', () => {
    const shown = (more: { readonly isRequired: boolean; readonly isNeeded?: boolean }): string => {
      const fields = [{ kind: 'line' as const, name: 'who', label: 'Who is it?', ...more }];
      const form = { title: 'Step', intro: [], fields, submitLabel: 'Save', intent: { verb: 'x', args: {} } };
      return String(<FormBox deliverable={{ form, token: 'form-token' }} viewer={viewer} />);
    };
    expect(shown({ isRequired: false })).toContain('(optional)');
    expect(shown({ isRequired: false, isNeeded: true })).not.toContain('(optional)');
    expect(shown({ isRequired: true })).not.toContain('(optional)');
  });

  it.each([
    ['message', { ...message }],
    ['message-private', { ...message, author: null, onlyFor: 'mira', text: '/ir nonsense <b>' }],
    ['message-deleted', { ...message, isDeleted: true, text: '', files: [], reactions: [] }],
  ])('%s looks as it did', async (name, shown) => {
    const html = lines(<Message message={shown} viewer={viewer} place="m" />);
    expectHarmless(html);
    await expect(written(html)).toMatchFileSnapshot(golden(name));
  });

  it('a pinned card stands whole among the pinned and as one line in the channel', () => {
    const pinned = {
      ...message,
      author: null,
      isPinned: true,
      text: '',
      files: [],
      reactions: [],
      view: { view: { summary: 'INC-1, SEV2', tone: null, elements: [ELEMENTS.fields] }, tokens: [] },
    };
    expect(String(<Pinned message={pinned} viewer={viewer} />)).toContain('SEV2</dd>');
    const stub = String(<Message message={pinned} viewer={viewer} place="m" />);
    expect(stub).toContain('INC-1, SEV2');
    expect(stub).not.toContain('<dl');
  });
});

describe('what does not fit', () => {
  it('is folded away, counted and still on the page', () => {
    const table = String(card(ELEMENTS.table));
    expect(table).toContain('2 more rows');
    expect(table).toContain('row 42');
    expect(String(card(ELEMENTS.list))).toContain('<ol start="41">');
  });
});

describe('channels', () => {
  it('are links when the reader can open them, and their label otherwise; a name in a sentence is no link', () => {
    const to = (platform: string, id: string) =>
      ({ kind: 'channel', channel: { platform, tenant: 't', id, label: `there ${id}` } }) as const;
    const html = String(
      card({
        kind: 'text',
        prose: [plain('see #inc-1-shop'), to('web', 'inc-1-shop'), to('web', 'inc-2-secret'), to('slack', 'C0INC')],
      }),
    );
    expect(html.match(/<a href="[^"]*">/g)).toEqual(['<a href="/c/inc-1-shop">']);
    expect(html).toContain('there inc-2-secret');
    expect(html).toContain('there C0INC');
  });
});

describe('buttons', () => {
  it('carry the tokens of the whole view in reading order, and one without a token cannot be pressed', () => {
    const actions = (...labels: string[]): Element => ({
      kind: 'actions',
      buttons: labels.map((label) => press(label)),
    });
    const elements = [actions('a', 'b'), ELEMENTS.divider, actions('c'), actions('d')];
    const html = String(
      <Card
        deliverable={{ view: { summary: '', tone: null, elements }, tokens: ['t0', 't1', 't2'] }}
        viewer={viewer}
      />,
    );
    expect(
      [...html.matchAll(/<button[^>]*>/g)].map(
        ([tag]) => /data-press="([^"]*)"/.exec(tag)?.[1] ?? (/ disabled/.test(tag) ? 'disabled' : '?'),
      ),
    ).toEqual(['t0', 't1', 't2', 'disabled']);
  });

  it('never show what they ask for', () => {
    const html = String(
      <Card
        deliverable={{
          view: {
            summary: '',
            tone: null,
            elements: [
              {
                kind: 'actions',
                buttons: [press('a', { intent: { verb: 'contain approve', args: { action: 'CA-1' } } })],
              },
            ],
          },
          tokens: ['t0'],
        }}
        viewer={viewer}
      />,
    );
    expect(html).not.toMatch(/contain approve|CA-1/);
  });
});

describe('visible text', () => {
  it.each([
    ['a right-to-left override', 'a\u202Eb', 'a[U+202E]b'],
    ['a zero-width space', 'a\u200Bb', 'a[U+200B]b'],
    ['a NUL and an escape', '\u0000\u001b', '[U+0000][U+001B]'],
    ['a tag character', '\u{e0041}', '[U+E0041]'],
    ['a lone surrogate', '\ud800', '[U+D800]'],
    ['a carriage return that overwrites', 'ok\rbad', 'ok[U+000D]bad'],
    ['a Windows line end', 'a\r\nb', 'a\r\nb'],
    ['line breaks and tabs', 'a\n\tb', 'a\n\tb'],
    ['an emoji family', '👩‍👩‍👧', '👩‍👩‍👧'],
    ['a joiner that joins nothing', 'a\u200Db', 'a[U+200D]b'],
    ['a Hangul filler', '\u3164', '[U+3164]'],
  ])('shows %s', (_name, text, shown) => expect(visibleText(text)).toBe(shown));

  it('loses and adds nothing but the marks, for every text', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const back = visibleRuns(text)
          .map((run) => (run.kind === 'text' ? run.text : String.fromCodePoint(Number.parseInt(run.code.slice(2), 16))))
          .join('');
        expect(back).toBe(text);
      }),
    ));

  it('takes a megabyte of hidden characters in linear time', () => {
    expect(visibleRuns('\u200B'.repeat(1_000_000))).toHaveLength(1_000_000);
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [12_345, '12 kB'],
    [10_000_000, '10.0 MB'],
  ])('%i is %s', (bytes, shown) => expect(fileSize(bytes)).toBe(shown));
});

it('says why nobody can be chosen at the door, and what to do, instead of an empty list', () => {
  const door = (people: readonly (typeof mira)[]): string =>
    String(
      SignInPage({ workspaceName: 'X', people, hint: '', token: 't', problem: null, chosen: '', theme: 'system' }),
    );
  expect(door([])).toContain('Nobody can sign in');
  expect(door([])).toContain('a passcode of at least 8 characters');
  expect(door([mira])).not.toContain('Nobody can sign in');
});
