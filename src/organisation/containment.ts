// The containment part of the organisation's file: what may be done, who lets it pass, what carries it out.
import { z } from 'zod';
import { REVERSIBILITY, TARGET_KINDS } from '../containment/types.ts';
import { key, STANDING_ROLES, zone } from './words.ts';

const minutes = z.int().min(1).max(1440);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'use 24-hour time such as 06:00');

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const hours = z.strictObject({
  days: z
    .array(z.enum(DAYS))
    .min(1)
    .default([...DAYS]),
  from: clock,
  to: clock.describe('Earlier than `from`: over midnight.'),
  zone: zone.default('UTC'),
});

/** One list of approvers: for which actions, who, how many. */
export const approversSchema = z.strictObject({
  actions: z.array(z.string()).min(1).describe('Action types, or `*` for all.'),
  reversibility: z
    .array(z.enum(REVERSIBILITY))
    .min(1)
    .default([...REVERSIBILITY])
    .describe('For which of them this entry holds.'),
  people: z.array(key).default([]).describe('Keys of people. Nobody here and nobody by role means nobody.'),
  roles: z.array(z.enum(STANDING_ROLES)).default([]).describe('Everybody with one of these standing roles as well.'),
  quorum: z
    .int()
    .min(1)
    .max(5)
    .optional()
    .describe('Distinct people needed; default 1, and 2 for irreversible actions.'),
  needs_role: z
    .enum(STANDING_ROLES)
    .optional()
    .describe(
      'One of those who approve must have this standing role. Only with it may one person approve what is irreversible.',
    ),
  distinct_from: z
    .array(z.enum(['executor', 'commander']))
    .default([])
    .describe('Who does not count besides the proposer, who never does.'),
  admits: z
    .array(z.enum(['guest', 'external']))
    .default([])
    .describe('Guests or people from other organisations may approve if they are listed. Nobody of them by default.'),
  hours: z.array(hours).default([]).describe('Approving works only inside these hours. Empty: always.'),
});

const parameter = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    label: z.string().min(1).max(80),
    required: z.boolean().default(true),
    max_length: z.int().min(1).max(4000).default(300),
  }),
  z.strictObject({
    type: z.literal('integer'),
    label: z.string().min(1).max(80),
    required: z.boolean().default(true),
    min: z.int().default(0),
    max: z.int().default(1_000_000),
  }),
  z.strictObject({
    type: z.literal('boolean'),
    label: z.string().min(1).max(80),
    required: z.literal(true).default(true),
  }),
  z.strictObject({
    type: z.literal('choice'),
    label: z.string().min(1).max(80),
    required: z.boolean().default(true),
    choices: z.array(z.string().min(1).max(60)).min(2).max(20),
  }),
]);

/** One kind of containment. */
export const actionSchema = z.strictObject({
  title: z.string().min(1).max(60).describe('Verb and object: "Isolate host".'),
  does: z.string().min(1).max(400).describe('What happens, for somebody who has to decide at 3 a.m.'),
  targets: z.enum(TARGET_KINDS).describe('What it is done to.'),
  max_targets: z.int().min(1).max(500).default(20).describe('At most so many in one request.'),
  parameters: z
    .record(key, parameter)
    .default({})
    .describe(
      'What is asked besides the targets, by name: `type` (text, integer, boolean, choice), `label`, `required`, and `max_length`, `min` and `max`, or `choices`.',
    ),
  reversibility: z.enum(REVERSIBILITY).default('irreversible').describe('Left out means irreversible.'),
  undo: z.string().min(1).max(300).describe('How it is undone, in words; "none" and why, if it cannot be.'),
  undo_action: key.optional().describe('The action that undoes it.'),
  preserve: z
    .array(z.strictObject({ key, question: z.string().min(1).max(200) }))
    .default([])
    .describe('What it destroys and who proposes it must answer for: kept where, or why not.'),
  executor: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('manual'),
        people: z.array(key).default([]).describe('Who may be named to carry it out. Empty: every responder.'),
      }),
      z.strictObject({ kind: z.literal('webhook'), webhook: key }),
    ])
    .describe(
      'Who carries it out: `{ kind: manual }`, with `people` who may be named for it (left out: every responder), or `{ kind: webhook, webhook: <name> }`.',
    ),
  expires_minutes: minutes.optional().describe('In place of `containment.expires_minutes`.'),
  window_minutes: minutes.optional().describe('In place of `containment.window_minutes`.'),
});

export const webhookSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('HTTPS, or HTTP to a loopback address only.'),
  allow_private: z
    .boolean()
    .default(false)
    .describe('The host may be in a private or loopback range. Link-local and metadata addresses never are.'),
  timeout_seconds: z
    .int()
    .min(1)
    .max(120)
    .default(15)
    .describe('How long its answer may take; after that the outcome is unknown.'),
  callback_minutes: z
    .int()
    .min(0)
    .max(1440)
    .default(0)
    .describe('How long an `accepted` answer may be followed by a signed callback. 0: the answer is the last word.'),
});

const perClass = (reversible: number, irreversible: number) =>
  z
    .strictObject({
      reversible: minutes.default(reversible),
      externally_reversible: minutes.default(reversible),
      irreversible: minutes.default(irreversible),
    })
    .prefault({});

/** What holds for every request. */
export const containmentSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('false: nothing can be proposed, approved or started anywhere.'),
    expires_minutes: perClass(30, 15).describe('An undecided request expires after this.'),
    window_minutes: perClass(30, 15).describe('An approved one must start within this.'),
    hold_seconds: z
      .int()
      .min(0)
      .max(600)
      .default(0)
      .describe('Wait between approval and an automatic start, for a dispute.'),
    max_open: z.int().min(1).max(100).default(20).describe('Requests waiting in one incident at the same time.'),
    flood: z
      .strictObject({ requests: z.int().min(2).default(8), minutes: minutes.default(10) })
      .prefault({})
      .describe('More proposals than this in so many minutes: one summary for the approvers, and a pause.'),
    denied_again_minutes: minutes.default(10).describe('The same request is refused for this long after a denial.'),
    dispute_minutes: minutes.default(10).describe('How long an approver can dispute their own approval.'),
    step_up: z
      .enum(['off', 'irreversible', 'always'])
      .default('off')
      .describe('A code from an authenticator, besides the chat account, to approve.'),
    break_glass: z
      .strictObject({
        enabled: z.boolean().default(false),
        people: z.array(key).default([]),
        reviewers: z.array(key).default([]).describe('Who reviews each use afterwards.'),
      })
      .prefault({})
      .describe(
        'One named person may start something reversible alone, loudly, with a review afterwards. Off by default.',
      ),
  })
  .prefault({});

export type ApproverList = z.infer<typeof approversSchema>;
export type ActionType = z.infer<typeof actionSchema>;
export type Webhook = z.infer<typeof webhookSchema>;
export type Parameter = z.infer<typeof parameter>;
