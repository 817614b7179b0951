// What Teams would refuse or garble, as rules over a card: Microsoft's own parser, and ours where that is silent. The tables
// say of the published JSON schema 1.5 what concerns the pieces we use; no package carries that schema.
import { createRequire } from 'node:module';
import { FILE_HOSTS, LIMITS } from '../../adapters/teams/limits.ts';
import { type Node, nodesOf } from './cards.ts';

interface ParseContext {
  readonly eventCount: number;
  getEventAt(index: number): { readonly message: string };
}
// The package's ESM entry fails in Node.
const { AdaptiveCard, SerializationContext } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as {
  AdaptiveCard: new () => { parse(card: unknown, context: ParseContext): void };
  SerializationContext: new () => ParseContext;
};

const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ['$schema', 'version', 'fallbackText', 'msteams', 'body', 'actions', 'refresh'],
  RichTextBlock: ['inlines', 'spacing', 'separator'],
  TextRun: ['text', 'weight', 'size', 'isSubtle', 'color', 'fontType', 'italic'],
  TextBlock: ['text', 'wrap', 'size', 'isSubtle', 'color', 'weight', 'spacing'],
  Container: ['style', 'items', 'spacing'],
  Table: ['columns', 'rows', 'firstRowAsHeader', 'showGridLines'],
  TableRow: ['cells'],
  TableCell: ['items'],
  ActionSet: ['actions'],
  'Action.Execute': ['title', 'verb', 'data', 'style', 'associatedInputs', 'mode', 'fallback'],
  'Action.Submit': ['title', 'data', 'style', 'associatedInputs', 'mode'],
  'Action.ShowCard': ['title', 'card', 'style', 'mode'],
  'Input.Text': ['id', 'label', 'isRequired', 'errorMessage', 'isMultiline', 'value', 'placeholder', 'maxLength'],
  'Input.ChoiceSet': [
    'id',
    'label',
    'isRequired',
    'errorMessage',
    'style',
    'choices',
    'choices.data',
    'value',
    'isMultiSelect',
    'wrap',
  ],
  'Data.Query': ['dataset'],
};

/** Properties without which an element is not valid. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  RichTextBlock: ['inlines'],
  TextRun: ['text'],
  TextBlock: ['text'],
  Container: ['items'],
  ActionSet: ['actions'],
  TableCell: ['items'],
  'Input.Text': ['id'],
  'Input.ChoiceSet': ['id'],
};

/** Values the schema lists; where a property means different things, by type. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  size: ['Small', 'Default', 'Medium', 'Large', 'ExtraLarge'],
  weight: ['Lighter', 'Default', 'Bolder'],
  color: ['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention'],
  fontType: ['Default', 'Monospace'],
  spacing: ['Default', 'None', 'Small', 'Medium', 'Large', 'ExtraLarge', 'Padding'],
  associatedInputs: ['auto', 'none'],
  mode: ['primary', 'secondary'],
  'Container.style': ['default', 'emphasis', 'good', 'attention', 'warning', 'accent'],
  // `filtered` with Data.Query is Teams' own people picker.
  'Input.ChoiceSet.style': ['compact', 'expanded', 'filtered'],
};

const BOOLEANS = ['wrap', 'isSubtle', 'italic', 'separator', 'isRequired', 'isMultiline', 'isMultiSelect'];

/** Every fault of a card, in words; none for a good one. */
export function cardFaults(card: unknown): readonly string[] {
  const faults: string[] = [];
  const context = new SerializationContext();
  new AdaptiveCard().parse(card, context);
  for (let i = 0; i < context.eventCount; i += 1) faults.push(`parser: ${context.getEventAt(i).message}`);
  const nodes = nodesOf(card);
  for (const node of nodes.filter((n) => typeof n['type'] === 'string')) faults.push(...nodeFaults(node));
  const ids = nodes.map((n) => n['id']).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) faults.push('two inputs have one id');
  const top = card as Node;
  if (top['version'] !== '1.5') faults.push('the version is not 1.5');
  if (!top['fallbackText']) faults.push('there is no fallback text');
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > LIMITS.cardBytes) faults.push(`it weighs ${bytes} bytes`);
  if (
    /https?:\/\/(?!adaptivecards\.io\/schemas)/.test(JSON.stringify(nodes.map((n) => n['url'] ?? n['iconUrl'] ?? '')))
  )
    faults.push(`something is fetched from elsewhere than ${FILE_HOSTS.join()}`);
  return faults;
}

/** Every fault of a whole message: its size as Teams counts it, and what nobody may read in it. */
export function messageFaults(activity: unknown): readonly string[] {
  const text = JSON.stringify(activity);
  const bytes = Buffer.byteLength(text, 'utf16le');
  return [
    ...(bytes > LIMITS.messageUtf16Bytes ? [`a message of ${bytes} bytes in UTF-16`] : []),
    ...(/\\n\s+at .{1,200}:\d+:\d+/.test(text) ? ['a stack of the program'] : []),
    ...(text.includes('not-a-real-secret') ? ["the app's secret"] : []),
  ];
}

function nodeFaults(node: Node): readonly string[] {
  const type = String(node['type']);
  const allowed = PROPERTIES[type];
  if (!allowed) return [`${type} is not known`];
  const faults = Object.keys(node)
    .filter((name) => name !== 'type' && !allowed.includes(name))
    .map((name) => `${type} has ${name}`);
  for (const name of REQUIRED[type] ?? []) if (node[name] === undefined) faults.push(`${type} has no ${name}`);
  for (const [name, value] of Object.entries(node)) {
    const listed = VALUES[`${type}.${name}`] ?? VALUES[name];
    if (listed && !listed.includes(String(value))) faults.push(`${type} has ${name} ${String(value)}`);
    if (BOOLEANS.includes(name) && typeof value !== 'boolean') faults.push(`${type} has ${name} that is no yes or no`);
  }
  const style = node['style'];
  if (
    type.startsWith('Action.') &&
    style !== undefined &&
    !['default', 'positive', 'destructive'].includes(String(style))
  )
    faults.push(`${type} has style ${String(style)}`);
  if (type === 'TextBlock' && (!node['text'] || node['wrap'] !== true)) faults.push('a TextBlock without text or wrap');
  if (type === 'RichTextBlock' && (node['inlines'] as readonly unknown[]).length === 0)
    faults.push('an empty RichTextBlock');
  if (type === 'TextRun' && node['text'] === '') faults.push('an empty TextRun');
  if (type === 'Action.Execute' && node['verb'] !== 'refresh') {
    const fallback = node['fallback'] as Node | undefined;
    if (!node['verb']) faults.push('Action.Execute without verb');
    if (fallback?.['type'] !== 'Action.Submit' || JSON.stringify(fallback['data']) !== JSON.stringify(node['data']))
      faults.push('Action.Execute without a Submit of the same data');
  }
  const refresh = node['refresh'] as { userIds?: readonly unknown[] } | undefined;
  if (refresh && (refresh.userIds?.length ?? 0) > LIMITS.refreshUserIds) faults.push('too many people to refresh for');
  return faults;
}
