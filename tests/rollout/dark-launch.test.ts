import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { actOnShift } from '../../src/engine/rollout/act-on-shift.ts';
import type { Shift } from '../../src/store/rollout.ts';
import { closedPort } from '../doubles/silent-server.ts';
import { startTminus } from '../e2e/start-tminus.ts';
import type { StartedRun } from '../e2e/start-tminus.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { startPacedLoad } from './paced-load.ts';
import type { PacedLoad } from './paced-load.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startShopArm } from './start-shop-arm.ts';

const [stable, canary] = [await startShopArm('stable'), await startShopArm('canary')];
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};
const findPlaces = async (): Promise<{ listen: string; report: string }> => ({
  listen: `127.0.0.1:${await freePort()}`,
  report: `http://127.0.0.1:${await freePort()}`,
});
let at = await findPlaces();
const time = 'minTime: 1s, maxTime: 10m, warmup: 0s';
const textOf = ({ canaryUrl = canary.url, minRequests = 100 } = {}): string =>
  rolloutLaunch(
    {
      router: '{ kind: flag-file, file: flags.json, flag: shop, stable: stable, canary: canary }',
      metrics: { stable: stable.metrics, canary: canary.metrics },
    },
    {
      phases: [
        `{ weight: 0, id: dark, minRequests: ${minRequests}, ${time} }`,
        `{ weight: 100, minRequests: 1, ${time} }`,
      ],
      rollout: `  retry: person\n  shadow: { listen: "${at.listen}", report: "${at.report}", stable: "${stable.url}", canary: "${canaryUrl}", differences: { cap: "30%" } }\n`,
    },
  ).replace('exclude: 3 }', 'exclude: 3, cap: "30%" }');

describe('a dark launch with its shadow', () => {
  let stage: RolloutStage;
  let tee: StartedRun | null = null;
  let load: PacedLoad | null = null;
  const url = (): string => `http://${at.listen}`;

  beforeAll(async () => {
    const folder = newFolder();
    const flag = { state: 'ENABLED', variants: { stable: false, canary: true }, defaultVariant: 'stable' };
    writeFileSync(join(folder, 'flags.json'), JSON.stringify({ flags: { shop: flag } }));
    stage = await openRolloutStage(textOf(), folder);
    stage.keep();
  }, 300_000);
  const beginTee = async (changes: Parameters<typeof textOf>[0] = {}): Promise<StartedRun> => {
    // Found right before they are taken: others look for free ports all the while.
    at = await findPlaces();
    await stage.rewrite(textOf(changes));
    const started = startTminus(stage.folder, ['shadow', '--every', '1h'], { limitMs: 280_000 });
    while (!started.stderrSoFar().includes('clients at')) {
      if (started.process.exitCode !== null) throw new Error((await started.ended).stderr);
      await pause(20);
    }
    return (tee = started);
  };
  const endTee = async (): Promise<string> => {
    tee?.process.kill('SIGINT');
    const ended = await tee?.ended;
    tee = null;
    return ended?.stdout ?? '';
  };
  const abort = async ({ id }: Shift): Promise<Shift> => {
    const { launch } = await stage.scene();
    await actOnShift(stage.store, launch, id, { kind: 'abort', person: 'alice', reason: 'seen enough', seen: null });
    return stage.until(id, ({ endedAt }) => endedAt !== null);
  };
  const verdictOf = ({ state }: Shift): string | undefined =>
    state.verdicts.find(({ measure }) => measure === 'shadow')?.verdict;
  afterEach(async () => {
    await load?.stop();
    load = null;
    await endTee();
    canary.setTotal(10);
  });
  afterAll(async () => {
    await stage?.drop();
    await Promise.all([stable.stop(), canary.stop()]);
  });

  it('O25 equal answers pass the phase without weight, noise and writes count nothing, and no user had the canary', async () => {
    await beginTee();
    load = startPacedLoad(`${url()}/cart`, 150);
    const shift = await stage.start();
    const before = canary.methods.length;
    await fetch(`${url()}/cart`, { method: 'POST', body: '{}' });
    const passed = await stage.until(shift.id, ({ state }) => state.phase === 1 || state.reports.length > 0);
    expect(passed.state.reports[0]).toMatchObject({ phase: 'dark', weight: 0, ended: 'passed' });
    const said = passed.state.reports[0]!.verdicts.find(({ measure }) => measure === 'shadow')!;
    expect([said.verdict, said.gating, said.canary.total >= 100]).toEqual(['PASS', true, true]);
    // Only copies, and none of the write, though the stable arm had it.
    expect(stable.methods).toContain('POST');
    expect(canary.methods.length).toBeGreaterThan(before);
    expect(new Set(canary.methods)).toEqual(new Set(['GET']));
    expect(load.lost).toEqual([]);
    await abort(passed);
    await load.stop();
    load = null;
    expect(await endTee()).toMatch(/answers compared: [01] differ/);
  }, 300_000);

  it('O25 answers that differ take it back before anybody saw the canary, and say where, without a value', async () => {
    canary.setTotal(999_777);
    await beginTee();
    load = startPacedLoad(`${url()}/cart?customer=4711`, 100);
    const { id } = await stage.start();
    const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
    expect([ended.stands, ended.state.weight.asked, ended.state.outcome?.reason]).toEqual([
      'rolled-back',
      0,
      expect.stringMatching(/^measure shadow: /) as string,
    ]);
    const [route] = ended.state.differences!;
    expect(route).toMatchObject({ route: 'GET /cart', fields: [{ field: 'body.cart.total', counts: true }, {}] });
    const journal = JSON.stringify([await stage.journal(id), ended]);
    expect(journal).not.toMatch(/999777|4711/);
    expect([...load.answers.keys(), load.lost.length]).toEqual([200, 0]);
  }, 300_000);

  it('O25 T7 silence is no data, and so is a shadow that is gone: neither ever passes', async () => {
    await beginTee({ minRequests: 100_000 });
    const { id } = await stage.start();
    const silent = await stage.until(id, (shift) => verdictOf(shift) !== undefined);
    expect(verdictOf(silent)).toBe('NO_DATA');
    // So few that no look, however late it is, has enough of them.
    load = startPacedLoad(`${url()}/cart`, 2);
    await stage.until(id, (shift) => verdictOf(shift) === 'INCONCLUSIVE');
    await load.stop();
    load = null;
    await endTee();
    const gone = await stage.until(id, (shift) => verdictOf(shift) === 'ERROR');
    expect(gone.state.phase).toBe(0);
    expect((await abort(gone)).state.reports.filter(({ ended }) => ended === 'passed')).toEqual([]);
  }, 300_000);

  it('F09 O25 a canary that is dead fails the phase, and no client notices', async () => {
    await beginTee({ canaryUrl: `http://127.0.0.1:${await closedPort()}` });
    load = startPacedLoad(`${url()}/cart`, 100);
    const { id } = await stage.start();
    const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
    expect([ended.stands, ended.state.differences![0]]).toEqual([
      'rolled-back',
      expect.objectContaining({
        compared: 0,
        fields: [expect.objectContaining({ field: 'no answer' }), expect.anything()],
      }),
    ]);
    expect([...load.answers.keys(), load.lost.length]).toEqual([200, 0]);
  }, 300_000);
});
