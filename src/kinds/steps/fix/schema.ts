import { z } from 'zod';

/** What may be written under `kind: fix`. */
export const fixStepSchema = z.strictObject({
  dataset: z.string().min(1).max(200).describe('Id of a dataset with fixes and a policy of repairs.'),
  do: z
    .enum(['apply', 'undo'])
    .default('apply')
    .describe(
      'Whether its newest fix is applied, which has to be approved, or the one that this run began is taken back.',
    ),
});

export type FixStepSpec = z.output<typeof fixStepSchema>;
