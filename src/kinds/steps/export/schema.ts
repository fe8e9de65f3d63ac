import { z } from 'zod';

import { toInstantMs } from '../../../core/gate/instant.ts';
import { objectStoreSchema } from '../object-store-option.ts';

/** An instant is read with the document: a word that is none is a fault of the document. */
function momentSchema(pattern: RegExp, expected: string) {
  return z
    .string()
    .regex(pattern, expected)
    .refine((text) => text === 'switch' || toInstantMs(text) !== null, expected)
    .nullable()
    .default(null);
}

/** What may be written under `kind: export`. */
export const exportStepSchema = z.strictObject({
  datasets: z
    .array(z.string().min(1).max(200))
    .max(200)
    .default([])
    .describe('Ids of datasets; none is everything that Tminus keeps.'),
  side: z.enum(['target', 'source']).default('target').describe('Which side of the datasets is written.'),
  since: momentSchema(
    /^(?:switch|\d{4}-\d{2}-\d{2}T.*)$/,
    'switch, or an instant such as 2026-11-22T01:10:00Z',
  ).describe(
    'Only records of the target that were written from here on, by the column that `partial` of the dataset names: `switch`, or an RFC 3339 instant.',
  ),
  until: momentSchema(/^\d{4}-\d{2}-\d{2}T/, 'an instant such as 2026-11-22T02:00:00Z').describe(
    'And before here, an RFC 3339 instant; without it the state that is read.',
  ),
  file: z
    .string()
    .regex(
      /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).{1,400}\.(?:tar\.gz|tar\.gz\.age)$/,
      'a path such as exports/orders.tar.gz, from the launch repository',
    )
    .describe(
      'Where the archive is written, from the launch repository, or s3://bucket/key; its sha256 lies beside it. Never overwritten.',
    ),
  store: objectStoreSchema.nullable().default(null).describe('The store of objects that s3:// leads to (S3 API).'),
  recipients: z
    .array(z.string().regex(/^age1[0-9a-z]{20,}$/, 'a recipient such as age1...'))
    .max(20)
    .default([])
    .describe('Who can open it; none writes it in the clear.'),
});

export type ExportStepSpec = z.output<typeof exportStepSchema>;
