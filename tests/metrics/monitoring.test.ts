import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { judge } from '../../src/core/check/judge.ts';
import { alertSpecs, boards } from '../../src/core/dashboard/boards.ts';
import type { Launch } from '../../src/core/launch/launch.ts';
import { readExpectation } from '../../src/core/check/read-expectation.ts';
import { makeMonitoring } from '../../src/engine/slo/make-monitoring.ts';
import { writeDirectory } from '../../src/engine/write-directory.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { prometheusKind } from '../../src/kinds/checks/prometheus/kind.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import { openReceiver } from '../api/open-receiver.ts';
import type { Receiver } from '../api/open-receiver.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import { installDebianPackages } from '../servers/install-debian-packages.ts';
import { startAlertmanager } from '../servers/start-alertmanager.ts';
import { startPrometheus } from '../servers/start-prometheus.ts';
import { shopDocument, shopGauges } from './watched-shop.ts';

const tools = await installDebianPackages({ packages: ['prometheus'], programs: ['promtool'] });
const folder = mkdtempSync(join(tmpdir(), 'tminus-monitoring-'));
const rules = join(folder, 'made', 'prometheus', 'rules.yml');

function read(texts: { [path: string]: string }): Launch {
  const documents = Object.entries(texts).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
  const result = readLaunch(documents, { checks: checkReaders, steps: stepReaders });
  if (!result.ok)
    throw new Error(
      result.problems.map(({ file, line, message, got }) => `${file}:${line} ${message}: ${got}`).join('\n'),
    );
  return result.launch;
}

const launch = read({ 'launch.md': shopDocument('http://127.0.0.1:9090') });
const page = await openReceiver();
const team = await openReceiver();
const made = makeMonitoring(launch, 'production', { page: page.url, notify: team.url });
writeDirectory(join(folder, 'made'), made.files);
const text = (path: string): string => new TextDecoder().decode(made.files.get(path));
const app = await startCounterApp('stable');
// An operator is not called each second; here nobody waits for a minute.
const routes = text('alertmanager.yml').replaceAll(/(group_wait|group_interval): \w+/gu, '$1: 1s');
const alertmanager = await startAlertmanager(routes);
const untold = alertmanager.state === 'missing' ? alertmanager.reason : null;
const prometheus = await startPrometheus(app.host, {
  files: [rules],
  alertmanager: alertmanager.state === 'started' ? alertmanager.host : null,
});
const missing = prometheus.state === 'missing' ? prometheus.reason : null;
const url = prometheus.state === 'started' ? prometheus.url : 'http://127.0.0.1:1';
let failing = 0;
const traffic = setInterval(() => {
  app.count({}, 20);
  app.count({ code: '503' }, failing);
}, 200);

