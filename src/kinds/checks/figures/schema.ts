import { z } from 'zod';

import { readMetricBound } from '../../../core/dashboard/read-metric-bound.ts';
import type { MetricBound } from '../../../core/dashboard/read-metric-bound.ts';
import { fileKeys } from '../report-spec.ts';

const bound = z
  .string()
  .max(100)
  .refine((text) => readMetricBound(text) !== null, 'expected a bound such as "> 50%"');

/** A bound that was read with its schema. */
export function boundOf(text: string): MetricBound {
  const read = readMetricBound(text);
  if (read === null) throw new Error(`expected a bound, got ${text}`);
  return read;
}

/** Whether a figure is one-sided: well on the one side, an alert on the other, and nothing is both. */
function arePair({ target, alert }: { target: string; alert: string }): boolean {
  const [well, broken] = [readMetricBound(target), readMetricBound(alert)];
  if (well === null || broken === null) return true;
  const isFloor = well.is.startsWith('>');
  if (well.unit !== broken.unit || isFloor === broken.is.startsWith('>')) return false;
  const isTouching = well.is.endsWith('=') && broken.is.endsWith('=') && well.value === broken.value;
  return !isTouching && (isFloor ? broken.value <= well.value : broken.value >= well.value);
}

const wanted = z
  .strictObject({
    target: bound.meta({ description: 'Where it is well, such as "> 50%".' }),
    alert: bound.meta({
      description: 'Where it is no longer bearable, such as "< 30%"; what lies between is a warning.',
    }),
  })
  .refine(arePair, 'expected an alert on the other side of the target, in its unit, such as "> 50%" and "< 30%"');

/** What may be written for a `figures` check. */
export const figuresSchema = z.strictObject({
  path: fileKeys.path,
  figures: z
    .record(z.string().regex(/^[A-Za-z0-9][\w.+-]{0,62}$/), wanted)
    .refine((figures) => Object.keys(figures).length > 0, 'expected at least one figure')
    .meta({ description: 'Figures by name, with target and alert.' }),
  maxAge: fileKeys.maxAge.unwrap().default('30d').meta({ description: 'A figure of an earlier date does not count.' }),
});

/** A spec that was read. */
export type FiguresSpec = z.output<typeof figuresSchema>;
