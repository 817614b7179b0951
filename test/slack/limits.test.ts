// Each row of the table of limits: at the limit it passes, one over fails. And what we render never comes near.
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../adapters/slack/limits.ts';
import { arrange } from '../../adapters/slack/render/fit.ts';
import { formModal, readValues } from '../../adapters/slack/render/form.ts';
import { plain } from '../../adapters/slack/render/plain.ts';
import { MESSAGE_ROOM, piecesOf } from '../../adapters/slack/render/view.ts';
import {
  actions,
  button,
  codeBlock,
  list,
  notice,
  person,
  table,
  text,
  time,
  untrusted,
  view,
} from '../../src/view/build.ts';
import type { Field } from '../../src/view/types.ts';
import { checkSlack } from '../doubles/check-slack.ts';

const p = (n: number) => ({ type: 'plain_text', text: 'x'.repeat(n) });
const message = (...blocks: readonly object[]) => ({ text: 'x', blocks });
const press = (more: object) =>
  message({ type: 'actions', elements: [{ type: 'button', action_id: 'a', value: 'v', text: p(1), ...more }] });
const confirm = (more: object) => press({ confirm: { title: p(1), text: p(1), confirm: p(1), deny: p(1), ...more } });
const modal = (more: object, ...blocks: readonly object[]) => ({
  type: 'modal',
  title: p(1),
  submit: p(1),
  blocks,
  ...more,
});
const input = (element: object, more: object = {}) =>
  modal({}, { type: 'input', block_id: 'f', label: p(1), element, ...more });
const options = (n: number, textLength = 1, valueLength = 6) =>
  Array.from({ length: n }, (_, i) => ({ text: p(textLength), value: String(i).padStart(valueLength, '0') }));

const rows: readonly (readonly [keyof typeof LIMITS, 'message' | 'modal' | 'home', (n: number) => unknown])[] = [
  ['blocksInMessage', 'message', (n) => message(...Array.from({ length: n }, () => ({ type: 'divider' })))],
  ['blocksInView', 'home', (n) => ({ type: 'home', blocks: Array.from({ length: n }, () => ({ type: 'divider' })) })],
  ['sectionText', 'message', (n) => message({ type: 'section', text: p(n) })],
  ['header', 'message', (n) => message({ type: 'header', text: p(n) })],
  ['contextElements', 'message', (n) => message({ type: 'context', elements: Array.from({ length: n }, () => p(1)) })],
  [
    'actionsElements',
    'message',
    (n) =>
      message({
        type: 'actions',
        elements: Array.from({ length: n }, (_, i) => ({ type: 'button', action_id: `a${i}`, value: 'v', text: p(1) })),
      }),
  ],
  ['buttonText', 'message', (n) => press({ text: p(n) })],
  ['buttonValue', 'message', (n) => press({ value: 'v'.repeat(n) })],
  ['confirmTitle', 'message', (n) => confirm({ title: p(n) })],
  ['confirmText', 'message', (n) => confirm({ text: p(n) })],
  ['confirmButton', 'message', (n) => confirm({ confirm: p(n) })],
  ['modalTitle', 'modal', (n) => modal({ title: p(n) })],
  ['modalButton', 'modal', (n) => modal({ submit: p(n) })],
  ['privateMetadata', 'modal', (n) => modal({ private_metadata: 'x'.repeat(n) })],
  ['id', 'message', (n) => message({ type: 'divider', block_id: 'x'.repeat(n) })],
  ['options', 'modal', (n) => input({ type: 'static_select', action_id: 'value', options: options(n) })],
  ['optionText', 'modal', (n) => input({ type: 'static_select', action_id: 'value', options: options(1, n) })],
  ['optionValue', 'modal', (n) => input({ type: 'static_select', action_id: 'value', options: options(1, 1, n) })],
  ['choices', 'modal', (n) => input({ type: 'radio_buttons', action_id: 'value', options: options(n) })],
  ['inputLabel', 'modal', (n) => input({ type: 'plain_text_input', action_id: 'value' }, { label: p(n) })],
  ['inputHint', 'modal', (n) => input({ type: 'plain_text_input', action_id: 'value' }, { hint: p(n) })],
  ['plainTextInput', 'modal', (n) => input({ type: 'plain_text_input', action_id: 'value', max_length: n })],
  ['messageText', 'message', (n) => ({ text: 'x'.repeat(n), blocks: [] })],
  [
    'messageTotal',
    'message',
    (n) =>
      message(...Array.from({ length: 6 }, () => ({ type: 'section', text: p(2000) })), {
        type: 'section',
        text: p(n - 12_000),
      }),
  ],
  ['contextText', 'message', (n) => message({ type: 'context', elements: [p(n)] })],
  ['fileInputFiles', 'modal', (n) => input({ type: 'file_input', action_id: 'value', max_files: n })],
  [
    'viewBytes',
    'modal',
    (n) => {
      const empty = JSON.stringify(modal({ callback_id: '' })).length;
      return modal({ callback_id: 'x'.repeat(n - empty) });
    },
  ],
];