afterAll(async () => {
  clearInterval(traffic);
  if (prometheus.state === 'started') await prometheus.stop();
  if (alertmanager.state === 'started') await alertmanager.stop();
  await Promise.all([page.close(), team.close()]);
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(path: string): Promise<JsonObject> {
  return ((await (await fetch(`${url}/api/v1/${path}`)).json()) as { data: JsonObject }).data;
}

/** Alerts of metrics, or those of budgets, which stay as long as their windows do. */
async function firing(budgets = false): Promise<string[]> {
  const { alerts } = (await ask('alerts')) as unknown as { alerts: { state: string; labels: { alertname: string } }[] };
  return alerts
    .filter(({ state, labels }) => state === 'firing' && (labels.alertname === 'ErrorBudgetBurns') === budgets)
    .map(({ labels }) => labels.alertname)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

async function firingUntil(isThere: (names: string[]) => boolean): Promise<string[]> {
  for (const giveUpAt = performance.now() + 120_000; ; await pause(250)) {
    const names = await firing();
    if (isThere(names) || performance.now() > giveUpAt) return names;
  }
}

const six = alertSpecs.filter(({ isOptional }) => isOptional !== true).map(({ alert }) => alert);

describe('what is made to watch a launch', () => {
  it('O32 there are three boards, with a panel for everything that they show', () => {
    expect(made.missing).toEqual({ boards: [], alerts: [] });
    for (const { id, shows } of boards) {
      const board = JSON.parse(text(`grafana/${id}.json`)) as { uid: string; panels: { title: string }[] };
      expect(board.uid).toBe(`tminus-shop-${id}`);
      expect(board.panels.map(({ title }) => title)).toEqual(shows.map((word) => word.replaceAll('-', ' ')));
    }
  });

  it('O32 what nobody declared is named and has no panel', () => {
    const few = { ...launch, metrics: launch.metrics.filter(({ id }) => id !== 'errors' && id !== 'locks') };
    const { missing: named, files } = makeMonitoring(few, 'production', { page: null, notify: null });
    expect(named).toEqual({
      boards: [
        { board: 'executive', shows: ['errors'] },
        { board: 'operations', shows: ['errors'] },
        { board: 'performance', shows: ['locks'] },
      ],
      alerts: ['HighErrorRate'],
    });
    expect(new TextDecoder().decode(files.get('prometheus/rules.yml'))).not.toContain('HighErrorRate');
    const [row] = makeMonitoring({ ...launch, metrics: [{ ...launch.metrics[0]!, source: null }] }, 'production', {
      page: null,
      notify: null,
    }).leftOut;
    expect(row?.reason).toContain('it has no query');
  });

  it('O36 five guides are procedures that Tminus reads, and every alert names one of them', () => {
    const guides = [...made.files.keys()].filter((path) => path.startsWith('guides/'));
    const whole = read({
      'launch.md': shopDocument(url),
      ...Object.fromEntries(guides.map((path) => [path, text(path)])),
    });
    expect(whole.procedures.map(({ id }) => id)).toEqual(
      guides.map((path) => `guide-${path.slice(7, -3)}`).toSorted((a, b) => (a < b ? -1 : 1)),
    );
    expect(guides).toHaveLength(5);
    for (const { steps } of whole.procedures) {
      expect(steps.filter(({ action }) => action !== null).length).toBeGreaterThan(1);
      expect(steps.filter(({ human }) => human).length).toBeGreaterThan(1);
    }
    const alerts = (
      parse(text('prometheus/rules.yml')) as {
        groups: { rules: { alert?: string; annotations?: { guide?: string } }[] }[];
      }
    ).groups.flatMap((group) => group.rules.filter(({ alert }) => alert !== undefined));
    expect(alerts.filter(({ annotations }) => !made.files.has(annotations?.guide ?? ''))).toEqual([]);
    const named = [...text('prometheus/rules.yml').matchAll(/guide: (\S+)/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThanOrEqual(12);
    expect(named.filter((path) => !made.files.has(path!))).toEqual([]);
  });

  it.skipIf(tools.state === 'missing')(
    `O33 Prometheus takes the rules, and refuses one that is broken${tools.state === 'missing' ? ` (skipped: ${tools.reason})` : ''}`,
    () => {
      const check = (): number | null =>
        spawnSync(tools.state === 'installed' ? tools.binaries[0]! : '', ['check', 'rules', rules]).status;
      expect(check()).toBe(0);
      const broken = {
        ...launch,
        metrics: launch.metrics.map((one) =>
          one.id === 'locks' ? one : { ...one, source: { ...one.source, query: 'sum((' } },
        ),
      };
      const { files } = makeMonitoring(broken, 'production', { page: null, notify: null });
      writeDirectory(join(folder, 'broken'), files);
      expect(
        spawnSync(tools.state === 'installed' ? tools.binaries[0]! : '', [
          'check',
          'rules',
          join(folder, 'broken/prometheus/rules.yml'),
        ]).status,
      ).toBe(1);
    },
  );
});

describe.skipIf(missing !== null)(`on a live Prometheus ${missing ?? ''}`, () => {
  beforeAll(() => {
    app.show(shopGauges());
    app.count({ code: '503' }, 0);
  });

  it('O32 every query of every board brings data of a live scrape', async () => {
    const panels = boards.flatMap(
      ({ id }) => (JSON.parse(text(`grafana/${id}.json`)) as { panels: { targets: { expr: string }[] }[] }).panels,
    );
    const queries = [...new Set(panels.map(({ targets }) => targets[0]!.expr))];
    const silent = async (): Promise<string[]> => {
      const results = await Promise.all(
        queries.map(
          async (query) =>
            (await ask(`query?query=${encodeURIComponent(query)}`))['result'] as { value: [number, string] }[],
        ),
      );
      return queries.filter(
        (_, index) => results[index]!.length === 0 || results[index]!.some(({ value }) => value[1] === 'NaN'),
      );
    };
    await expect.poll(silent, { timeout: 60_000, interval: 250 }).toEqual([]);
    expect(queries).toHaveLength(17);
  });

  it('O33 each alert is silent while all is well, fires when the app is broken, and is over when it is well again', async () => {
    expect(await firingUntil((names) => names.every((name) => name !== 'MetricHasNoData'))).toEqual([]);
    failing = 10;
    app.show(shopGauges(['sla', 'queue', 'workers', 'db-pool', 'dlq', 'memory']));
    const wanted = [...six, 'MemoryHigh'].toSorted((a, b) => (a < b ? -1 : 1));
    // Rules are evaluated one after the other: somebody who looks between two sees some of them.
    expect(await firingUntil((names) => names.join() === wanted.join())).toEqual(wanted);
    await expect.poll(() => firing(true), { timeout: 60_000 }).toContain('ErrorBudgetBurns');
    // Of an alert that is over before it was told nobody is told.
    if (untold === null) await untilTold((lines) => toldOf.every((one) => lines.includes(`firing ${one}`)));
    failing = 0;
    app.show(shopGauges());
    expect(await firingUntil((names) => names.length === 0)).toEqual([]);
  }, 600_000);

  it.skipIf(untold !== null)(
    `O33 O36 each alert and its end arrived at whom it is for, with its guide ${untold ?? ''}`,
    async () => {
      const wanted = toldOf.flatMap((one) => [`firing ${one}`, `resolved ${one}`]).toSorted(byText);
      expect((await untilTold((lines) => lines.length >= wanted.length)).toSorted(byText)).toEqual(wanted);
      expect([...arrivedAt(page, 'warning'), ...arrivedAt(team, 'critical')]).toEqual([]);
    },
    180_000,
  );

  it('O33 a metric that falls silent is told, too', async () => {
    app.show(shopGauges().replace(/shop_dlq .*\n/, ''));
    expect(await firingUntil((names) => names.join() === 'MetricHasNoData')).toEqual(['MetricHasNoData']);
    app.show(shopGauges());
    expect(await firingUntil((names) => names.length === 0)).toEqual([]);
  }, 300_000);

  it('O36 what machines do in the guides passes while all is well, and "it is over" fails while it is not', async () => {
    const guides = Object.fromEntries(
      [...made.files.keys()]
        .filter((path) => path.startsWith('guides/'))
        .map((path) => [path, text(path).replaceAll('http://127.0.0.1:9090', url)]),
    );
    const { procedures } = read({ 'launch.md': shopDocument(url), ...guides });
    const steps = procedures.flatMap((procedure) => procedure.steps).filter(({ action }) => action !== null);
    const outcomes = async (): Promise<[string, string][]> =>
      await Promise.all(steps.map(async ({ id, action }) => [id, await judgeStep(action!.spec!)] as [string, string]));
    // A scrape that came late is a gap in the figures for a moment.
    const unwell = async (): Promise<string[]> =>
      (await outcomes()).filter(([, outcome]) => outcome !== 'pass').map(([id]) => id);
    await expect.poll(unwell, { timeout: 60_000 }).toEqual([]);
    app.show(shopGauges(['db-pool']));
    await firingUntil((names) => names.includes('DatabasePoolExhausted'));
    await expect.poll(unwell, { timeout: 60_000 }).toEqual(['database-pool-exhausted-over-db-pool']);
    app.show(shopGauges());
  }, 300_000);
});

/** What people have to be told of each alert that the app can bring about. */
const toldOf = alertSpecs
  .filter(({ isOptional, shows }) => isOptional !== true || shows === 'memory')
  .map(({ alert, severity, guide }) => `${severity} ${alert} guides/${guide}.md`);

/** Waits until what arrived at whom it is for is as wanted, or two minutes; returns what arrived. */
async function untilTold(isSo: (lines: readonly string[]) => boolean): Promise<string[]> {
  for (const giveUpAt = performance.now() + 120_000; ; await pause(250)) {
    const lines = [...arrivedAt(page, 'critical'), ...arrivedAt(team, 'warning')];
    if (isSo(lines) || performance.now() > giveUpAt) return lines;
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

/** What a receiver was told of alerts of a severity, each once: Alertmanager may repeat itself. */
function arrivedAt({ received }: Receiver, severity: string): string[] {
  const told = received.flatMap(
    ({ body }) =>
      (
        JSON.parse(body) as {
          alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
        }
      ).alerts,
  );
  const lines = told
    .filter(({ labels }) => labels['severity'] === severity && labels['alertname'] !== 'MetricHasNoData')
    .map(({ status, labels, annotations }) => `${status} ${severity} ${labels['alertname']} ${annotations['guide']}`);
  return [...new Set(lines)];
}

async function judgeStep(spec: JsonObject): Promise<string> {
  const { expect: expected, kind: _, ...written } = spec['check'] as JsonObject;
  const asked = prometheusKind.readSpec((written['spec'] as JsonObject | undefined) ?? written);
  if (!asked.ok) throw new Error(asked.faults[0]?.expected);
  const context = {
    signal: new AbortController().signal,
    workspace: folder,
    allow: ['127.0.0.1'],
    now: () => Date.now(),
  };
  const { sources, trouble } = await prometheusKind.observe(asked.spec, context);
  if (trouble !== null) return trouble.code;
  const expectations = (expected as string[]).map((line) => {
    const one = readExpectation(line);
    if (!one.ok) throw new Error(line);
    return one.expectation;
  });
  return judge(expectations, prometheusKind.parse(asked.spec, sources)).outcome;
}
