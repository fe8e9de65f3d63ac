import { z } from 'zod';

import { objectStoreSchema } from '../object-store-option.ts';

const secret = z
  .string()
  .regex(/^\{\{\s*secret\s+"[^"]+"\s*\}\}$/, 'the template of a secret, such as {{ secret "shop/age" }}');

/** What may be written under `kind: restore-drill`. */
export const drillStepSchema = z.strictObject({
  archive: z.string().min(1).max(400).describe('The archive, from the launch repository, or s3://bucket/key.'),
  store: objectStoreSchema.nullable().default(null).describe('The store of objects that s3:// leads to (S3 API).'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 hex digits')
    .nullable()
    .default(null)
    .describe('As it was recorded when it was written; without it the file beside the archive is read.'),
  identity: secret.nullable().default(null).describe('Secret that opens an encrypted archive (age).'),
  server: z
    .string()
    .min(1)
    .max(2000)
    .nullable()
    .default(null)
    .describe('A Postgres that may be written to, never one of production; without it one is started for the drill.'),
  password: secret.nullable().default(null).describe('Secret that holds the password of that server.'),
});

export type DrillStepSpec = z.output<typeof drillStepSchema>;
