import { z } from 'zod';

import { drillStepSchema } from '../restore-drill/schema.ts';
import { exportStepSchema } from '../export/schema.ts';

const { side, file, recipients } = exportStepSchema.shape;
const { identity, server, password } = drillStepSchema.shape;

/** What may be written under `kind: snapshot`. */
export const snapshotStepSchema = z.strictObject({
  datasets: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(200)
    .describe('Ids of datasets, with what is personal declared.'),
  side,
  file,
  recipients,
  seed: identity
    .unwrap()
    .unwrap()
    .describe('Secret that pseudonyms are made from, at least 16 bytes: equal seeds give equal ones.'),
  server,
  password,
});

export type SnapshotStepSpec = z.output<typeof snapshotStepSchema>;
