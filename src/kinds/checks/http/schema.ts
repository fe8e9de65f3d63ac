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
});

export type HttpSpec = z.output<typeof httpSchema>;
