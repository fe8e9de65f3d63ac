import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, describe, expect, it } from 'vitest';

import type { Arm } from '../../src/core/rollout/rollout.ts';
import { haproxyStatsSource } from '../../src/kinds/metric-sources/haproxy-stats/kind.ts';
import { otlpSource } from '../../src/kinds/metric-sources/otlp/kind.ts';
import { sqlSource } from '../../src/kinds/metric-sources/sql/kind.ts';
import { statsdSource } from '../../src/kinds/metric-sources/statsd/kind.ts';
import { eventsOf, metricContext, metricSourceContract } from '../contract/metric-source-contract.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import { startHaproxy } from '../servers/start-haproxy.ts';
import { findFreePort } from '../servers/server-process.ts';

const apps = { stable: await startCounterApp('stable'), canary: await startCounterApp('canary') };
const portOf = ({ host }: { host: string }): number => Number(host.split(':')[1]);
const haproxy = await startHaproxy({ stable: portOf(apps.stable), canary: portOf(apps.canary) });
const missing = haproxy.state === 'missing' ? haproxy.reason : null;
const workspace = mkdtempSync(join(tmpdir(), 'tminus-metric-sources-'));
const database = new DatabaseSync(join(workspace, 'shop.db'), { timeout: 30_000 });
database.exec('create table calls (arm text, route text, code integer)');
const port = await findFreePort();
const sender = createSocket('udp4');

afterAll(async () => {
  if (haproxy.state === 'started') await haproxy.stop();
  await Promise.all([apps.stable.stop(), apps.canary.stop()]);
  sender.close();
  database.close();
  rmSync(workspace, { recursive: true, force: true });
});

/** Sends requests through HAProxy to one arm. */
async function request(arm: Arm, { good, bad }: { good: number; bad: number }): Promise<void> {
  if (haproxy.state === 'missing') return;
  await haproxy.ask(`set weight app/canary ${arm === 'canary' ? 100 : 0}`);
  await haproxy.ask(`set weight app/stable ${arm === 'stable' ? 100 : 0}`);
  for (let sent = 0; sent < good + bad; sent += 1) await fetch(`${haproxy.url}/status/${sent < good ? 200 : 503}`);
}

let turn: Promise<void> = Promise.resolve();
const answered = ['1xx', '2xx', '3xx', '4xx', '5xx']
  .map((group) => `hrsp_${group}{proxy="app",server="$arm"}`)
  .join(' + ');
const failed = 'hrsp_5xx{proxy="app",server="$arm"}';

metricSourceContract(
  () => ({
    kind: haproxyStatsSource,
    missing,
    workspace: haproxy.state === 'started' ? haproxy.folder : '/',
    options: { socket: 'haproxy.sock', scrape: '1s' },
    measure: eventsOf(answered, failed),
    mistyped: {
      'name of the backend': eventsOf(answered.replaceAll('"app"', '"ap"'), failed),
      'name of the total': eventsOf('hrsp_9xx{server="$arm"}', failed),
      'label of the bad events': eventsOf(answered, 'hrsp_5xx{proxy="app",sever="$arm",code="5"}'),
    },
    happen: (arm, counts) => (turn = turn.then(() => request(arm, counts))),
    beginAgain: async () => {
      if (haproxy.state === 'started') await haproxy.ask('clear counters all');
    },
    die: async () => {
      if (haproxy.state === 'started') await haproxy.stop();
    },
    network: { none: 'it is asked over a socket of this machine' },
  }),
  'haproxy-stats',
  missing,
);

function insert(arm: Arm, { good, bad }: { good: number; bad: number }): void {
  const add = database.prepare('insert into calls values (?, ?, ?)');
  for (let made = 0; made < good + bad; made += 1) add.run(arm, '/cart', made < good ? 200 : 503);
}

const counted = (where: string): string =>
  `select arm, sum(${where}) as value, strftime('%s', 'now') as at from calls group by arm`;

metricSourceContract(
  () => ({
    kind: sqlSource,
    missing: null,
    workspace,
    options: { url: 'sqlite:shop.db', scrape: '5s' },
    measure: eventsOf(counted('1'), counted('code >= 500')),
    mistyped: { 'a condition that nothing meets': eventsOf(counted('1'), `${counted('1')} having arm = 'other'`) },
    happen: async (arm, counts) => insert(arm, counts),
    beginAgain: async () => database.exec('delete from calls'),
    die: async () => database.exec("delete from calls where arm = 'canary'"),
    network: { none: 'it is a file of this machine' },
  }),
  'sql',
  null,
);

async function send(text: string): Promise<void> {
  await new Promise((done) => sender.send(text, port, '127.0.0.1', done));
}

const sent = ['shop.requests{arm="$arm"}', 'shop.requests{arm="$arm",code="503"}'] as const;

metricSourceContract(
  () => ({
    kind: statsdSource,
    missing: null,
    options: { listen: `127.0.0.1:${port}`, scrape: '2s' },
    measure: eventsOf(...sent),
    mistyped: {
      'name of the total': eventsOf('shop.request{arm="$arm"}', sent[1]),
      'label of the bad events': eventsOf(sent[0], sent[1].replace('code', 'status')),
    },
    // Whoever sends counts sends them again and again, so that silence is told from no requests.
    happen: async (arm, { good, bad }) => {
      await send(
        `shop.requests:${good}|c|#arm:${arm},code:200\nshop.requests:${bad}|c|#arm:${arm},code:503\nshop.cart:7|g\n`,
      );
    },
    beginAgain: { none: 'what is sent are differences: nothing of a sender ever falls' },
    die: async () => undefined,
    network: { none: 'it is sent to, and asks nobody' },
  }),
  'statsd',
  null,
);

