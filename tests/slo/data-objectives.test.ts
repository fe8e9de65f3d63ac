import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { judge } from '../../src/core/check/judge.ts';
import { readExpectation } from '../../src/core/check/read-expectation.ts';
import { importObjectives } from '../../src/core/slo/import/import-objectives.ts';
import type { DraftAlertCheck, ImportedObjectives } from '../../src/core/slo/import/imported-objectives.ts';
import { prometheusKind } from '../../src/kinds/checks/prometheus/kind.ts';
import { sloKind } from '../../src/kinds/checks/slo/kind.ts';
import { run } from '../contract/check-kind.ts';
import { startPrometheus } from '../servers/start-prometheus.ts';

/** What T12 asks of data, as rules of Prometheus. */
const rules = `groups:
- name: data
  rules:
  - record: data:stale:ratio5m
    expr: sum(rate(data_stale_total[5m])) / sum(rate(data_reads_total[5m]))
  - { alert: DataIsOld, expr: data_fresh_records / data_records < 0.95 }
  - { alert: DataTestsFail, expr: data_tests_passed / data_tests < 0.9 }
  - { alert: LineageIsLow, expr: data_lineage_covered / data_assets < 0.9 }
  - { alert: RequestsOfPeopleWait, expr: dsar_open > 100 }
  - { alert: DataLeftItsRegion, expr: sum(data_residency_violations_total) > 0 }
  - { alert: FreshnessBurns, expr: data:stale:ratio5m > (14.4 * 0.05) }
`;

const well: { [metric: string]: number } = {
  data_records: 1_000,
  data_fresh_records: 990,
  data_tests: 200,
  data_tests_passed: 199,
  data_assets: 50,
  data_lineage_covered: 49,
  dsar_open: 3,
  data_residency_violations_total: 0,
  data_reads_total: 1_000,
  data_stale_total: 0,
  probe_success: 1,
  probe_duration_seconds: 0.2,
  probe_http_status_code: 200,
};
let shown: { [metric: string]: number } = { ...well };
const scrapes = { served: 0 };

const target = createServer((_, response) => {
  scrapes.served += 1;
  // Reads happen all the time; a counter that stands still has no rate.
  const counting = { data_reads_total: 1_000 + 10 * scrapes.served };
  const all = Object.entries({ ...shown, ...('data_reads_total' in shown ? counting : {}) });
  response.end(all.map(([name, value]) => `${name} ${value}\n`).join(''));
}).listen(0, '127.0.0.1');
await once(target, 'listening');
const folder = mkdtempSync(join(tmpdir(), 'tminus-data-objectives-'));
writeFileSync(join(folder, 'rules.yml'), rules);
const prometheus = await startPrometheus(`127.0.0.1:${(target.address() as AddressInfo).port}`, {
  files: [join(folder, 'rules.yml')],
  alertmanager: null,
});
const url = prometheus.state === 'started' ? prometheus.url : '';

afterAll(async () => {
  if (prometheus.state === 'started') await prometheus.stop();
  target.closeAllConnections();
  target.close();
  rmSync(folder, { recursive: true, force: true });
});

function drafted(text: string): ImportedObjectives {
  const draft = importObjectives(parse(text) as JsonObject);
  if (typeof draft === 'string') throw new Error(draft);
  return draft;
}

/** What the check of an alert comes to, asked for real. */
async function outcomeOf({ query, expect: wanted }: DraftAlertCheck): Promise<string> {
  const { record } = await run(prometheusKind, { written: { url, query }, allow: ['127.0.0.1'] });
  const expectations = wanted.map((text) => {
    const read = readExpectation(text);
    if (!read.ok) throw new Error(text);
    return read.expectation;
  });
  if (record.facts === null) return `unknown: ${record.trouble?.code}`;
  return judge(expectations, { state: 'readable', facts: record.facts }).outcome;
}

async function outcomes(checks: readonly DraftAlertCheck[]): Promise<{ [id: string]: string }> {
  const all = await Promise.all(checks.map(async (check) => [check.id, await outcomeOf(check)] as const));
  return Object.fromEntries(all);
}

async function firing(): Promise<string[]> {
  const answer = (await (await fetch(`${url}/api/v1/alerts`)).json()) as {
    data: { alerts: { state: string; labels: { alertname: string } }[] };
  };
  return answer.data.alerts.flatMap(({ state, labels }) => (state === 'firing' ? labels.alertname : [])).toSorted();
}

