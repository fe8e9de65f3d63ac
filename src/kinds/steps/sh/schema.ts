import { z } from 'zod';

import { programKeys } from '../program/program.ts';

/** What may be written under `kind: sh`, or as attributes of a fence in the language `sh` or `bash`. */
export const shSchema = z.strictObject({
  shell: z.enum(['sh', 'bash']).default('sh').describe('Run as `sh -eu -c` or `bash -eu -o pipefail -c`.'),
  script: z
    .string()
    .min(1)
    .max(100_000)
    .regex(/^[^\0]*$/, 'a text without NUL')
    .describe('Script. A template in it becomes a variable: its value never becomes part of the script.'),
  ...programKeys,
});

export type ShSpec = z.output<typeof shSchema>;
