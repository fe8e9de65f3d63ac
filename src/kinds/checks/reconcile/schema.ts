import { z } from 'zod';

import { durationSchema } from '../quantity.ts';

/** What may be written for a `reconcile` check. */
export const reconcileSchema = z.strictObject({
  dataset: z.string().min(1).max(200).meta({ description: 'Id of the dataset whose two sides are compared.' }),
  strategy: z
    .enum(['auto', 'native', 'bucket', 'stream'])
    .default('auto')
    .meta({ description: 'How rows are compared; by default the planner chooses and says why.' }),
  full: z
    .boolean()
    .default(false)
    .meta({ description: 'Compare everything although a column of the sample differs systematically.' }),
  sample: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(2_000)
    .meta({ description: 'Records looked at before everything is.' }),
  seed: z.number().int().min(0).max(2_147_483_647).default(1).meta({ description: 'Which records the sample takes.' }),
  samples: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(10)
    .meta({ description: 'Differences of each cause that the report shows.' }),
  recheck: z
    .array(durationSchema({ min: 0, max: 600_000, standard: 0 }))
    .max(5)
    .default([])
    .meta({ description: 'Pauses before what differs is looked at again, for data that moves: [5s, 30s].' }),
});
