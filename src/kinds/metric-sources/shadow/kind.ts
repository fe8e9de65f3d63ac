import { z } from 'zod';

import type { MeasureReading } from '../../../core/rollout/measure-reading.ts';
import type { MetricSourceKind } from '../../../core/rollout/metric-source-kind.ts';
import { shadowCounters } from '../../../core/rollout/shadow/shadow-declaration.ts';
import { toShortReport } from '../../../core/rollout/shadow/shadow-report.ts';
import type { ShadowReport } from '../../../core/rollout/shadow/shadow-report.ts';
import { readReport } from '../../shadow/read-report.ts';
import { arms } from '../counter-series.ts';
import type { CounterSeries } from '../counter-series.ts';
import { fetchBody } from '../fetch-body.ts';
import { findSelectorFaults, pickSeries, selectorsOf } from '../measure-selectors.ts';
import { findFaults, samplingOptions, serverUrl } from '../read-source-options.ts';
import { createMeasureMeter } from '../to-measure-reading.ts';

const schema = z.strictObject({ url: serverUrl, ...samplingOptions });

/** What `tminus shadow` counts: answers of the canary held against those of the stable arm, and those of the stable arm against themselves. */
export const shadowSource: MetricSourceKind = {
  kind: 'shadow',
  summary:
    'Answers that a shadow compared, and those that differ in more than noise, from the address where it reports.',
  faults: (options) => findFaults(schema, options),
  measureFaults: (measure) => findSelectorFaults(measure, true),
  async open(written, context) {
    const { url, timeout, scrape } = schema.parse(written);
    const meter = createMeasureMeter({ everyMs: scrape });
    return {
      async read(measure) {
        const fetched = await fetchBody(new URL('/report', url), timeout, context);
        if (!fetched.ok) return error(fetched.reason);
        if (fetched.status !== 200) return error(`expected status 200, got ${fetched.status}`);
        const report = readReport(Buffer.from(fetched.body).toString('utf8'));
        if (report === null) return error('expected the report of a shadow, got something else');
        const askedAtMs = context.now();
        const series = toSeries(report, askedAtMs);
        if (series.length === 0) return { state: 'no_data', reason: 'the shadow has not compared an answer yet' };
        const picked = pickSeries(selectorsOf(measure), { stable: series, canary: series });
        const reading = meter.take(measure, { askedAtMs, arms: picked });
        return reading.state === 'read' ? { ...reading, differences: toShortReport(report.routes) } : reading;
      },
      close: async () => undefined,
    };
  },
};

function error(reason: string): MeasureReading {
  return { state: 'error', reason: `the shadow: ${reason}` };
}

/** Routes without an answer to compare are left out: there a stop is no zero. */
function toSeries({ process, routes }: ShadowReport, atMs: number): CounterSeries[] {
  return routes
    .filter((one) => one.arms.canary.total > 0)
    .flatMap((one) =>
      arms.flatMap((arm) =>
        (['total', 'bad'] as const).map((part) => ({
          name: shadowCounters[part],
          labels: { arm, route: one.route },
          target: process,
          value: one.arms[arm][part],
          atMs,
        })),
      ),
    );
}
