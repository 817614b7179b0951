// Says what Slack would refuse in a message, a modal or a home tab, by the adapter's own table of limits.
import { LIMITS } from '../../adapters/slack/limits.ts';
import { isObject, listAt, objectAt, type Payload, textAt } from '../../adapters/slack/parse/payload.ts';

type Kind = 'message' | 'modal' | 'home';

const MESSAGE_FIELDS = new Set(
  'channel ts thread_ts text blocks user token unfurl_links unfurl_media parse link_names mrkdwn response_type replace_original'.split(
    ' ',
  ),
);

const RICH_PARTS = new Set(['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote']);

/** Every fault, each with where it is; empty when Slack would take it. */
export function checkSlack(kind: Kind, payload: unknown): readonly string[] {
  const faults: string[] = [];
  const fault = (where: string, what: string): void => void faults.push(`${where}: ${what}`);
  const given = isObject(payload) ? payload : {};
  const blocks = listAt(given, 'blocks');
  const limit = (where: string, text: string, max: number): void => {
    if (text.length > max) fault(where, `${text.length} characters, ${max} are allowed`);
  };
  const textObject = (where: string, value: unknown, max: number): void => {
    const text = textAt(value, 'text');
    if (!isObject(value) || text === '') {
      fault(where, 'needs a text object with text');
      return;
    }
    if (value['type'] !== 'plain_text' && value['type'] !== 'mrkdwn')
      fault(where, `unknown text type ${String(value['type'])}`);
    if (value['type'] === 'mrkdwn') fault(where, 'mrkdwn: everything we say is plain or rich text');
    if (/[<>]/.test(text) || /&(?!amp;|lt;|gt;)/.test(text)) fault(where, 'markup that is not escaped');
    limit(where, text, max);
  };
  const only = (where: string, value: Payload, ...fields: readonly string[]): void => {
    for (const name of Object.keys(value)) if (!fields.includes(name)) fault(where, `unknown field ${name}`);
  };
  const ids = new Set<string>();
  const unique = (where: string, id: string): void => {
    if (id === '') return;
    limit(where, id, LIMITS.id);
    if (ids.has(id)) fault(where, `the id ${id} is there twice`);
    ids.add(id);
  };

  const option = (where: string, value: unknown): void => {
    textObject(`${where}.text`, objectAt(value, 'text'), LIMITS.optionText);
    const v = textAt(value, 'value');
    if (v === '') fault(where, 'an option needs a value');
    limit(`${where}.value`, v, LIMITS.optionValue);
  };

  const element = (where: string, value: Payload): void => {
    const options = listAt(value, 'options');
    const checkOptions = (max: number): void => {
      if (options.length === 0) fault(where, 'no options');
      if (options.length > max) fault(where, `${options.length} options, ${max} are allowed`);
      for (const [i, o] of options.entries()) option(`${where}.options[${i}]`, o);
      const values = options.map((o) => textAt(o, 'value'));
      if (new Set(values).size !== values.length) fault(where, 'two options have one value');
      const initial = value['initial_option'] ? [value['initial_option']] : listAt(value, 'initial_options');
      for (const one of initial)
        if (!options.some((o) => JSON.stringify(o) === JSON.stringify(one)))
          fault(where, 'the initial option is none of the options');
    };
    switch (value['type']) {
      case 'button': {
        only(where, value, 'type', 'action_id', 'text', 'value', 'style', 'confirm');
        textObject(`${where}.text`, value['text'], LIMITS.buttonText);
        limit(`${where}.value`, textAt(value, 'value'), LIMITS.buttonValue);
        if (!/^[A-Za-z0-9_-]+$/.test(textAt(value, 'value'))) fault(where, 'the value of a button is an opaque id');
        if (value['style'] !== undefined && !['primary', 'danger'].includes(String(value['style'])))
          fault(where, 'unknown style');
        const confirm = value['confirm'];
        if (confirm !== undefined) {
          textObject(`${where}.confirm.title`, objectAt(confirm, 'title'), LIMITS.confirmTitle);
          textObject(`${where}.confirm.text`, objectAt(confirm, 'text'), LIMITS.confirmText);
          textObject(`${where}.confirm.confirm`, objectAt(confirm, 'confirm'), LIMITS.confirmButton);
          textObject(`${where}.confirm.deny`, objectAt(confirm, 'deny'), LIMITS.confirmButton);
        }
        break;
      }
      case 'plain_text_input': {
        const max = Number(value['max_length'] ?? LIMITS.plainTextInput);
        if (max > LIMITS.plainTextInput || max < 1) fault(where, `max_length ${max}`);
        limit(`${where}.initial_value`, textAt(value, 'initial_value'), max);
        break;
      }
      case 'static_select':
      case 'multi_static_select':
        checkOptions(LIMITS.options);
        break;
      case 'radio_buttons':
      case 'checkboxes':
        checkOptions(LIMITS.choices);
        break;
      case 'file_input': {
        const max = Number(value['max_files'] ?? LIMITS.fileInputFiles);
        if (max > LIMITS.fileInputFiles || max < 1) fault(where, `max_files ${max}`);
        break;
      }
      case 'users_select':
        break;
      default:
        fault(where, `unknown element ${String(value['type'])}`);
    }
  };

  const richRun = (where: string, value: unknown): void => {
    const type = textAt(value, 'type');
    if (type === 'text') {
      if (textAt(value, 'text') === '') fault(where, 'an empty text');
    } else if (type === 'date') {
      if (!Number.isInteger(objectAt({ value }, 'value')['timestamp'])) fault(where, 'a date needs a whole timestamp');
    } else if (type !== 'user' && type !== 'channel') fault(where, `unknown run ${type}`);
  };

  const block = (where: string, value: Payload): void => {
    unique(`${where}.block_id`, textAt(value, 'block_id'));
    switch (value['type']) {
      case 'header':
        only(where, value, 'type', 'text', 'block_id');
        textObject(where, value['text'], LIMITS.header);
        break;
      case 'section':
        only(where, value, 'type', 'text', 'block_id');
        textObject(where, value['text'], LIMITS.sectionText);
        break;
      case 'context': {
        const elements = listAt(value, 'elements');
        if (elements.length === 0 || elements.length > LIMITS.contextElements)
          fault(where, `${elements.length} elements`);
        for (const [i, e] of elements.entries()) textObject(`${where}.elements[${i}]`, e, LIMITS.contextText);
        break;
      }
      case 'divider':
        break;
      case 'actions': {
        const elements = listAt(value, 'elements');
        if (elements.length === 0 || elements.length > LIMITS.actionsElements)
          fault(where, `${elements.length} elements`);
        for (const [i, e] of elements.entries()) {
          unique(`${where}.elements[${i}].action_id`, textAt(e, 'action_id'));
          element(`${where}.elements[${i}]`, objectAt({ e }, 'e'));
        }
        break;
      }
      case 'rich_text':
        for (const [i, part] of listAt(value, 'elements').entries()) {
          const at = `${where}.elements[${i}]`;
          const type = textAt(part, 'type');
          const inner = listAt(part, 'elements');
          if (!RICH_PARTS.has(type)) fault(at, `unknown part ${type}`);
          if (inner.length === 0) fault(at, 'an empty part');
          const all = type === 'rich_text_list' ? inner.flatMap((item) => listAt(item, 'elements')) : inner;
          for (const [j, r] of all.entries()) richRun(`${at}[${j}]`, r);
        }
        break;
      case 'input':
        if (kind !== 'modal') fault(where, 'inputs stand in modals');
        textObject(`${where}.label`, value['label'], LIMITS.inputLabel);
        if (value['hint'] !== undefined) textObject(`${where}.hint`, value['hint'], LIMITS.inputHint);
        element(`${where}.element`, objectAt(value, 'element'));
        break;
      default:
        fault(where, `unknown block ${String(value['type'])}`);
    }
  };

  const words = JSON.stringify(given);
  if (/xox[abp]-|xapp-/.test(words)) fault('payload', 'a token of Slack\u2019s');
  if (/\\n\s+at [^\n]{1,200}:\d+:\d+/.test(words)) fault('payload', 'a stack of the program');
  const max = kind === 'message' ? LIMITS.blocksInMessage : LIMITS.blocksInView;
  if (blocks.length > max) fault('blocks', `${blocks.length} blocks, ${max} are allowed`);
  for (const [i, b] of blocks.entries()) block(`blocks[${i}]`, objectAt({ b }, 'b'));
  if (kind === 'message') {
    for (const name of Object.keys(given)) if (!MESSAGE_FIELDS.has(name)) fault(name, 'unknown field');
    const text = textAt(given, 'text');
    if (text === '') fault('text', 'every message has a text');
    if (/[<>]/.test(text)) fault('text', 'markup that is not escaped');
    limit('text', text, LIMITS.messageText);
    if (totalOf(blocks) > LIMITS.messageTotal)
      fault('blocks', `msg_blocks_too_long: ${totalOf(blocks)} characters over all blocks`);
  } else {
    if (JSON.stringify(given).length > LIMITS.viewBytes) fault('view', 'larger than 250 kB');
    limit('private_metadata', textAt(given, 'private_metadata'), LIMITS.privateMetadata);
    if (kind === 'modal') {
      textObject('title', given['title'], LIMITS.modalTitle);
      if (given['submit'] !== undefined) textObject('submit', given['submit'], LIMITS.modalButton);
      if (given['close'] !== undefined) textObject('close', given['close'], LIMITS.modalButton);
      const hasInput = blocks.some((b) => textAt(b, 'type') === 'input');
      if (hasInput && given['submit'] === undefined) fault('submit', 'a modal with inputs needs one');
    }
  }
  return faults;
}

/** All texts of all blocks together. */
function totalOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, v) => sum + totalOf(v), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, v]) => sum + (name === 'text' && typeof v === 'string' ? v.length : totalOf(v)),
    0,
  );
}
