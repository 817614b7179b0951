// An organisation's own template for an audience: its words in place of ours. It can ask for more and forbid more, never less.
import { z } from 'zod';
import { readStrictYaml } from '../organisation/strict-yaml.ts';
import type { Audience, Need } from './audiences.ts';

const needSchema = z.strictObject({
  label: z.string().min(1).max(80).optional(),
  hint: z.string().max(200).optional(),
  standard: z.string().max(2000).optional().describe('Written when nobody has filled it in.'),
  claim: z.boolean().optional().describe('States facts: outsiders get it only with a verified finding.'),
});

export const templateSchema = z.strictObject({
  title: z.string().min(1).max(60).optional(),
  label: z.string().max(300).optional().describe('Line above everything, such as a privilege label.'),
  asked: z.array(z.string().min(1).max(300)).optional().describe('What readers are asked, one a line.'),
  needs: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,30}$/), needSchema).default({}),
  must_not_say: z.record(z.string().min(2).max(60), z.string().max(200)).default({}).describe('Words and why not.'),
});

export type Template = z.infer<typeof templateSchema>;

/** Reads a template; the faults name line and remedy. */
export const readTemplate = (text: string, fileName: string): Template | { readonly faults: readonly string[] } => {
  const read = readStrictYaml(text, fileName, templateSchema);
  return read.kind === 'read' ? read.data : { faults: read.faults };
};

const merged = (need: Need, own: Template['needs'][string] | undefined): Need => ({
  ...need,
  ...(own?.label ? { label: own.label } : {}),
  ...(own?.hint ? { hint: own.hint } : {}),
  ...(own?.standard !== undefined ? { standard: own.standard } : {}),
  // A claim stays a claim whatever a template says.
  isClaim: need.isClaim || (own?.claim ?? false),
});

/** The audience with the organisation's words; rules of the built-in one stay. */
export function withTemplate(audience: Audience, own: Template | undefined): Audience {
  if (!own) return audience;
  const added = Object.entries(own.needs)
    .filter(([name]) => !audience.needs.some((n) => n.name === name))
    .map(
      ([name, n]): Need => ({
        name,
        label: n.label ?? name,
        hint: n.hint ?? '',
        isRequired: true,
        isClaim: n.claim ?? false,
        ...(n.standard === undefined ? {} : { standard: n.standard }),
      }),
    );
  return {
    ...audience,
    ...(own.title ? { title: own.title } : {}),
    ...(own.label === undefined ? {} : { label: own.label }),
    ...(own.asked ? { asked: own.asked } : {}),
    needs: [...audience.needs.map((n) => merged(n, own.needs[n.name])), ...added],
    mustNot: [
      ...audience.mustNot,
      ...Object.entries(own.must_not_say).map(([word, why]) => ({ find: 'words' as const, words: [word], why })),
    ],
  };
}
