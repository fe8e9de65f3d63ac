import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, describe, expect, it } from 'vitest';

import type { Arm, Measure } from '../../src/core/rollout/rollout.ts';
import { metricsTextSource } from '../../src/kinds/metric-sources/metrics-text/kind.ts';
import { prometheusSource } from '../../src/kinds/metric-sources/prometheus/kind.ts';
import { eventsOf, metricContext, metricSourceContract } from '../contract/metric-source-contract.ts';
import type { MetricSourceUnderTest } from '../contract/metric-source-contract.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import type { CounterApp } from '../doubles/counter-app.ts';
import { startPrometheus } from '../servers/start-prometheus.ts';

type Apps = { [arm in Arm]: CounterApp };

async function startApps(): Promise<Apps> {
  return { stable: await startCounterApp('stable'), canary: await startCounterApp('canary') };
}

const [ofText, ofPrometheus, ofHistogram] = [await startApps(), await startApps(), await startApps()];
const prometheus = await startPrometheus(
  [ofPrometheus, ofHistogram].flatMap(({ stable, canary }) => [stable.host, canary.host]),
);
const missing = prometheus.state === 'missing' ? prometheus.reason : null;
const url = prometheus.state === 'started' ? prometheus.url : 'http://127.0.0.1:1';

afterAll(async () => {
  if (prometheus.state === 'started') await prometheus.stop();
  for (const { stable, canary } of [ofText, ofPrometheus, ofHistogram])
    await Promise.all([stable.stop(), canary.stop()]);
});

/** Selectors that see only the apps of one test. */
function measureOf({ stable, canary }: Apps, over: Partial<Measure> = {}): Measure {
  const on = `arm="$arm",instance=~"${stable.host}|${canary.host}"`;
  return eventsOf(`http_requests_total{${on}}`, `http_requests_total{${on},code=~"5.."}`, over);
}

function mistyped(total: string, bad: string): { [what: string]: Measure } {
  return {
    'name of the total': eventsOf(total.replace('requests', 'request'), bad),
    'name of the bad events': eventsOf(total, bad.replace('requests', 'request')),
    'label of the bad events': eventsOf(total, bad.replace('code', 'status')),
    arm: eventsOf(total.replace('arm=', 'side='), bad),
  };
}

function sourceOf(apps: Apps): Pick<MetricSourceUnderTest, 'happen' | 'beginAgain' | 'die' | 'missing' | 'network'> {
  return {
    missing: null,
    happen: async (arm, { good, bad }) => {
      apps[arm].count({}, good);
      apps[arm].count({ code: '503' }, bad);
    },
    beginAgain: async (arm) => apps[arm].beginAgain(),
    die: async () => await apps.canary.stop(),
    network: true,
  };
}

const plain = ['http_requests_total{arm="$arm"}', 'http_requests_total{arm="$arm",code=~"5.."}'] as const;

metricSourceContract(
  () => ({
    ...sourceOf(ofText),
    kind: metricsTextSource,
    options: { stable: ofText.stable.url, canary: ofText.canary.url, scrape: '1s' },
    measure: eventsOf(...plain),
    mistyped: mistyped(...plain),
  }),
  'metrics-text',
  null,
);

metricSourceContract(
  () => {
    const { counts } = measureOf(ofPrometheus);
    if (counts.kind !== 'events') throw new Error('expected events');
    return {
      ...sourceOf(ofPrometheus),
      kind: prometheusSource,
      options: { url, scrape: '1s' },
      measure: measureOf(ofPrometheus),
      mistyped: mistyped(counts.total, counts.bad),
    };
  },
  'prometheus',
  missing,
);

