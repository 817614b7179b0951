// The organisation's file, countersign.yml: who people are, who may do what, what is ours, whom we tell.
import { z } from 'zod';
import { assistantSchema } from './assistant.ts';
import { actionSchema, approversSchema, containmentSchema, webhookSchema } from './containment.ts';
import { key, STANDING_ROLES, zone } from './words.ts';

const person = z.strictObject({
  key: key.describe('Short name used elsewhere in this file.'),
  name: z.string().min(1).max(80).describe('Name shown to others; never used to recognise anybody.'),
  ids: z
    .record(z.string(), z.string().min(1))
    .describe(
      'Stable id on each platform: `web: mira`, `slack: T0001/U0001` (team or enterprise id, then user id), `teams: <tenant id>/<object id>`. These are the identity.',
    ),
  roles: z
    .array(z.enum(STANDING_ROLES))
    .default(['responder'])
    .describe('Standing in every incident; the roles of one incident are claimed there.'),
  passcode: z.string().min(8).optional().describe('For the web workspace on this machine. Change it here.'),
  email: z.email().optional().describe('For whoever reads this file; Countersign does nothing with it.'),
});

const asset = z.strictObject({
  name: z.string().min(1).max(120).describe('As logs and proposals name it.'),
  kind: z.enum(['host', 'service', 'account', 'network', 'data']).default('host'),
  owner: key.optional().describe('Key of the person who answers for it.'),
  crown_jewel: z.boolean().default(false).describe('Said on every proposal that targets it, and in `finding scope`.'),
  addresses: z.array(z.string()).default([]).describe('Its addresses; they count as ours.'),
  depends_on: z.array(z.string()).default([]).describe('Names of assets it needs.'),
  must_not: z
    .string()
    .max(300)
    .optional()
    .describe('What must not be done to it and when; shown on every proposal that targets it.'),
});

const severity = z.strictObject({
  meaning: z.string().max(200).describe('When an incident is this severe, in your words.'),
  briefing_minutes: z.int().min(5).max(10_080).describe('A briefing is due this often.'),
});

const audience = z.strictObject({
  channels: z
    .array(z.string())
    .default([])
    .describe('`platform/tenant/channel id` of each channel a notice to this audience may be posted in.'),
  emails: z.array(z.email()).default([]).describe('Who gets it by mail; needs COUNTERSIGN_SMTP_URL.'),
  tlp: z
    .enum(['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'])
    .default('AMBER')
    .describe('Label of notices to this audience, Traffic Light Protocol 2.0.'),
  external: z
    .boolean()
    .default(false)
    .describe('External audiences need two people to release, and only verified findings.'),
  model: z
    .boolean()
    .default(true)
    .describe('Whether a model may be asked what belongs into drafts for this audience; the rules always may.'),
});

export const organisationSchema = z.strictObject({
  name: z.string().min(1).max(120).describe('Shown in the workspace, on reviews and in exports.'),
  sample: z
    .boolean()
    .default(false)
    .describe('True while this is the fictional sample organisation: the workspace says so.'),
  zone: zone.default('UTC').describe('Zone of incidents that set none.'),
  people: z.array(person).min(1).describe('Everybody who may use it.'),
  approvers: z
    .array(approversSchema)
    .default([])
    .describe('Who may approve containment. The entry that names the action wins over `*`; no entry means nobody.'),
  containment: containmentSchema,
  assistant: assistantSchema,
  actions: z
    .record(key, actionSchema)
    .default({})
    .describe('What containment there is. What is not declared here cannot be proposed.'),
  webhooks: z.record(key, webhookSchema).default({}).describe('Where approved actions are sent to be carried out.'),
  groups: z
    .record(key, z.array(z.string()).min(1))
    .default({})
    .describe('Names for several assets; a proposal always shows the list.'),
  severities: z.strictObject({ SEV1: severity, SEV2: severity, SEV3: severity, SEV4: severity }).default({
    SEV1: { meaning: 'The business is stopped or data of many people is at stake', briefing_minutes: 30 },
    SEV2: { meaning: 'An important service or sensitive data is affected', briefing_minutes: 60 },
    SEV3: { meaning: 'Limited effect, contained by normal means', briefing_minutes: 240 },
    SEV4: { meaning: 'Suspicious, no known effect', briefing_minutes: 1440 },
  }),
  audiences: z
    .record(key, audience)
    .default({})
    .describe('Where notices to each audience go; what is built in and how to add one: docs/notices.md.'),
  contact: z.string().max(200).default('').describe('Whom readers of a notice can ask; stands at the end of each.'),
  templates: z
    .string()
    .default('')
    .describe(
      'Folder beside this file with a YAML file for each audience whose notices use your own words (docs/notices.md).',
    ),
  words: z
    .record(z.string().min(2).max(60), z.string().max(200))
    .default({})
    .describe(
      'Words to warn about in notices and why, added to those that are built in: `breach: say what was reached`.',
    ),
  clocks: z
    .array(z.string())
    .default([])
    .describe('Legal clocks that ship switched off and counsel has switched on here, by id.'),
  second_verifier: z
    .array(z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4']))
    .default([])
    .describe('Severities in which a finding needs a second person before it counts as verified.'),
  networks: z.array(z.string()).default([]).describe('CIDR ranges that are ours.'),
  domains: z.array(z.string()).default([]).describe('Domains that are ours.'),
  assets: z
    .array(asset)
    .default([])
    .describe('What is ours: offered as targets, and what depends on a target is said.'),
  constraints: z
    .array(z.string().max(300))
    .default([])
    .describe('What responders must know before they touch anything.'),
});

export type Organisation = z.infer<typeof organisationSchema>;
export type Person = Organisation['people'][number];
export type Severity = keyof Organisation['severities'];
