import type { MeasureReading } from '../../../core/rollout/measure-reading.ts';
import type { AlertReading, MetricContext, MetricSourceKind } from '../../../core/rollout/metric-source-kind.ts';
import type { Measure } from '../../../core/rollout/rollout.ts';
import { Unreadable } from '../../checks/unreadable.ts';
import type { CounterAnswer } from '../counter-series.ts';
import { fetchBody } from '../fetch-body.ts';
import { findSelectorFaults, selectorsOf } from '../measure-selectors.ts';
import { findFaults } from '../read-source-options.ts';
import { createMeasureMeter } from '../to-measure-reading.ts';
import { prometheusOptions } from './options.ts';
import { readAlerts, toAlertQuery } from './alerts.ts';
import { toQuery } from './query.ts';
import { readAnswer } from './read-answer.ts';

/** Prometheus, or what answers its HTTP API. */
export const prometheusSource: MetricSourceKind = {
  kind: 'prometheus',
  summary: 'Raw counters of a Prometheus, both arms in one query, each with the time of its sample.',
  knowsAlerts: true,
  faults: (options) => findFaults(prometheusOptions, options),
  measureFaults: (measure) => findSelectorFaults(measure, true),
  async open(options, context) {
    const { url, scrape, timeout } = prometheusOptions.parse(options);
    const meter = createMeasureMeter({ everyMs: scrape });
    return {
      async read(measure) {
        const answer = await ask(measure, { url, timeout, context });
        return 'state' in answer ? answer : meter.take(measure, answer);
      },
      alerts: (launch) => askAlerts(launch, { url, timeout, context }),
      close: async () => undefined,
    };
  },
};

/** The API answers these with a body that says what was wrong with the query. */
const speaking = new Set([200, 400, 422, 503]);

interface Asking {
  url: string;
  timeout: number;
  context: MetricContext;
}

async function ask(measure: Measure, asking: Asking): Promise<CounterAnswer | MeasureReading> {
  const answer = await askFor(toQuery(selectorsOf(measure)), asking, readAnswer);
  return 'read' in answer ? answer.read : { state: 'error', reason: answer.trouble };
}

async function askAlerts(launch: string, asking: Asking): Promise<AlertReading> {
  const answer = await askFor(toAlertQuery(launch), asking, readAlerts);
  return 'read' in answer ? { state: 'read', firing: answer.read } : { state: 'error', reason: answer.trouble };
}

/** What an answer says, or why there is none. */
async function askFor<Found>(
  text: string,
  { url, timeout, context }: Asking,
  read: (body: Uint8Array) => Found,
): Promise<{ read: Found } | { trouble: string }> {
  const query = new URLSearchParams({ query: text, timeout: `${timeout}ms` });
  const fetched = await fetchBody(
    new URL(`${url.replace(/\/+$/, '')}/api/v1/query?${String(query)}`),
    timeout,
    context,
  );
  if (!fetched.ok) return { trouble: fetched.reason };
  if (!speaking.has(fetched.status)) return { trouble: `${url}: expected status 200, got ${fetched.status}` };
  try {
    return { read: read(fetched.body) };
  } catch (error) {
    if (error instanceof Unreadable) return { trouble: `${url}: ${error.message}` };
    throw error;
  }
}
