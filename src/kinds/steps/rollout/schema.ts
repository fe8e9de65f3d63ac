import { z } from 'zod';

/** What may be written under `kind: rollout`. */
export const rolloutStepSchema = z.strictObject({
  rollout: z.string().min(1).max(200).describe('Id of a rollout of the launch.'),
  do: z
    .enum(['shift', 'take-back'])
    .default('shift')
    .describe('Whether traffic is shifted phase by phase until the end, or the canary is given nothing any more.'),
  blind: z
    .string()
    .trim()
    .min(3)
    .max(4_000)
    .optional()
    .describe(
      'Why it may begin although it cannot see its own limit at the traffic of then; whoever runs the step has to be a person who may promote.',
    ),
  to: z
    .number()
    .min(0)
    .max(99)
    .optional()
    .describe(
      'With take-back: percent that the canary keeps (0 where it is left out); one step for each weight, the last of them 0.',
    ),
});

export type RolloutStepSpec = z.output<typeof rolloutStepSchema>;