/** Shows other figures, and waits until they were scraped and the rules were evaluated on them. */
async function show(figures: { [metric: string]: number }): Promise<void> {
  shown = figures;
  const enough = scrapes.served + 3;
  while (scrapes.served < enough) await pause(200);
}

/** A machine with much to do evaluates its rules late. */
const patience = { timeout: 60_000, interval: 300 };
const checks = drafted(rules).checks;
const sample = resolve(
  import.meta.dirname,
  '../../../shared/samples/imports/prometheus/samber-awesome-prometheus-alerts__blackbox-exporter.yml',
);

describe.skipIf(prometheus.state === 'missing')(
  `data held against its rules ${prometheus.state === 'missing' ? prometheus.reason : ''}`,
  { timeout: 180_000 },
  () => {
    const isSampled = existsSync(sample);
    const ofOthers = isSampled ? drafted(readFileSync(sample, 'utf8')).checks : [];
    const skipped = 'of another team (skipped where the samples are not beside the project)';

    describe('where all is well', () => {
      beforeAll(() => show({ ...well }));

      it('T12 every check passes, and Prometheus is silent', async () => {
        const passed = Object.fromEntries(checks.map(({ id }) => [id, 'pass']));
        await expect.poll(() => outcomes(checks), patience).toEqual(passed);
        expect(checks.length).toBe(6);
        await expect.poll(firing, patience).toEqual([]);
      });

      it('T12 the recorded ratio is an objective, whose budget nobody knows without a history', async () => {
        const [objective] = drafted(rules).objectives;
        expect(objective).toMatchObject({ total: 'data_reads_total', bad: 'data_stale_total', goal: '95%' });
        const { total, bad, goal } = objective!;
        const written = { url, total, bad, goal } as JsonObject;
        const { record } = await run(sloKind, { written, allow: ['127.0.0.1'] });
        expect(record.trouble?.code).toBe('no_data');
      });

      it.skipIf(!isSampled)(`T12 rules ${skipped} pass where their series are, and are unknown elsewhere`, async () => {
        await expect
          .poll(() => outcomes(ofOthers), patience)
          .toMatchObject({
            BlackboxProbeFailed: 'pass',
            BlackboxSlowProbe: 'pass',
            BlackboxProbeHttpFailure: 'pass',
            'BlackboxProbeHttpFailure-2': 'pass',
            BlackboxSslCertificateExpired: 'unknown: no_data',
          });
      });
    });

    describe('where every goal is missed', () => {
      const missed = {
        data_fresh_records: 940,
        data_tests_passed: 179,
        data_lineage_covered: 44,
        dsar_open: 101,
        data_residency_violations_total: 1,
      };
      beforeAll(() => show({ ...well, ...missed, probe_success: 0, probe_http_status_code: 503 }));

      it('T12 each fails its own check, as its alert fires', async () => {
        const all = ['DataIsOld', 'DataLeftItsRegion', 'DataTestsFail', 'LineageIsLow', 'RequestsOfPeopleWait'];
        const failed = async (): Promise<string[]> =>
          Object.entries(await outcomes(checks)).flatMap(([id, got]) => (got === 'fail' ? id : []));
        await expect.poll(async () => (await failed()).toSorted(), patience).toEqual(all);
        await expect.poll(firing, patience).toEqual(all);
      });

      it.skipIf(!isSampled)(`T12 rules ${skipped} fail, too`, async () => {
        await expect
          .poll(() => outcomes(ofOthers), patience)
          .toMatchObject({
            BlackboxProbeFailed: 'fail',
            BlackboxProbeHttpFailure: 'pass',
            'BlackboxProbeHttpFailure-2': 'fail',
          });
      });
    });

    describe('where series are missing', () => {
      beforeAll(() => show({ data_records: 0, data_fresh_records: 0 }));

      it('T12 all is unknown, shares of nothing, too, where Prometheus says nothing at all', async () => {
        const asked = checks.filter(({ id }) => id !== 'FreshnessBurns');
        expect(asked).toHaveLength(5);
        const unknown = Object.fromEntries(asked.map(({ id }) => [id, 'unknown: no_data']));
        // A share of no records is no share: an alert on it is silent, too.
        await expect.poll(() => outcomes(asked), patience).toEqual({ ...unknown, DataIsOld: 'unknown: not_a_number' });
        await expect.poll(firing, patience).toEqual([]);
      });

      it.skipIf(!isSampled)(`T12 rules ${skipped} are unknown, all of them`, async () => {
        await expect
          .poll(async () => [...new Set(Object.values(await outcomes(ofOthers)))], patience)
          .toEqual(['unknown: no_data']);
      });
    });
  },
);
