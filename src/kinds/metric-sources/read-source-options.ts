import { z } from 'zod';

import type { MetricSourceKind } from '../../core/rollout/metric-source-kind.ts';
import { durationSchema } from '../checks/quantity.ts';
import { readSchema } from '../checks/read-schema.ts';

/** Options that most sources have. `scrape` is the time between two samples, by which it is judged how old is too old. */
export const samplingOptions = {
  scrape: durationSchema({ min: 100, max: 600_000, standard: 15_000 }),
  timeout: durationSchema({ min: 50, max: 60_000, standard: 5_000 }),
};

/** The address of a server: http or https, without user or password, which the document would keep for ever. */
export const serverUrl = z
  .string()
  .max(2_000)
  .refine((text) => text.includes('{{') || isServerUrl(text), 'expected an http or https url without credentials');

function isServerUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Returns the faults of options by their schema. */
export function findFaults(
  schema: z.ZodType,
  options: { readonly [key: string]: string },
): ReturnType<MetricSourceKind['faults']> {
  const read = readSchema(schema, { ...options });
  return read.ok ? [] : read.faults.map(({ path, ...fault }) => ({ path: path.join('.'), ...fault }));
}
