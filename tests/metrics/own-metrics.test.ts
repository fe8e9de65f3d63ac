import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { boards } from '../../src/core/dashboard/boards.ts';
import { isFinal } from '../../src/core/procedure/run.ts';
import { makeOwnMonitoring } from '../../src/engine/slo/make-monitoring.ts';
import { openTestApi } from '../api/open-api.ts';
import type { TestApi } from '../api/open-api.ts';
import { openReceiver } from '../api/open-receiver.ts';
import type { Receiver } from '../api/open-receiver.ts';
import { SeveringProxy } from '../monitor/severing-proxy.ts';
import { ledgerPlan, ledgerStep, startEngine } from '../runs/start-engine.ts';
import type { EngineUnderTest } from '../runs/start-engine.ts';
import { installDebianPackages } from '../servers/install-debian-packages.ts';
import { startAlertmanager } from '../servers/start-alertmanager.ts';
import { startPrometheus } from '../servers/start-prometheus.ts';

const tools = await installDebianPackages({
  packages: ['prometheus', 'prometheus-alertmanager'],
  programs: ['promtool', 'prometheus', 'prometheus-alertmanager'],
});
const missing = tools.state === 'missing' ? tools.reason : null;
const promtool = tools.state === 'installed' ? (tools.binaries[0] ?? '') : '';
const folder = mkdtempSync(join(tmpdir(), 'tminus-own-metrics-'));

let api: TestApi;
let engine: EngineUnderTest;
let proxy: SeveringProxy;
let receiver: Receiver;
let prometheus = '';
const stops: (() => Promise<void>)[] = [];
const target = { address: '127.0.0.1:4780', scheme: 'http', tokenFile: null } as const;
const rulesOf = (path: string, receiverUrl: string): string => {
  const { files } = makeOwnMonitoring(target, { page: receiverUrl, notify: receiverUrl });
  return new TextDecoder().decode(files.get(path));
};

beforeAll(async () => {
  api = await openTestApi({ scrape: 'this-machine' });
  engine = await startEngine(api.database);
  await engine.work();
  receiver = await openReceiver();
  const { hostname: host, port } = new URL(api.url);
  proxy = new SeveringProxy({ host, port: Number(port) });
  const door = await proxy.listen();
  if (missing !== null) return;
  // The times of an operator are minutes; here everything is looked at each second.
  const rules = rulesOf('prometheus/rules.yml', receiver.url)
    .replaceAll(/for: (?:5m|90s)/gu, 'for: 2s')
    .replaceAll('< 90)', '< 0)');
  writeFileSync(join(folder, 'rules.yml'), rules);
  const routes = rulesOf('alertmanager.yml', receiver.url).replaceAll(/(group_wait|group_interval): \w+/gu, '$1: 1s');
  const alertmanager = await startAlertmanager(routes);
  if (alertmanager.state === 'missing') throw new Error(alertmanager.reason);
  stops.push(() => alertmanager.stop());
  const started = await startPrometheus(`127.0.0.1:${door}`, {
    files: [join(folder, 'rules.yml')],
    alertmanager: alertmanager.host,
    scrape: { job: 'tminus', token: null },
  });
  if (started.state === 'missing') throw new Error(started.reason);
  stops.push(() => started.stop());
  prometheus = started.url;
}, 180_000);
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  await proxy.close();
  await receiver.close();
  await engine.close();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Scraped {
  status: number;
  type: string;
  text: string;
}

/** By a client that sets any header, the name of the host, too. */
function scrape(headers: Record<string, string> = {}, path = '/metrics'): Promise<Scraped> {
  return new Promise((resolve, reject) => {
    request(`${api.url}${path}`, { headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }),
      );
    })
      .once('error', reject)
      .end();
  });
}

async function tokenOf(person: string, scopes: readonly ['run.view'] | readonly ['launch.view']): Promise<string> {
  // Signing in is what makes the account.
  await api.headersOf(person);
  const account = (await api.identity.accounts.list()).find((one) => one.person === person);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { text } = await api.identity.tokens.create(account?.id ?? '', { name: 'scrape', scopes, expiresAt });
  return text;
}

