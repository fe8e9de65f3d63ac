import { z } from 'zod';

import { durationSchema, sizeSchema } from '../quantity.ts';

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** What may be written under `kind: http`. Texts may hold templates. */
export const httpSchema = z.strictObject({
  method: z.enum(methods).default('GET').describe('Request method.'),
  url: z.string().min(1).max(8192).describe('Absolute http or https URL, without credentials.'),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/), z.string().regex(/^[^\r\n\0]*$/))
    .default({})
    .describe('Request headers.'),
  body: z.string().nullable().default(null).describe('Request body.'),
  timeout: durationSchema({ min: 1, max: 300_000, standard: 10_000 }).describe(
    'Limit for the whole exchange, redirects included.',
  ),
  limit: sizeSchema({ min: 1, max: 64 * 1024 ** 2, standard: 1024 ** 2 }).describe(
    'Largest body, after decompression.',
  ),
  follow: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Redirects that are followed; 0 leaves a redirect to be judged.'),
  ca: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('PEM file in the workspace with the only certificate authorities to trust.'),
  // Absent where it is not asked for: a default would change the digest of every check that was written before.
  probe: z
    .strictObject({
      for: durationSchema({ min: 100, max: 3_600_000, standard: 60_000 }).describe('How long it asks.'),
      every: durationSchema({ min: 20, max: 60_000, standard: 1_000 }).describe('From one request to the next.'),
    })
    .refine((probe) => probe.for / probe.every <= 20_000, { error: 'at most 20,000 requests: a longer `every`' })
    .optional()
    .describe('Asks again and again, and counts what failed: no downtime during a deploy is `probes.failed == 0`.'),
});

export type HttpSpec = z.output<typeof httpSchema>;
