import { z } from 'zod';

import { programKeys } from '../program/program.ts';

const argument = z
  .string()
  .max(128 * 1024)
  .regex(/^[^\0]*$/, 'a text without NUL');

/** What may be written under `kind: command`. */
export const commandSchema = z.strictObject({
  argv: z
    .array(argument)
    .min(1)
    .max(1000)
    .describe('Program and arguments; no shell reads them. A value comes as it is, a secret as the path of a file.'),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), argument)
    .default({})
    .describe('Environment besides PATH, HOME, LANG and the variables of the run; nothing else is inherited.'),
  stdin: argument.nullable().default(null).describe('Standard input; empty unless given.'),
  ...programKeys,
});

export type CommandSpec = z.output<typeof commandSchema>;
