import { z } from 'zod';

/** What may be written for a `data-rules` check. */
export const dataRulesSchema = z.strictObject({
  dataset: z.string().min(1).max(200).meta({ description: 'Id of the dataset whose rules are asked.' }),
  rules: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Ids of the rules that are asked; by default all of the dataset.' }),
  samples: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(10)
    .meta({ description: 'Keys of the rows that break a rule which the report shows.' }),
});
