import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startPrometheus } from '../servers/start-prometheus.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { startPacedLoad } from './paced-load.ts';
import type { PacedLoad } from './paced-load.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startArm } from './start-arms.ts';

const [stable, canary] = [await startArm('stable'), await startArm('canary')];
const folder = newFolder();
const rules = join(folder, 'rules.yml');
const alert = (name: string, expr: string, labels: object): object => ({ alert: name, expr, labels });
/** Alerts by a metric that the app of an arm serves: they fire while it answers with 500. */
const fires = (arm: string): string => `increase(http_requests_total{arm="${arm}",code="500"}[8s]) > 0`;
writeFileSync(
  rules,
  JSON.stringify({
    groups: [
      {
        name: 'test',
        rules: [
          alert('StableFails', fires('stable'), { launch: 'shop', severity: 'critical' }),
          alert('CanaryFails', fires('canary'), { launch: 'shop', severity: 'page' }),
          alert('Other', 'vector(1)', { launch: 'other', severity: 'critical' }),
          alert('Warns', 'vector(1)', { launch: 'shop', severity: 'warning' }),
        ],
      },
    ],
  }),
);
const prometheus = await startPrometheus(
  [stable, canary].map(({ port }) => `127.0.0.1:${port}`),
  { files: [rules], alertmanager: null },
);
const missing = prometheus.state === 'missing' ? prometheus.reason : null;
const flags = { flags: { shop: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' } } };
/** Of a time that nobody here waits for: what is barred is seen however long an alert takes to fire. */
const phase = (weight: number): string =>
  `{ weight: ${weight}, minTime: 1h, maxTime: 4h, minRequests: 10, warmup: 0s }`;
const textOf = (url: string): string =>
  rolloutLaunch(
    {
      router: '{ kind: flag-file, file: flags.json, flag: shop, stable: "off", canary: "on" }',
      metrics: { stable: stable.metrics, canary: canary.metrics },
    },
    {
      phases: [phase(50), phase(100)],
      front: `  prom: { kind: prometheus, url: "${url}", scrape: 1s }\n`,
      rollout: `    alerts: { source: prom, total: 'http_requests_total{arm="$arm"}', bad: 'http_requests_total{arm="$arm",code="500"}', margin: 1.5, exclude: 3, gating: no }\n  retry: person\n`,
    },
  ).replace('exclude: 3 }', 'exclude: 3, cap: "20%" }');

describe.skipIf(missing !== null)(
  `incidents by alerts of Prometheus${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let stage: RolloutStage;
    let loads: PacedLoad[];
    beforeAll(async () => {
      if (prometheus.state !== 'started') return;
      writeFileSync(join(folder, 'flags.json'), JSON.stringify(flags));
      stage = await openRolloutStage(textOf(prometheus.url), folder);
      loads = [stable, canary].map(({ port }) => startPacedLoad(`http://127.0.0.1:${port}/`, 100));
      await untilFiring(['Other', 'Warns']);
    }, 300_000);
    afterAll(async () => {
      await Promise.all((loads ?? []).map((load) => load.stop()));
      await stage?.drop();
      if (prometheus.state === 'started') await prometheus.stop();
      await Promise.all([stable.stop(), canary.stop()]);
    });

    /** Resolves when just these alerts fire, as Prometheus itself says. */
    const untilFiring = async (names: readonly string[]): Promise<void> => {
      if (prometheus.state !== 'started') return;
      for (let tries = 0; tries < 3_000; tries += 1) {
        const answer = (await (await fetch(`${prometheus.url}/api/v1/alerts`)).json()) as {
          data: { alerts: { state: string; labels: { alertname: string } }[] };
        };
        const firing = answer.data.alerts
          .filter(({ state }) => state === 'firing')
          .map(({ labels }) => labels.alertname);
        if (firing.toSorted().join() === [...names].toSorted().join()) return;
        await pause(100);
      }
      throw new Error(`expected ${names.join(', ')} to fire, got others`);
    };

    it('O27 a critical alert of the launch keeps a rollout from beginning; one of another launch and one that only warns do not', async () => {
      stable.failEvery(50);
      await untilFiring(['Other', 'StableFails', 'Warns']);
      await expect(stage.start()).rejects.toMatchObject({
        code: 'rollout_refused',
        message: expect.stringMatching(/incident StableFails .*is open/u) as string,
      });
      stable.failEvery(0);
      await untilFiring(['Other', 'Warns']);
      const { id } = await stage.start();
      const { stands } = await stage.until(id, ({ createdAt }) => createdAt !== '');
      expect(stands).toBe('waiting');
    }, 300_000);

    it('O27 a critical alert that fires later bars the next phase by its name, and no person promotes past it', async () => {
      stage.keep();
      const open = async (): Promise<string> => (await stage.list())[0]!.id;
      const id = await open();
      await stage.until(id, ({ stands }) => stands === 'watching');
      stable.failEvery(50);
      await untilFiring(['Other', 'StableFails', 'Warns']);
      const barred = await stage.until(id, ({ state }) => state.bars.some(({ code }) => code === 'incident_open'));
      expect(barred.state.bars.find(({ code }) => code === 'incident_open')?.reason).toContain('StableFails');
      await expect(stage.act(id, 'promote')).rejects.toMatchObject({
        message: expect.stringContaining('StableFails') as string,
      });
      stable.failEvery(0);
      await stage.until(id, ({ state }) => state.bars.every(({ code }) => code !== 'incident_open'));
    }, 300_000);

    it('O27 negative control: a Prometheus that does not answer is an incident of its own', async () => {
      const id = (await stage.list())[0]!.id;
      if (prometheus.state === 'started') await prometheus.stop();
      const barred = await stage.until(id, ({ state }) =>
        state.bars.some(({ reason }) => reason.includes('prom silent')),
      );
      expect(barred.state.bars.find(({ code }) => code === 'incident_open')?.reason).toMatch(/cannot be read/u);
      const ended = await stage.act(id, 'abort');
      await stage.until(ended.id, ({ endedAt }) => endedAt !== null);
    }, 300_000);
  },
);
