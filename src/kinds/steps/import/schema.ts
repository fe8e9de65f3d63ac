import { z } from 'zod';

/** What may be written under `kind: import`. */
export const importStepSchema = z.strictObject({
  dataset: z.string().min(1).max(200).describe('Id of a dataset with source and target.'),
  mode: z
    .enum(['full', 'delta'])
    .default('full')
    .describe('Everything, or what is new since the last import, as `import: delta` of the dataset says.'),
  do: z
    .enum(['apply', 'roll-back'])
    .default('apply')
    .describe('Whether it is applied, or the newest import of the dataset that this run began is taken back.'),
});

export type ImportStepSpec = z.output<typeof importStepSchema>;