describe.skipIf(missing !== null)(`prometheus beyond the contract ${missing ?? ''}`, () => {
  const open = () => prometheusSource.open({ url, scrape: '1s' }, metricContext());
  const until = async <T>(ask: () => Promise<T>, isThere: (got: T) => boolean): Promise<T> => {
    for (const giveUpAt = performance.now() + 60_000; ; await pause(100)) {
      const got = await ask();
      if (isThere(got) || performance.now() > giveUpAt) return got;
    }
  };

  it('T7 reads both arms of one instant, by route, and buckets of a histogram in order', async () => {
    const { stable, canary } = ofHistogram;
    for (const app of [stable, canary]) app.count({ route: '/pay', seconds: 0.3 }, 1);
    const session = await open();
    const on = `{arm="$arm",instance=~"${stable.host}|${canary.host}"}`;
    const counts = { kind: 'histogram', buckets: `http_seconds_bucket${on}`, quantile: 0.9 } as const;
    const slow: Measure = { ...measureOf(ofHistogram), id: 'slow', counts, by: 'route' };
    await until(
      () => session.read(slow),
      ({ state }) => state === 'read',
    );
    for (const app of [stable, canary]) {
      app.count({ route: '/pay', seconds: 0.05 }, 10);
      app.count({ route: '/pay', seconds: 0.7 }, 5);
      app.count({ route: '/pay', seconds: 3 }, 2);
    }
    const got = await until(
      () => session.read(slow),
      (reading) => reading.state === 'read' && reading.samples.every(({ total }) => total === 17),
    );
    const bad = [
      { le: 0.1, count: 10 },
      { le: 0.25, count: 10 },
      { le: 0.5, count: 10 },
      { le: 1, count: 15 },
    ];
    expect(got).toEqual({
      state: 'read',
      samples: [
        { arm: 'stable', stratum: '/pay', atMs: expect.any(Number), total: 17, bad },
        { arm: 'canary', stratum: '/pay', atMs: expect.any(Number), total: 17, bad },
      ],
    });
    await session.close();
  });

  it('T7 a page that nobody writes any more is no data, though Prometheus shows it for minutes', async () => {
    const { stable, canary } = ofHistogram;
    for (const app of [stable, canary]) app.count({ route: '/old' }, 3);
    canary.stampAt(Date.now());
    const session = await open();
    const measure = measureOf(ofHistogram);
    const got = await until(
      () => session.read(measure),
      (reading) => reading.state === 'no_data' && /old|apart/.test(reading.reason),
    );
    expect(got).toMatchObject({
      state: 'no_data',
      reason: expect.stringMatching(/^canary: the oldest sample is|^the arms were sampled/),
    });
    canary.stampAt(null);
  });

  it('T7 NaN is no number of events, and a query that Prometheus refuses is an error', async () => {
    const { stable, canary } = ofHistogram;
    for (const app of [stable, canary]) app.show('shop_ratio NaN\n');
    const session = await open();
    const nan = eventsOf(`shop_ratio{instance=~"$arm|${stable.host}|${canary.host}"}`, 'shop_ratio{arm!="$arm"}', {
      id: 'nan',
    });
    const got = await until(
      () => session.read(nan),
      ({ state }) => state === 'error',
    );
    expect(got).toMatchObject({ state: 'error', reason: expect.stringContaining('NaN') });
    const refused = eventsOf('{__name__="x"}', 'x');
    expect(prometheusSource.measureFaults(refused)).toMatchObject([{ path: 'total' }, { path: 'bad' }]);
    const elsewhere = await prometheusSource.open({ url: `${url}/nowhere`, scrape: '1s' }, metricContext());
    expect(await elsewhere.read(measureOf(ofHistogram))).toMatchObject({
      state: 'error',
      reason: expect.stringContaining('404'),
    });
  });

  it('T7 functions are refused: what they return are no counters', () => {
    for (const text of [
      'increase(http_requests_total{arm="$arm"}[1m])',
      'sum(x{arm="$arm"})',
      'x{arm="$arm"} / 2',
      'x{arm=$arm}',
      '',
    ])
      expect(prometheusSource.measureFaults(eventsOf(text, plain[1])).map(({ path }) => path)).toEqual(['total']);
    expect(prometheusSource.measureFaults(eventsOf('http_requests_total', plain[1]))).toMatchObject([
      { expected: expect.stringContaining('$arm') },
    ]);
    expect(prometheusSource.measureFaults(measureOf(ofHistogram))).toEqual([]);
  });

  it('options that are no server, or misspelt, are faults', () => {
    expect(prometheusSource.faults({ url: 'http://user:word@host' })).toMatchObject([{ path: 'url' }]);
    expect(prometheusSource.faults({ url: 'http://host', scrapes: '1s' })).toMatchObject([
      { path: 'scrapes', hint: expect.stringContaining('scrape') },
    ]);
    expect(prometheusSource.faults({ url: 'http://host', scrape: '5s' })).toEqual([]);
  });
});
