// The assistant's part of the organisation's file: where a model may be asked, and what people's verdicts change.
import { z } from 'zod';

/** What can be let happen without being asked for: reading, and putting down an explanation that nobody has verified. */
export const AUTOMATIC_EFFECTS = ['summarise', 'hypotheses', 'propose'] as const;

export const assistantSchema = z
  .strictObject({
    private_incidents: z
      .boolean()
      .default(false)
      .describe('Whether a model may be asked in private incidents before the commander or deputy switches it on.'),
    automatic: z
      .array(
        z.enum(AUTOMATIC_EFFECTS, {
          error: `only ${AUTOMATIC_EFFECTS.join(', ')} can be automatic; containment, approving and sending never are`,
        }),
      )
      .default([])
      .describe(
        'What the assistant does by itself when evidence is added, once people have found it right often enough: `summarise`, `hypotheses`, `propose` (the first explanation becomes a finding that nobody has verified). Containment can never be named here.',
      ),
    after: z
      .int()
      .min(3)
      .max(100)
      .default(5)
      .describe('Claims of a kind that people must have judged before it counts.'),
    precision: z
      .int()
      .min(50)
      .max(100)
      .default(80)
      .describe('Per cent of them found right before `automatic` takes effect.'),
    hold_back: z
      .int()
      .min(0)
      .max(80)
      .default(50)
      .describe('Below this many per cent, claims of the kind are counted and shown on demand only.'),
  })
  .prefault({});
