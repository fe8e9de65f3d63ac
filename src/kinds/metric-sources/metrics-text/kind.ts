import { z } from 'zod';

import type { MeasureReading } from '../../../core/rollout/measure-reading.ts';
import type { MetricContext, MetricSourceKind } from '../../../core/rollout/metric-source-kind.ts';
import type { Arm } from '../../../core/rollout/rollout.ts';
import type { CounterSeries } from '../counter-series.ts';
import { fetchBody } from '../fetch-body.ts';
import { findSelectorFaults, pickSeries, selectorsOf } from '../measure-selectors.ts';
import { findFaults, samplingOptions, serverUrl } from '../read-source-options.ts';
import { createMeasureMeter } from '../to-measure-reading.ts';
import { parseExposition } from './parse-exposition.ts';

const schema = z.strictObject({ stable: serverUrl, canary: serverUrl, ...samplingOptions });

type Options = z.output<typeof schema>;

/** The pages of metrics of the two arms themselves, without any server between. */
export const metricsTextSource: MetricSourceKind = {
  kind: 'metrics-text',
  summary:
    'The pages of metrics of both arms, in the text format of Prometheus or OpenMetrics, asked at the same moment.',
  faults: (options) => findFaults(schema, options),
  measureFaults: (measure) => findSelectorFaults(measure, false),
  async open(written, context) {
    const options = schema.parse(written);
    const meter = createMeasureMeter({ everyMs: options.scrape });
    return {
      async read(measure) {
        const [stable, canary] = await Promise.all([
          readPage('stable', options, context),
          readPage('canary', options, context),
        ]);
        if (!Array.isArray(stable)) return stable;
        if (!Array.isArray(canary)) return canary;
        const arms = pickSeries(selectorsOf(measure), { stable, canary });
        return meter.take(measure, { askedAtMs: context.now(), arms });
      },
      close: async () => undefined,
    };
  },
};

async function readPage(arm: Arm, options: Options, context: MetricContext): Promise<CounterSeries[] | MeasureReading> {
  const url = new URL(options[arm]);
  const fetched = await fetchBody(url, options.timeout, context);
  // Taken when the page was there: until then its counters rise.
  const now = context.now();
  if (!fetched.ok) return { state: 'error', reason: `${arm}: ${fetched.reason}` };
  if (fetched.status !== 200)
    return { state: 'error', reason: `${arm}: ${url.host}: expected status 200, got ${fetched.status}` };
  const text = Buffer.from(fetched.body).toString('utf8');
  const page = parseExposition(text, fetched.mediaType.startsWith('application/openmetrics-text'));
  if (!page.ok) return { state: 'error', reason: `${arm}: line ${page.line} of ${url.href}: ${page.reason}` };
  return page.samples.map(({ name, labels, value, atMs }) => ({
    name,
    labels,
    value,
    target: url.href,
    atMs: atMs ?? now,
  }));
}
