import { z } from 'zod';

import type { Labels } from '../../../core/rollout/selector.ts';
import type { ReceivedCount } from '../series-store.ts';

/** 64-bit numbers are texts in the JSON of protobuf; either is read. */
const count = z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number);
const value = z.looseObject({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
  doubleValue: z.number().optional(),
});
const attributes = z.array(z.looseObject({ key: z.string(), value })).default([]);
const temporality = z
  .union([z.literal([1, 2]), z.enum(['AGGREGATION_TEMPORALITY_DELTA', 'AGGREGATION_TEMPORALITY_CUMULATIVE'])])
  .transform((word) => (word === 1 || word === 'AGGREGATION_TEMPORALITY_DELTA' ? 'delta' : 'cumulative'));
const numberPoint = z.looseObject({ attributes, asInt: count.optional(), asDouble: z.number().min(0).optional() });
const histogramPoint = z.looseObject({ attributes, bucketCounts: z.array(count), explicitBounds: z.array(z.number()) });
const metric = z.looseObject({
  name: z.string().min(1).max(300),
  sum: z
    .looseObject({
      dataPoints: z.array(numberPoint),
      aggregationTemporality: temporality,
      isMonotonic: z.boolean().default(false),
    })
    .optional(),
  histogram: z.looseObject({ dataPoints: z.array(histogramPoint), aggregationTemporality: temporality }).optional(),
});
const request = z.looseObject({
  resourceMetrics: z
    .array(
      z.looseObject({
        resource: z.looseObject({ attributes }).default({ attributes: [] }),
        scopeMetrics: z.array(z.looseObject({ metrics: z.array(metric).default([]) })).default([]),
      }),
    )
    .default([]),
});

type Metric = z.output<typeof metric>;

/**
 * Returns the counters of an export request of OTLP/HTTP in JSON (OpenTelemetry protocol 1.x, metrics service), or null where it is none. Sums that only
 * rise and histograms count, these as `NAME_bucket` with cumulative buckets; the attributes of the resource are labels, too.
 */
export function parseMetrics(text: string): ReceivedCount[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = request.safeParse(json);
  if (!read.success) return null;
  return read.data.resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const common = toLabels(resource.attributes);
    const target = JSON.stringify([common['service.name'] ?? '', common['service.instance.id'] ?? '']);
    const metrics = scopeMetrics.flatMap((scope) => scope.metrics);
    return metrics.flatMap((one) =>
      [...countsOfSum(one), ...countsOfHistogram(one)].map((each) => ({
        ...each,
        labels: { ...common, ...each.labels },
        target,
      })),
    );
  });
}

type Counted = Pick<ReceivedCount, 'name' | 'labels' | 'value'>;

function countsOfSum({ name, sum }: Metric): Counted[] {
  if (sum === undefined || !sum.isMonotonic) return [];
  return sum.dataPoints.flatMap((point) => {
    const number = point.asInt ?? point.asDouble;
    if (number === undefined) return [];
    return [{ name, labels: toLabels(point.attributes), value: toValue(sum.aggregationTemporality, number) }];
  });
}

function countsOfHistogram({ name, histogram }: Metric): Counted[] {
  return (histogram?.dataPoints ?? []).flatMap(({ attributes: own, bucketCounts, explicitBounds }) => {
    let below = 0;
    return bucketCounts.map((more, index) => {
      below += more;
      const le = index < explicitBounds.length ? String(explicitBounds[index]) : '+Inf';
      const word = histogram?.aggregationTemporality ?? 'cumulative';
      return { name: `${name}_bucket`, labels: { ...toLabels(own), le }, value: toValue(word, below) };
    });
  });
}

function toValue(word: 'delta' | 'cumulative', number: number): ReceivedCount['value'] {
  return word === 'delta' ? { more: number } : { all: number };
}

function toLabels(list: z.output<typeof attributes>): Labels {
  return Object.fromEntries(
    list.map(({ key, value: { stringValue, boolValue, intValue, doubleValue } }) => [
      key,
      String(stringValue ?? boolValue ?? intValue ?? doubleValue ?? ''),
    ]),
  );
}
