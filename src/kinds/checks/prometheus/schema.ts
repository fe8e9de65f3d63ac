import type { JsonValue } from '@tminus/verify';
import { z } from 'zod';

import type { Fence, ReadFence, ReadSpec } from '../../../core/check/check.ts';
import { infoLine, readAttributes } from '../fence-attributes.ts';
import { splitExpectations } from '../fence-lines.ts';
import { durationSchema } from '../quantity.ts';
import { readSchema } from '../read-schema.ts';

/** What may be written for a `prometheus` check. */
export const prometheusSchema = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2000)
    .refine((url) => url.includes('{{') || isServer(url), 'expected an http or https url without credentials')
    .meta({ description: 'Address of the server, without /api/v1.' }),
  query: z.string().trim().min(1).max(4000).meta({ description: 'PromQL.' }),
  range: durationSchema({ min: 0, max: 90 * 86_400_000, standard: 0 }).meta({
    description: 'Looks back this long and takes every step; without it, one instant is asked.',
  }),
  step: durationSchema({ min: 1000, max: 86_400_000, standard: 60_000 }).meta({
    description: 'Distance of the samples of a range.',
  }),
  maxAge: durationSchema({ min: 1000, max: 30 * 86_400_000, standard: 300_000 }).meta({
    description: 'Older samples count as not there: the check is then unknown.',
  }),
  timeout: durationSchema({ min: 100, max: 600_000, standard: 10_000 }),
  tokenEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable')
    .meta({ description: 'Environment variable that holds a bearer token.' })
    .optional(),
});

/** A spec that was read, with its types. */
export type PrometheusSpec = z.output<typeof prometheusSchema>;

/** Reads what was written under `yaml check`. */
export function readPrometheusSpec(written: JsonValue): ReadSpec {
  return readSchema(prometheusSchema, written);
}

/** Reads a ```promql fence: attributes are the keys of the spec, the last `# expect` lines the expectations, the rest the query. */
export function readPrometheusFence(fence: Fence): ReadFence {
  const { lines, expectations } = splitExpectations(fence.text, /^\s*#\s*expect\s+/);
  const { spec } = readAttributes(fence, []);
  const read = readPrometheusSpec({ ...spec, query: lines.join('\n') });
  if (read.ok) return { ...read, expectations };
  const faults = read.faults.map(({ path, expected, got, hint }) => {
    return { line: path[0] === 'query' ? 0 : infoLine, column: 1, expected, got, hint };
  });
  return { ok: false, faults };
}

function isServer(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === ''
  );
}
