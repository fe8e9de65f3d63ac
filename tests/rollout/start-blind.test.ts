import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { actOnShift } from '../../src/engine/rollout/act-on-shift.ts';
import { listShifts } from '../../src/store/rollout.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { startPacedLoad } from './paced-load.ts';
import type { PacedLoad } from './paced-load.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startArm } from './start-arms.ts';

const [stable, canary] = [await startArm('stable'), await startArm('canary')];
const flags = { flags: { shop: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' } } };
const phase = (weight: number, maxTime: string): string =>
  `{ weight: ${weight}, minTime: 1s, maxTime: ${maxTime}, minRequests: 10, warmup: 0s }`;
const textOf = (maxTime: string): string =>
  rolloutLaunch(
    {
      router: '{ kind: flag-file, file: flags.json, flag: shop, stable: "off", canary: "on" }',
      metrics: { stable: stable.metrics, canary: canary.metrics },
    },
    { phases: [phase(20, maxTime), phase(100, maxTime)] },
  )
    .replace('exclude: 3 }', 'exclude: 3, cap: "20%" }')
    .replace('alice: Alice,', 'alice: Alice, rob: { name: Robot, automation: yes },')
    .replace('lead: [alice]', 'lead: [alice, rob]');

describe('a rollout that cannot see its own limit', () => {
  let stage: RolloutStage;
  let load: PacedLoad;
  beforeAll(async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'flags.json'), JSON.stringify(flags));
    stage = await openRolloutStage(textOf('10m'), folder);
    stable.failEvery(20);
    load = startPacedLoad(`http://127.0.0.1:${stable.port}/`, 200);
  });
  afterAll(async () => {
    await load?.stop();
    await stage?.drop();
    await Promise.all([stable.stop(), canary.stop()]);
  });

  const count = async (): Promise<number> =>
    (await listShifts(stage.store, { launch: 'shop', environment: null, rollout: null })).length;

  it('T28 does not begin where no traffic was counted, in the words of the plan, and nothing is kept of it', async () => {
    await expect(stage.start({ blind: null })).rejects.toMatchObject({
      code: 'rollout_refused',
      message: expect.stringMatching(/phase at-20, measure errors: expected .*share of bad events/u) as string,
      hint: expect.stringContaining('--blind') as string,
    });
    expect(await count()).toBe(0);
  });

  it('T28 does not begin where the phases are too short for the traffic that is counted', async () => {
    await stage.rewrite(textOf('3s'));
    await expect(stage.start({ blind: null, watchMs: 2_000 })).rejects.toMatchObject({
      code: 'rollout_refused',
      message: expect.stringMatching(/phase at-20, measure errors: expected a 3x rise seen/u) as string,
    });
    expect(await count()).toBe(0);
  });

  it('O26 begins blind by a human who may promote, with a reason that stays in the journal, and by nobody else', async () => {
    await expect(stage.start({ person: 'otto' })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(stage.start({ person: 'rob' })).rejects.toMatchObject({
      code: expect.stringMatching(/refused|denied/u) as string,
    });
    await expect(stage.start({ blind: '  ' })).rejects.toMatchObject({ code: 'rollout_refused' });
    expect(await count()).toBe(0);
    const { id } = await stage.start({ blind: 'the shop is closed, nobody comes' });
    const [started] = await stage.journal(id);
    expect(started?.body).toMatchObject({
      by: 'alice',
      blind: 'the shop is closed, nobody comes',
      requestsPerSecond: 0,
    });
    expect(started?.body['faults']).not.toEqual([]);
    stage.keep();
    await stage.until(id, ({ stands }) => stands === 'watching');
  });

  it('T28 begins without another word where it sees enough, and says that the dispersion is assumed', async () => {
    const [open] = await listShifts(stage.store, { launch: 'shop', environment: null, rollout: null });
    const wish = { kind: 'abort', person: 'alice', reason: 'the test asks', seen: null } as const;
    await actOnShift(stage.store, (await stage.scene()).launch, open!.id, wish);
    await stage.until(open!.id, ({ endedAt }) => endedAt !== null);
    // Long enough for whatever part of the load a machine that is busy lets through while it is counted.
    await stage.rewrite(textOf('4h'));
    const { id } = await stage.start({ blind: null, watchMs: 2_000 });
    const [started] = await stage.journal(id);
    expect(started?.body['faults']).toEqual([]);
    expect(started?.body).not.toHaveProperty('blind');
    expect(started?.body['dispersions']).toMatchObject([
      {
        measure: 'errors',
        dispersion: 4,
        text: expect.stringContaining('assumed to be 4: history has none') as string,
      },
    ]);
  }, 180_000);
});
