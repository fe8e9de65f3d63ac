import { z } from 'zod';

import { durationSchema } from '../quantity.ts';

const argv = z
  .array(
    z
      .string()
      .max(4096)
      .regex(/^[^\0]*$/, 'a text without NUL'),
  )
  .min(1)
  .max(100)
  .refine(([program = '']) => program !== '' && !program.startsWith('-'), 'expected a program name');

const dayMs = 86_400_000;

const store = z
  .strictObject({
    backup: argv.describe('Program that prints when the newest backup was finished; no shell reads it.'),
    backupEvery: durationSchema({ min: 60_000, max: 400 * dayMs, standard: dayMs }).describe(
      'An older backup is late.',
    ),
    drill: argv.describe('Program that prints when a backup of it was last restored for good measure.'),
    drillEvery: durationSchema({ min: 60_000, max: 800 * dayMs, standard: 90 * dayMs }).describe(
      'An older drill is late.',
    ),
  })
  .refine(
    ({ backup, drill }) => JSON.stringify(backup) !== JSON.stringify(drill),
    'expected another program for the drill: that a backup was made does not say that it was restored',
  );

/** What may be written under `kind: backup-age`. */
export const backupAgeSchema = z.strictObject({
  stores: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), store)
    .refine((stores) => Object.keys(stores).length > 0, 'expected at least one store')
    .describe('Where data lies, by name.'),
  timeout: durationSchema({ min: 1, max: 3_600_000, standard: 60_000 }).describe(
    'Time after which a program is killed.',
  ),
});

export type BackupAgeSpec = z.output<typeof backupAgeSchema>;
