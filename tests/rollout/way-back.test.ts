import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { answerWayBack } from '../../src/engine/rollout/answer-way-back.ts';
import type { WayBackAnswer } from '../../src/engine/rollout/answer-way-back.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { rolloutLaunch } from './rollout-launch.ts';

const text = rolloutLaunch(
  {
    router: '{ kind: flag-file, file: flags.json, flag: shop, stable: stable, canary: canary }',
    metrics: { stable: 'http://127.0.0.1:9/metrics', canary: 'http://127.0.0.1:9/metrics' },
  },
  {
    phases: ['{ weight: 100, minTime: 1s, maxTime: 60s, minRequests: 50, warmup: 0s }'],
    body: `> **Point of no return:** the first order on the new side
>
> \`\`\`sql url=sqlite:new.db
> select count(*) as value from orders
> -- expect value >= 1
> \`\`\`
`,
  },
);

function flags(weight: number): string {
  const split = {
    fractional: [
      ['canary', weight],
      ['stable', 100 - weight],
    ],
  };
  const shop = {
    state: 'ENABLED',
    variants: { canary: 'new', stable: 'old' },
    defaultVariant: 'stable',
    targeting: split,
  };
  return JSON.stringify({ flags: { shop } });
}

describe('can we still go back', { timeout: 300_000 }, () => {
  const folder = newFolder();
  const file = join(folder, 'flags.json');
  let stage: RolloutStage;
  let orders: DatabaseSync;
  beforeAll(async () => {
    writeFileSync(file, flags(0));
    orders = new DatabaseSync(join(folder, 'new.db'), { timeout: 30_000 });
    orders.exec('create table orders (id integer)');
    stage = await openRolloutStage(text, folder);
    // Routers are given three seconds, and what is loaded with the first question would be among them.
    await ask();
  }, 300_000);
  afterAll(async () => {
    orders.close();
    await stage.drop();
  });
  const ask = async (): Promise<WayBackAnswer> =>
    answerWayBack(stage.store, await stage.scene(), { steps: stepReaders, checks: checkKinds, keptMs: 0 });

  it('O29 that nothing is to be taken back is said by the routers, with when, and by nobody else', async () => {
    const { verdict, reasons, traffic } = await ask();
    expect(verdict).toBe('nothing');
    expect(reasons).toContain('every router says that the canary has no traffic');
    expect(traffic).toMatchObject([{ rollout: 'new-shop', shift: null, weight: 0, heard: [{ router: 'edge' }] }]);
    expect(Date.parse(traffic[0]!.heard[0]!.at!)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('O29 where no rollout is declared nobody says that there is nothing to take back', async () => {
    const scene = await stage.scene();
    const none = { ...scene, launch: { ...scene.launch, rollouts: [] } };
    const answer = await answerWayBack(stage.store, none, { steps: stepReaders, checks: checkKinds, keptMs: 0 });
    expect(answer).toMatchObject({ verdict: 'person', traffic: [] });
    expect(answer.reasons).toContain('no rollout is declared, so that nobody is asked for traffic');
  });

  it('O29 traffic that nobody shifted here is seen all the same', async () => {
    writeFileSync(file, flags(40));
    expect(await ask()).toMatchObject({ verdict: 'yes', traffic: [{ weight: 40, asked: null }] });
  });

  it('O29 a router that cannot be read is for a person, whatever was asked of it', async () => {
    rmSync(file);
    const { verdict, reasons } = await ask();
    expect(verdict).toBe('person');
    expect(reasons[0]).toMatch(/^router edge does not say what the canary has: /);
    expect(reasons).not.toContain('every router says that the canary has no traffic');
    writeFileSync(file, flags(40));
  });

  it('C16 records of users on the new side are counted, and behind them a person decides, whatever the clock says', async () => {
    expect(await ask()).toMatchObject({ verdict: 'yes', points: [{ state: 'ahead', detail: 'value >= 1: got 0' }] });
    orders.exec('insert into orders values (1), (2)');
    const { verdict, points, lost } = await ask();
    expect([verdict, points[0]?.state]).toEqual(['person', 'crossed']);
    expect(lost).toContain('behind is: the first order on the new side (value >= 1: got 2)');
    orders.exec('alter table orders rename to gone');
    expect(await ask()).toMatchObject({ verdict: 'person', points: [{ state: 'unknown' }] });
  });
});