describe('who may scrape', () => {
  it('A36 programs of this machine, where only this machine reaches the server, and nobody through a proxy or a page', async () => {
    expect(await scrape()).toMatchObject({ status: 200 });
    expect(await scrape({}, '/api/metrics')).toMatchObject({ status: 200 });
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'origin', 'sec-fetch-site'])
      expect([header, (await scrape({ [header]: '203.0.113.7' })).status]).toEqual([header, 401]);
    expect(await scrape({ host: 'rebound.example' })).toMatchObject({ status: 401 });
  });

  it('A36 with a token that may look at runs, and with no other', async () => {
    const through = { via: '1.1 proxy' };
    const bearer = async (scope: 'run.view' | 'launch.view'): Promise<Scraped> =>
      scrape({ ...through, authorization: `Bearer ${await tokenOf('carol', [scope] as never)}` });
    expect(await bearer('run.view')).toMatchObject({ status: 200 });
    expect(await bearer('launch.view')).toMatchObject({ status: 403 });
    expect(await scrape({ ...through, authorization: `Bearer tmt_${'x'.repeat(43)}` })).toMatchObject({ status: 401 });
  });
});

describe('what a scrape gets', () => {
  it('O16 OpenMetrics for whoever asks for it, the older text for everybody else', async () => {
    const open = await scrape({ accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' });
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.text.endsWith('\n# EOF\n')).toBe(true);
    expect(open.text).toContain('# TYPE tminus_api_answers counter\n');
    const text = await scrape();
    expect(text.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.text).not.toContain('# EOF');
    expect(text.text).toMatch(/^tminus_ready 1$/mu);
    expect(text.text).toMatch(/^tminus_api_answers_total\{code="2xx"\} \d+$/mu);
  });

  it.skipIf(missing !== null)(
    `O16 promtool has nothing to say about it, and sees one that is broken ${missing ?? ''}`,
    async () => {
      const { text } = await scrape();
      const check = (input: string) => {
        const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' });
        return { status, said: `${stdout}${stderr}` };
      };
      expect(check(text)).toEqual({ status: 0, said: '' });
      expect(check(text.replace('# HELP tminus_ready', '# HELP tminus_reedy')).status).not.toBe(0);
    },
  );
});

/** Result of an instant query, as numbers. */
async function ask(query: string): Promise<number[]> {
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.map(({ value }) => Number(value[1]));
}

async function until<Value>(read: () => Promise<Value> | Value, isSo: (value: Value) => boolean): Promise<Value> {
  for (const giveUpAt = performance.now() + 120_000; ; await pause(250)) {
    const value = await read();
    if (isSo(value) || performance.now() > giveUpAt) return value;
  }
}

/** What arrived at the webhook, by alert: `firing` or `resolved`, in their order, with the guide that each names. */
function arrived(alert: string): string[] {
  const told = receiver.received.flatMap(({ body }) => (JSON.parse(body) as { alerts: Told[] }).alerts);
  return told
    .filter(({ labels }) => labels.alertname === alert)
    .map(({ status, annotations }) => `${status} ${annotations.guide}`);
}

interface Told {
  status: string;
  labels: { alertname: string };
  annotations: { guide: string };
}

async function firesAndEnds(alert: string, guide: string, during: () => Promise<() => Promise<void>>): Promise<void> {
  const end = `resolved guides/${guide}.md`;
  // A machine that stood still for seconds was not well either: what was told then has to be over.
  const before = await until(
    () => arrived(alert),
    (told) => told.length === 0 || told.at(-1) === end,
  );
  expect([alert, before.at(-1) ?? end]).toEqual([alert, end]);
  const since = (): string[] => arrived(alert).slice(before.length);
  const mend = await during();
  expect([alert, (await until(since, (told) => told.length > 0))[0]]).toEqual([alert, `firing guides/${guide}.md`]);
  await mend();
  expect([alert, await until(since, (told) => told.at(-1) === end)]).toEqual([alert, expect.arrayContaining([end])]);
}

describe.skipIf(missing !== null)(
  `on a live Prometheus and Alertmanager ${missing ?? ''}`,
  { timeout: 400_000 },
  () => {
    it('O32 every query of every board about this installation brings data', async () => {
      const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply'), ledgerStep('b', 'apply')]));
      await engine.until(run, isFinal);
      for (let times = 0; times < 5; times += 1) await fetch(`${api.url}/api/me`);
      const { files, missing: lacking } = makeOwnMonitoring(target, { page: null, notify: null });
      expect(lacking).toEqual({ boards: [], alerts: [] });
      const queries = boards.flatMap(({ id }) => {
        const board = JSON.parse(new TextDecoder().decode(files.get(`grafana/${id}.json`))) as {
          panels: { targets: { expr: string }[] }[];
        };
        return board.panels.map(({ targets }) => targets[0]?.expr ?? '');
      });
      const silent = async (): Promise<string[]> => {
        const answers = await Promise.all(queries.map(ask));
        return queries.filter((_, index) => (answers[index] ?? []).filter(Number.isFinite).length === 0);
      };
      await fetch(`${api.url}/api/me`);
      expect(
        await until(
          async () => (await fetch(`${api.url}/api/me`), silent()),
          (none) => none.length === 0,
        ),
      ).toEqual([]);
      expect(new Set(queries).size).toBe(17);
      expect(await ask('scrape_samples_scraped{job="tminus"}')).toEqual([expect.any(Number)]);
    });

    it('C21 liveness is lost, arrives with its guide, and is over', async () => {
      await firesAndEnds('LivenessLost', 'not-alive', async () => {
        proxy.shut();
        return async () => void (proxy.isShut = false);
      });
    });

    it('C21 readiness is lost where the database takes no writes, arrives, and is over', async () => {
      await firesAndEnds('ReadinessLost', 'not-alive', async () => {
        await setReadOnly('on');
        return () => setReadOnly('off');
      });
    });

    it('O33 a step that fails is told as an error rate of this installation', async () => {
      const failing = ledgerStep('a', 'fail', { interrupted: 'rerun', maxAttempts: 1, onFail: 'fail' });
      await engine.until(await engine.start(ledgerPlan([failing])), isFinal);
      expect(
        (
          await until(
            () => arrived('HighErrorRate'),
            (told) => told.length > 0,
          )
        )[0],
      ).toBe('firing guides/high-error-rate.md');
    });
  },
);

describe.skipIf(missing !== null)(`the rules of C21, minute by minute ${missing ?? ''}`, () => {
  it('C21 two misses of liveness are told and one is not; one of readiness is, but not in the first 90 seconds', () => {
    const rules = parse(rulesOf('prometheus/rules.yml', 'http://127.0.0.1:1/')) as { groups: { rules: Rule[] }[] };
    writeFileSync(join(folder, 'c21.yml'), JSON.stringify(rules));
    const annotations = (alert: string): object =>
      rules.groups[0]?.rules.find((rule) => rule.alert === alert)?.annotations ?? {};
    const labels = { launch: 'installation', severity: 'critical', instance: 'a' };
    const fired = (alert: string, metric: string) => [
      {
        exp_labels: { ...labels, metric, ...(metric === 'liveness' && { job: 'tminus' }) },
        exp_annotations: shown(annotations(alert)),
      },
    ];
    const up = 'up{job="tminus",instance="a"}';
    const ready = [
      { series: 'tminus_ready{instance="a"}', values: '0 1 1 0 1' },
      { series: 'process_start_time_seconds{instance="a"}', values: '0x5' },
    ];
    const test = (input_series: object[], alertname: string, cases: [string, object[]][]) => ({
      interval: '1m',
      input_series,
      alert_rule_test: cases.map(([eval_time, exp_alerts]) => ({ eval_time, alertname, exp_alerts })),
    });
    const tests = [
      test([{ series: up, values: '1 0 1 1 1' }], 'LivenessLost', [
        ['1m30s', []],
        ['3m', []],
      ]),
      test([{ series: up, values: '1 0 0 0 1 1' }], 'LivenessLost', [
        ['2m', []],
        ['3m', fired('LivenessLost', 'liveness')],
        ['4m', []],
      ]),
      test(ready, 'ReadinessLost', [
        ['0m', []],
        ['1m', []],
        ['3m', fired('ReadinessLost', 'readiness')],
        ['4m', []],
      ]),
    ];
    const run = (wanted: object): { status: number | null; said: string } => {
      writeFileSync(
        join(folder, 'c21.test.yml'),
        JSON.stringify({ rule_files: ['c21.yml'], evaluation_interval: '30s', tests: wanted }),
      );
      const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', 'c21.test.yml'], {
        cwd: folder,
        encoding: 'utf8',
      });
      return { status, said: `${stdout}${stderr}` };
    };
    expect(run(tests)).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') });
    const wrong = [test([{ series: up, values: '1 0 0 0 1 1' }], 'LivenessLost', [['3m', []]])];
    expect(run(wrong).status).toBe(1);
  });
});

interface Rule {
  alert: string;
  annotations: Record<string, string>;
}

/** As Prometheus fills them in for a gauge that is 0. */
function shown(annotations: object): object {
  return JSON.parse(JSON.stringify(annotations).replaceAll('{{ $value }}', '0')) as object;
}

async function setReadOnly(to: 'on' | 'off'): Promise<void> {
  const admin = new Pool({ connectionString: api.database.url, max: 1 });
  const { rows } = await admin.query<{ name: string }>('select current_database() as name');
  await admin.query('set default_transaction_read_only = off');
  await admin.query(`alter database ${rows[0]?.name} set default_transaction_read_only = ${to}`);
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await admin.end();
}
