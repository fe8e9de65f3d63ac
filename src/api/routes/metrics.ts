import { chooseFormat } from '../../core/metric/choose-format.ts';
import { expositionTypes, renderExposition } from '../../core/metric/render-exposition.ts';
import type { MetricFamily } from '../../core/metric/render-exposition.ts';
import type { Log } from '../../engine/log/open-log.ts';
import { readScrape } from '../../engine/monitor/read-scrape.ts';
import { orThisMachine, may } from '../access.ts';
import { readStatus, statusWithinMs } from '../read-status.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { readinessOf } from './health.ts';

function toLogFamily(log: Log): MetricFamily {
  return {
    name: 'tminus_log_lines',
    type: 'counter',
    help: 'Lines of the log of this server, by level, written or not.',
    samples: Object.entries(log.counts()).map(([level, value]) => ({ suffix: '', labels: { level }, value })),
  };
}

/** What this installation says to Prometheus. */
export const metricsRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/metrics',
    id: 'scrapeMetrics',
    summary: 'Every figure for a scraper, in OpenMetrics 1.0 or the text format of Prometheus; also at /metrics',
    tag: 'health',
    access: orThisMachine(may('run.view', 'any')),
    produces: expositionTypes.openmetrics,
    handle: async ({ parts, request, reply }) => {
      const { store, version, times, log } = parts;
      const [{ health }, { ready: isReady }] = await Promise.all([readStatus(parts), readinessOf(parts)]);
      const counted = [...times.families(), ...(log === null ? [] : [toLogFamily(log)])];
      const families = await readScrape({ store, health, withinMs: statusWithinMs, version, isReady, counted });
      const format = chooseFormat(request.headers.accept ?? '');
      return reply
        .header('cache-control', 'no-store')
        .header('vary', 'accept')
        .type(expositionTypes[format])
        .send(renderExposition(families, format));
    },
  }),
];