const totals = { stable: { good: 0, bad: 0 }, canary: { good: 0, bad: 0 } };

async function exportTotals(arm: Arm): Promise<number> {
  const point = (code: string, value: number): object => ({
    attributes: [{ key: 'http.status', value: { stringValue: code } }],
    asInt: String(value),
  });
  const sum = {
    aggregationTemporality: 2,
    isMonotonic: true,
    dataPoints: [point('200', totals[arm].good), point('503', totals[arm].bad)],
  };
  const resource = { attributes: [{ key: 'service.instance.id', value: { stringValue: arm } }] };
  const body = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'http.requests', sum }] }] }] };
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', connection: 'close' };
  return (
    await fetch(`http://127.0.0.1:${port}/v1/metrics`, {
      method: 'POST',
      headers,
      body: gzipSync(JSON.stringify(body)),
    })
  ).status;
}

const exported = [
  'http.requests{service.instance.id="$arm"}',
  'http.requests{service.instance.id="$arm",http.status=~"5.."}',
] as const;

metricSourceContract(
  () => ({
    kind: otlpSource,
    missing: null,
    options: { listen: `127.0.0.1:${port}`, scrape: '2s' },
    measure: eventsOf(...exported),
    mistyped: {
      'name of the total': eventsOf(exported[0].replace('requests', 'request'), exported[1]),
      'label of the bad events': eventsOf(exported[0], exported[1].replace('status', 'code')),
    },
    happen: async (arm, { good, bad }) => {
      totals[arm].good += good;
      totals[arm].bad += bad;
      const status = await exportTotals(arm);
      if (status !== 200) throw new Error(`expected status 200, got ${status}`);
    },
    beginAgain: async (arm) => void (totals[arm] = { good: 0, bad: 0 }),
    die: async () => undefined,
    network: { none: 'it is sent to, and asks nobody' },
  }),
  'otlp',
  null,
);

describe('receivers', () => {
  it('T7 counts that could not be taken make the look an error: what is missing may be the errors', async () => {
    const session = await statsdSource.open({ listen: `127.0.0.1:${port}`, scrape: '1s' }, metricContext());
    // Sent again with each look, as those who count do: what was sent may not have come yet.
    const look = async (text: string): Promise<string> => {
      await send(text);
      await new Promise((done) => setTimeout(done, 50));
      return (await session.read(eventsOf(...sent))).state;
    };
    const good = 'shop.requests:1|c|#arm:stable,code:200\nshop.requests:1|c|#arm:canary,code:200';
    await expect.poll(() => look(good)).toBe('read');
    await expect.poll(() => look(`${good}\nshop.requests:x|c`)).toBe('error');
    await expect.poll(() => look(good)).toBe('read');
    await session.close();
  });

  it('T7 too many series are refused, and said', async () => {
    const session = await statsdSource.open({ listen: `127.0.0.1:${port}`, scrape: '1s' }, metricContext());
    const lines = Array.from({ length: 10_001 }, (_, user) => `shop.requests:1|c|#arm:canary,user:${user}`);
    // Sent again with each look: the system drops what nobody fetched in time.
    const look = async (): Promise<unknown> => {
      for (let at = 0; at < lines.length; at += 500) {
        await send(lines.slice(at, at + 500).join('\n'));
        await new Promise((done) => setImmediate(done));
      }
      await new Promise((done) => setTimeout(done, 100));
      return session.read(eventsOf(...sent));
    };
    await expect.poll(look).toMatchObject({
      state: 'error',
      reason: expect.stringContaining('expected at most 10000 series'),
    });
    await session.close();
  });

  it('T7 an export that cannot be read is answered so, and makes the look an error', async () => {
    const session = await otlpSource.open({ listen: `127.0.0.1:${port}`, scrape: '1s' }, metricContext());
    const post = async (body: string, type = 'application/json', path = 'v1/metrics'): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/${path}`, { method: 'POST', body, headers: { 'content-type': type } }))
        .status;
    expect(await post('x', 'application/x-protobuf')).toBe(415);
    expect(await post('{}', 'application/json', 'v1/traces')).toBe(404);
    expect(await post('{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{}]}]}]}')).toBe(400);
    expect(await session.read(eventsOf(...exported))).toMatchObject({
      state: 'error',
      reason: expect.stringContaining('could not be taken'),
    });
    await session.close();
  });
});

describe('what a measure may ask', () => {
  it('a histogram of HAProxy, a statement that writes and a column that is none are faults', () => {
    const counts = { kind: 'histogram', buckets: 'x{arm="$arm"}', quantile: 0.9 } as const;
    const histogram = { ...eventsOf('', ''), counts };
    expect(haproxyStatsSource.measureFaults(histogram)).toMatchObject([{ path: 'buckets' }]);
    expect(haproxyStatsSource.measureFaults(eventsOf(answered, 'scur{server="$arm"}'))).toMatchObject([
      { path: 'bad', got: 'scur' },
    ]);
    expect(sqlSource.measureFaults(eventsOf('delete from calls', counted('1'), { by: 'a; b' }))).toMatchObject([
      { path: 'total' },
      { path: 'by' },
    ]);
    expect(sqlSource.measureFaults(eventsOf(counted('1'), counted('1'), { by: 'route' }))).toEqual([]);
  });

  it('a password in the url of a database is a fault', () => {
    expect(sqlSource.faults({ url: 'postgres://user:word@host/shop' })).toMatchObject([{ path: 'url' }]);
    expect(haproxyStatsSource.faults({})).toHaveLength(1);
    expect(statsdSource.faults({ listen: 'localhost:8125' })).toMatchObject([{ path: 'listen' }]);
  });
});
