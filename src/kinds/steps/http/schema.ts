import { z } from 'zod';

import { durationSchema, sizeSchema } from '../../checks/quantity.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const headers = z
  .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/), z.string().regex(/^[^\r\n\0]*$/))
  .default({})
  .describe('Request headers; where a header holds a secret, write its template.');
const url = z.string().min(1).max(8192).describe('Absolute http or https URL, without credentials.');
const expectations = z.array(z.string().min(1)).min(1);
const success = ['status >= 200', 'status < 300'];

const write = {
  method: z.enum(methods).default('POST').describe('Request method.'),
  url,
  headers,
  body: z.string().nullable().default(null).describe('Request body as it stands.'),
  json: z.json().optional().describe('Request body as JSON, instead of `body`.'),
  expect: expectations.default(success).describe('What must hold of the answer, in the language of http checks.'),
};

/** What may be written under `kind: http`. */
export const httpSchema = z.strictObject({
  ...write,
  timeout: durationSchema({ min: 1, max: 600_000, standard: 30_000 }).describe('Limit for one exchange.'),
  limit: sizeSchema({ min: 1, max: 64 * 1024 ** 2, standard: 1024 ** 2 }).describe('Largest body of an answer.'),
  ca: z.string().min(1).nullable().default(null).describe('PEM file in the workspace with the authorities to trust.'),
  probe: z
    .strictObject({ method: z.enum(['GET', 'HEAD']).default('GET'), url, headers, expect: expectations })
    .optional()
    .describe(
      'Request that tells after an interruption whether the step took effect: it did where all of `expect` holds.',
    ),
  undo: z.strictObject(write).optional().describe('Request that takes the step back.'),
});

export type HttpSpec = z.output<typeof httpSchema>;

/** One request with what is expected of its answer. */
export type HttpRequest = Pick<HttpSpec, 'url' | 'headers' | 'expect'> & {
  method: string;
  body: string | null;
};