describe('what Slack takes', () => {
  it.each(rows)('%s: the limit passes, one over fails', (name, kind, make) => {
    expect(checkSlack(kind, make(LIMITS[name]))).toEqual([]);
    expect(checkSlack(kind, make(LIMITS[name] + 1))).not.toEqual([]);
  });

  it('is tested row by row: no limit without its two payloads', () => {
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(LIMITS).sort());
  });

  it.each([
    ['an unknown block', message({ type: 'video' })],
    ['an unknown field', message({ type: 'header', text: p(1), colour: 'red' })],
    ['markup in a text', message({ type: 'section', text: { type: 'plain_text', text: '<!channel>' } })],
    ['mrkdwn', message({ type: 'section', text: { type: 'mrkdwn', text: 'x' } })],
    ['a button that carries more than an opaque id', press({ value: '{"approve":"CA-1"}' })],
    ['a secret', message({ type: 'section', text: p(1), block_id: 'xoxb-1' })],
    ['a stack', { text: 'Error: x\n    at run (file:///app/main.js:1:2)', blocks: [] }],
    ['no text', { blocks: [] }],
    ['two blocks with one id', message({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' })],
    ['an empty rich text', message({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] })],
  ])('refuses %s', (_name, payload) => {
    expect(checkSlack('message', payload)).not.toEqual([]);
  });
});

describe('what we render', () => {
  const hostile = '<!channel> <http://evil.example|bank> *b* _i_ `c` &amp; \u202Egnp.exe \u0000 @here <@U0MIRA>';

  it('is taken whatever stands in it', () => {
    const nasty = [hostile, '', 'x'.repeat(3001), '\u{1F600}'.repeat(2000), '&'.repeat(3001)];
    const shown = view('s', [
      ...nasty.flatMap((n) => [
        text(untrusted(n)),
        codeBlock(n),
        notice('danger', n),
        list([n, n], true),
        table(n, [n], [[n], [n]]),
      ]),
      { kind: 'heading', text: hostile.repeat(4) },
      { kind: 'fields', fields: nasty.map((n) => ({ label: n, value: [{ kind: 'untrusted', text: n }] })) },
      text(
        time('2026-11-19T08:15:30.000Z'),
        time('nonsense'),
        person({ platform: 'slack', tenant: 'T', id: 'U0MIRA', label: 'Mira' }),
      ),
      actions(
        ...Array.from({ length: 30 }, (_, i) =>
          button(
            hostile + i,
            'x',
            {},
            { confirm: { title: hostile.repeat(3), text: hostile.repeat(9), button: hostile } },
          ),
        ),
      ),
    ]);
    const tokens = Array.from({ length: 30 }, (_, i) => `token-${i}`);
    const { first, more } = arrange(piecesOf({ view: shown, tokens }), MESSAGE_ROOM, 'k.1', (n) => `${n} more`);
    for (const blocks of [first, ...more]) expect(checkSlack('message', { text: 'x', blocks })).toEqual([]);
    const all = JSON.stringify([first, ...more]);
    for (const token of tokens) expect(all).toContain(`"${token}"`);
    expect(all).not.toMatch(/"type":"(mrkdwn|link|broadcast|usergroup)"/);
    expect(all).not.toContain('\u202E');
  });

  it('keeps every character of a long text, in order', () => {
    const long = Array.from({ length: 9000 }, (_, i) => `${i} `).join('');
    const { first, more } = arrange(
      piecesOf({ view: view('s', [codeBlock(long)]), tokens: [] }),
      MESSAGE_ROOM,
      'k.1',
      () => 'more',
    );
    const said = [first, ...more]
      .flat()
      .flatMap((b) => (b.type === 'rich_text' ? (JSON.stringify(b).match(/"text":"([^"]*)"/g) ?? []) : []));
    expect(said.map((s) => s.slice(8, -1)).join('')).toBe(long);
  });

  it('escapes within the limit, never inside an entity', () => {
    for (const max of [1, 5, 24, 75, 150]) {
      const cut = plain('a&<>'.repeat(200), max);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
    }
  });

  it('a form with everything too long is taken, says what it cannot hold, and gives long choices back whole', () => {
    const long = `sha256:${'a'.repeat(90)}`;
    const fields: readonly Field[] = [
      { kind: 'line', name: 'line', label: hostile, isRequired: true, value: 'v'.repeat(4000), maxLength: 9000 },
      {
        kind: 'choice',
        name: 'one',
        label: 'One',
        isRequired: false,
        choices: [
          { value: '', label: 'none' },
          { value: long, label: long },
        ],
      },
      {
        kind: 'choices',
        name: 'many',
        label: 'Many',
        isRequired: false,
        choices: Array.from({ length: 150 }, (_, i) => ({ value: `v${i}`, label: `label ${i}` })),
      },
      { kind: 'choice', name: 'empty', label: 'Empty', isRequired: false, choices: [] },
      { kind: 'person', name: 'who', label: 'Who', isRequired: false, value: 'T0/U0MIRA' },
      { kind: 'file', name: 'file', label: 'File', isRequired: false },
    ];
    const form = {
      title: 'A title that is longer than twenty-four',
      intro: [text(hostile)],
      fields,
      submitLabel: 'Send it to everybody at once',
      intent: { verb: 'x', args: {} },
    };
    const shown = formModal({ form, token: 'token' }, { channel: 'C0LOBBY' });
    expect(checkSlack('modal', shown)).toEqual([]);
    const said = JSON.stringify(shown);
    expect(said).toContain('1000 more are left out');
    expect(said).toContain('100 of 150 choices');
    expect(said).toContain('nothing to choose from');
    const state = {
      values: { one: { value: { type: 'radio_buttons', selected_option: { value: 'countersign.at.1' } } } },
    };
    expect(readValues({ state }, new Map([['one', ['', long]]])).values).toEqual({ one: long });
    expect(readValues({ state }, new Map()).forgotten).toEqual(['one']);
  });
});
