import { z } from 'zod';

import { durationSchema } from '../quantity.ts';

/** A revision may hold a template, so only what Git could take for an option or for several words is refused here. */
const revision = z
  .string()
  .max(255)
  .regex(/^(?!-)[^\0\n\r]+$/, 'a revision such as HEAD, a branch, a tag or a commit');

/** What may be written under `kind: git`. */
export const gitSchema = z
  .strictObject({
    path: z.string().min(1).default('.').describe('Folder of the repository in the workspace.'),
    ref: revision.default('HEAD').describe('Commit that is looked at.'),
    ancestor: revision
      .nullable()
      .default(null)
      .describe('Commit that must be contained in `ref`: gives the fact `ancestor`.'),
    file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('File whose authors are listed, from its whole history and its renames.'),
    reviewer: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .nullable()
      .default(null)
      .describe('Name and addresses of one person: gives the fact `reviewerIsAuthor` for `file`.'),
    timeout: durationSchema({ min: 1, max: 300_000, standard: 30_000 }).describe('Limit for all questions to Git.'),
  })
  .refine((spec) => spec.reviewer === null || spec.file !== null, {
    message: 'a file whose authors the reviewer is held against',
    path: ['file'],
  });

export type GitSpec = z.output<typeof gitSchema>;
