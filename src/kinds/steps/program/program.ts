import { z } from 'zod';

import { durationSchema, sizeSchema } from '../../checks/quantity.ts';

/** What every step that runs a program may say about where and within which limits. */
export const programKeys = {
  cwd: z.string().min(1).default('.').describe('Folder in the workspace.'),
  sandbox: z
    .enum(['preferred', 'required'])
    .default('preferred')
    .describe('`required` fails the step where there is no sandbox; else it runs without one and says so.'),
  network: z.enum(['host', 'none']).default('host').describe('`none` wants a sandbox and fails without one.'),
  handover: z
    .enum(['descriptor', 'file', 'environment'])
    .default('descriptor')
    .describe('How secrets come: as the path of a descriptor, the path of a file, or as they are in the environment.'),
  grace: durationSchema({ min: 0, max: 600_000, standard: 5_000 }).describe(
    'Time between SIGTERM and the end of everything.',
  ),
  output: sizeSchema({ min: 1024, max: 1024 ** 3, standard: 16 * 1024 ** 2 }).describe(
    'Bytes logged of each output stream, half from its start and half from its end.',
  ),
  fileSize: sizeSchema({ min: 1, max: 2 ** 50, standard: 8 * 1024 ** 3 }).describe('Largest file that it may write.'),
  processes: z.number().int().min(1).max(100_000).default(1000).describe('More processes than this end the step.'),
  memory: z
    .union([sizeSchema({ min: 1024 ** 2, max: 2 ** 50, standard: 1024 ** 2 }), z.null()])
    .default(null)
    .describe('Address space of each process in bytes; not limited unless given.'),
} as const;

/** What a program step is to run, when all templates have become variables. */
export interface Program {
  argv: readonly string[];
  /** Variables beside PATH, HOME, LANG and those of the attempt. */
  env: { readonly [name: string]: string };
  stdin: string | null;
  cwd: string;
  sandbox: 'preferred' | 'required';
  network: 'host' | 'none';
  handover: 'descriptor' | 'file' | 'environment';
  grace: number;
  output: number;
  fileSize: number;
  processes: number;
  memory: number | null;
}
