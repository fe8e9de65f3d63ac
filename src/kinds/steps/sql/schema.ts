import { z } from 'zod';

import { durationSchema } from '../../checks/quantity.ts';

/** What may be written under `kind: sql`. */
export const sqlStepSchema = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2000)
    .describe('postgres://user@host/database, mysql://user@host/database or sqlite:path; never with a password.'),
  on: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A datastore of the front matter, in the place of url and password.'),
  password: z
    .string()
    .regex(/^\{\{\s*secret\s+"[^"]+"\s*\}\}$/, 'the template of a secret, such as {{ secret "shop/db" }}')
    .nullable()
    .default(null)
    .describe('Secret that holds the password.'),
  statements: z
    .array(z.string().min(1).max(100_000))
    .min(1)
    .max(100)
    .describe('Statements, each on its own, run in this order in one transaction. Values go into `values`.'),
  values: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .max(100)
    .default([])
    .describe(
      'Values for the placeholders of the only statement ($1 in Postgres, ? elsewhere); templates are allowed.',
    ),
  expectRows: z
    .number()
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe('Rows that all statements have to affect together; another number takes everything back.'),
  timeout: durationSchema({ min: 100, max: 3_600_000, standard: 30_000 }).describe('Limit for each statement.'),
  ledger: z
    .enum(['yes', 'no'])
    .default('yes')
    .describe('Whether the key of the step is kept in the table tminus_applied, so that a repeat changes nothing.'),
  undo: z.array(z.string().min(1).max(100_000)).min(1).max(100).optional().describe('Statements that take it back.'),
});

export type SqlStepSpec = z.output<typeof sqlStepSchema>;
