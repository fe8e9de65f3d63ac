import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { foreseeShift, readHistory } from '../../src/engine/rollout/foresee-shift.ts';
import type { Foreseen } from '../../src/engine/rollout/foresee-shift.ts';
import { lookAtDeclared } from '../../src/engine/rollout/look-at-declared.ts';
import { findRollout } from '../../src/engine/rollout/start-shift.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { startPacedLoad } from './paced-load.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startArm } from './start-arms.ts';

const [stable, canary] = [await startArm('stable'), await startArm('canary')];
const flags = { flags: { shop: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' } } };
const text = rolloutLaunch(
  {
    router: '{ kind: flag-file, file: flags.json, flag: shop, stable: "off", canary: "on" }',
    metrics: { stable: stable.metrics, canary: canary.metrics },
  },
  {
    phases: [
      '{ weight: 1, minTime: 1m, maxTime: 5m, minRequests: 10, warmup: 0s }',
      '{ weight: 50, minTime: 1m, maxTime: 4h, minRequests: 10, warmup: 0s }',
      '{ weight: 100, minTime: 1m, maxTime: 4h, minRequests: 10, warmup: 0s }',
    ],
  },
);

describe('what a rollout will be able to see', () => {
  let stage: RolloutStage;
  beforeAll(async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'flags.json'), JSON.stringify(flags));
    stage = await openRolloutStage(text, folder);
  });
  afterAll(async () => {
    await stage?.drop();
    await Promise.all([stable.stop(), canary.stop()]);
  });

  const foresee = async (watchMs: number | null, requestsPerSecond: number | null = null): Promise<Foreseen> => {
    const scene = await stage.scene();
    const declared = findRollout(scene, null);
    const openSecret = (): Promise<never> => Promise.reject(new Error('no secret is declared'));
    const { signal } = new AbortController();
    const seen = await lookAtDeclared(stage.store, scene, { declared, openSecret, signal, watchMs });
    const history = await readHistory(stage.store, scene, declared, Date.now());
    return foreseeShift(declared.rollout, seen, { requestsPerSecond, history });
  };

  it('T28 a phase that cannot see its own limit at the traffic of now is named, and what it would need', async () => {
    stable.failEvery(20);
    const load = startPacedLoad(`http://127.0.0.1:${stable.port}/`, 200);
    let found = await foresee(2_000);
    // On a busy machine the load may be late, or the pages of the arms too far apart: then they are asked again.
    for (let tries = 0; found.requestsPerSecond < 100 && tries < 20; tries += 1) found = await foresee(2_000);
    await load.stop();
    expect(found.requestsPerSecond).toBeGreaterThan(50);
    expect(found.base['errors']).toBeCloseTo(0.05, 1);
    expect(found.visibilities.map(({ phase }) => phase)).toEqual(['at-1', 'at-50', 'at-100']);
    expect(found.faults.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining(['phase at-1, measure errors', 'phase at-100, measure errors']),
    );
    // At 50 % there is traffic enough, and time: a plan that is refused whatever it says would be no help.
    expect(found.faults.join('\n')).not.toContain('phase at-50');
    expect(found.visibilities[1]!.text).toMatch(/canary rps a 2x rise of errors needs about/);
  });

  it('T28 traffic that nobody counted is none: every phase is refused', async () => {
    const found = await foresee(null);
    expect(found.requestsPerSecond).toBe(0);
    expect(found.visibilities).toEqual([]);
    expect(found.faults).not.toEqual([]);
    expect((await foresee(null, 100)).faults.join('\n')).toContain('share of bad events of the stable arm');
  });
});
