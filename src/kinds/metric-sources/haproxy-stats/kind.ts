import { z } from 'zod';

import type { MetricContext, MetricSourceKind } from '../../../core/rollout/metric-source-kind.ts';
import { resolveInWorkspace } from '../../checks/workspace-file.ts';
import { fetchBody } from '../fetch-body.ts';
import type { Fetched } from '../fetch-body.ts';
import { findSelectorFaults, pickSeries, selectorsOf } from '../measure-selectors.ts';
import { findFaults, samplingOptions, serverUrl } from '../read-source-options.ts';
import { createMeasureMeter } from '../to-measure-reading.ts';
import { askSocket } from './ask-socket.ts';
import { counterColumns, parseStats } from './parse-stats.ts';

const schema = z
  .strictObject({ socket: z.string().min(1).max(200).optional(), url: serverUrl.optional(), ...samplingOptions })
  .refine(({ socket, url }) => (socket === undefined) !== (url === undefined), {
    path: ['socket'],
    message: 'one of socket, a path in the repository, and url, the page of statistics as CSV',
  });

type Options = z.output<typeof schema>;
type Faults = ReturnType<MetricSourceKind['measureFaults']>;

/** The counters of a HAProxy itself: what its servers answered, and what it could not reach. */
export const haproxyStatsSource: MetricSourceKind = {
  kind: 'haproxy-stats',
  summary:
    'Counters of HAProxy by proxy and server, from its runtime socket or its page of statistics; it has no histograms.',
  faults: (options) => findFaults(schema, options),
  measureFaults: (measure) => {
    const faults = findSelectorFaults(measure, true);
    if (faults.length > 0) return faults;
    return measure.counts.kind === 'histogram' ? histogramFaults : columnFaults(measure);
  },
  async open(written, context) {
    const options = schema.parse(written);
    const meter = createMeasureMeter({ everyMs: options.scrape });
    return {
      async read(measure) {
        const fetched = await fetchStats(options, context);
        if (!fetched.ok) return { state: 'error', reason: fetched.reason };
        if (fetched.status !== 200) return { state: 'error', reason: `expected status 200, got ${fetched.status}` };
        const atMs = context.now();
        const series = parseStats(Buffer.from(fetched.body).toString('utf8'), atMs);
        if (series === null)
          return {
            state: 'error',
            reason: 'expected a table of statistics that begins with # pxname,svname, got something else',
          };
        const picked = pickSeries(selectorsOf(measure), { stable: series, canary: series });
        return meter.take(measure, { askedAtMs: atMs, arms: picked });
      },
      close: async () => undefined,
    };
  },
};

async function fetchStats({ socket, url, timeout }: Options, context: MetricContext): Promise<Fetched> {
  if (url !== undefined) return await fetchBody(new URL(url), timeout, context);
  const found = await resolveInWorkspace(context.workspace, socket ?? '');
  if (!found.ok) return { ok: false, reason: found.trouble.message };
  return await askSocket(found.path, 'show stat', AbortSignal.any([context.signal, AbortSignal.timeout(timeout)]));
}

const histogramFaults: Faults = [
  {
    path: 'buckets',
    expected: 'counts of events',
    got: 'a histogram, which HAProxy has none of',
    hint: 'take the latency from the application',
  },
];

function columnFaults(measure: Parameters<MetricSourceKind['measureFaults']>[0]): Faults {
  const { total, bad } = selectorsOf(measure).stable;
  const odd = [...total, ...bad].find(({ name }) => !counterColumns.includes(name));
  if (odd === undefined) return [];
  return [
    {
      path: total.includes(odd) ? 'total' : 'bad',
      expected: `one of ${counterColumns.join(', ')}`,
      got: odd.name,
      hint: 'write hrsp_5xx{proxy="app",server="$arm"}',
    },
  ];
}
