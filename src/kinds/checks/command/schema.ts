import { z } from 'zod';

import { durationSchema, sizeSchema } from '../quantity.ts';

const argument = z
  .string()
  .max(128 * 1024)
  .regex(/^[^\0]*$/, 'a text without NUL');

/** What may be written under `kind: command`: either `argv`, handed over as it stands, or a script for a shell that is named. */
export const commandSchema = z
  .strictObject({
    argv: z
      .array(argument)
      .min(1)
      .max(1000)
      .nullable()
      .default(null)
      .describe('Program and arguments; no shell reads them.'),
    shell: z.enum(['sh', 'bash']).nullable().default(null).describe('Shell for `script`.'),
    script: argument.nullable().default(null).describe('Script, run as `sh -eu -c` or `bash -eu -o pipefail -c`.'),
    cwd: z.string().min(1).default('.').describe('Folder in the workspace.'),
    env: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/), argument)
      .default({})
      .describe('Environment besides PATH, HOME and LANG; nothing else is inherited.'),
    timeout: durationSchema({ min: 1, max: 24 * 3_600_000, standard: 60_000 }).describe(
      'Time after which the whole process tree is killed.',
    ),
    limit: sizeSchema({ min: 2, max: 64 * 1024 ** 2, standard: 1024 ** 2 }).describe(
      'Bytes kept of each output stream, half from its start and half from its end.',
    ),
    memory: z
      .union([z.number().int().positive(), z.null()])
      .default(null)
      .describe('Address space of each process in bytes; not limited unless given.'),
  })
  .superRefine((spec, context) => {
    const hasScript = spec.script !== null && spec.shell !== null;
    if (spec.argv === null ? !hasScript : spec.script !== null || spec.shell !== null) {
      context.addIssue({ code: 'custom', message: 'either argv, or shell and script', path: ['argv'] });
    }
    // Programs that read their own name, and wrappers that pass it on, would take it for an option.
    if (spec.argv?.[0] === '' || spec.argv?.[0]?.startsWith('-'))
      context.addIssue({ code: 'custom', message: 'a program name', path: ['argv', 0] });
  });

export type CommandSpec = z.output<typeof commandSchema>;
