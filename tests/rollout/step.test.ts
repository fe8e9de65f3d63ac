import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { StepContext } from '../../src/core/step/step-kind.ts';
import { openDataDeeds } from '../../src/engine/data/deeds/open-data-deeds.ts';
import { rolloutStepKind } from '../../src/kinds/steps/rollout/kind.ts';
import { listShifts } from '../../src/store/rollout.ts';
import type { Shift } from '../../src/store/rollout.ts';
import { stepContext } from '../contract/step-context.ts';
import { startHaproxy } from '../servers/start-haproxy.ts';
import { openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { startPacedLoad } from './paced-load.ts';
import type { PacedLoad } from './paced-load.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startArm } from './start-arms.ts';

const [stable, canary] = [await startArm('stable'), await startArm('canary')];
const haproxy = await startHaproxy({ stable: stable.port, canary: canary.port });
const missing = haproxy.state === 'missing' ? haproxy.reason : null;
const time = 'minTime: 1s, maxTime: 10m, minRequests: 50, warmup: 0s';
const textOf = (socket = 'haproxy.sock'): string =>
  rolloutLaunch(
    {
      router: `{ kind: haproxy, socket: ${socket}, backend: app, stable: stable, canary: canary, state: haproxy.state, timeout: 30s }`,
      metrics: { stable: stable.metrics, canary: canary.metrics },
    },
    { phases: [`{ weight: 20, ${time} }`, `{ weight: 100, ${time} }`], rollout: '  retry: person\n' },
  ).replace('exclude: 3 }', 'exclude: 3, cap: "20%" }');

describe.skipIf(missing !== null)(
  `a step that shifts traffic on HAProxy${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let stage: RolloutStage;
    let load: PacedLoad;
    beforeAll(async () => {
      if (haproxy.state !== 'started') return;
      stage = await openRolloutStage(textOf(), haproxy.folder);
      stage.keep();
      load = startPacedLoad(haproxy.url, 300);
    }, 120_000);
    afterAll(async () => {
      await load?.stop();
      if (haproxy.state === 'started') await haproxy.stop();
      await stage?.drop();
      await Promise.all([stable.stop(), canary.stop()]);
    });

    const spec = { kind: 'rollout', rollout: 'new-shop', do: 'shift', blind: 'seconds see little' };
    const contextOf = async (given: Partial<StepContext>): Promise<StepContext> => {
      const deeds = openDataDeeds({ store: stage.store, scene: await stage.scene(), executor: 'alice' });
      return { ...stepContext({ signal: AbortSignal.timeout(240_000) }).context, deeds, ...given };
    };
    const ask = (command: string): Promise<string> =>
      haproxy.state === 'started' ? haproxy.ask(command) : Promise.reject(new Error(haproxy.reason));
    const openShift = async (): Promise<Shift | undefined> => {
      const shifts = await listShifts(stage.store, { launch: 'shop', environment: 'staging', rollout: null });
      return shifts.find(({ endedAt }) => endedAt === null);
    };

    it('O26 a rehearsal moves the router there and back, judges nothing and says so', async () => {
      const before = canary.requests;
      const end = await rolloutStepKind.run(spec, await contextOf({ mode: 'rehearsal' }));
      expect([end.outcome, end.facts]).toEqual(['done', { moved: 1, judged: 0 }]);
      expect(end.detail).toMatch(
        /^rollout new-shop in staging: router edge took 20 % in \d+ ms and is back at 0 % in \d+ ms\. Nothing was judged/,
      );
      expect(await ask('get weight app/canary')).toMatch(/^0 /);
      expect(canary.requests).toBeGreaterThanOrEqual(before);
    }, 120_000);

    it('C07 a rehearsal without a router that answers fails: nothing stands in for it', async () => {
      await stage.rewrite(textOf('nobody.sock'));
      const end = await rolloutStepKind.run(spec, await contextOf({ mode: 'rehearsal' }));
      expect([end.outcome, end.detail]).toEqual(['failed', expect.stringMatching(/^rollout new-shop: /) as string]);
      await stage.rewrite(textOf());
    }, 120_000);

    it('C07 a rehearsal touches no router that has traffic on the canary already', async () => {
      await ask('set weight app/canary 30');
      await ask('set weight app/stable 70');
      const end = await rolloutStepKind.run(spec, await contextOf({ mode: 'rehearsal' }));
      expect([end.outcome, end.detail]).toEqual(['failed', expect.stringContaining('30 %: it was not touched')]);
      expect(await ask('get weight app/canary')).toMatch(/^30 /);
      await ask('set weight app/canary 0');
      await ask('set weight app/stable 100');
    }, 120_000);

    it('T28 F09 the step goes on with the shift that its key began, whoever cut it short, and is done at 100 %', async () => {
      const cut = new AbortController();
      const first = rolloutStepKind.run(spec, await contextOf({ idempotencyKey: 'r-1:a:0', signal: cut.signal }));
      while ((await openShift())?.stands !== 'watching') await new Promise((resolve) => setTimeout(resolve, 50));
      const id = (await openShift())!.id;
      // Held, it stays under way for as long as this takes.
      await stage.act(id, 'hold');
      // A rehearsal does not reach for what a shift moves.
      const beside = await rolloutStepKind.run(spec, await contextOf({ mode: 'rehearsal' }));
      expect([beside.outcome, beside.detail]).toEqual(['failed', expect.stringContaining(`got ${id}`)]);
      cut.abort();
      expect(await first).toMatchObject({ outcome: 'stopped', facts: { shift: id } });
      const context = await contextOf({ idempotencyKey: 'r-1:a:0' });
      expect(await rolloutStepKind.probe!(spec, context)).toMatchObject({ result: 'unfinished' });
      await stage.act(id, 'resume');
      const end = await rolloutStepKind.run(spec, context);
      expect(end).toMatchObject({ outcome: 'done', facts: { shift: id, stands: 'completed' } });
      expect(await rolloutStepKind.probe!(spec, context)).toMatchObject({ result: 'applied' });
      const back = { ...spec, do: 'take-back' };
      expect(await rolloutStepKind.run(back, await contextOf({ idempotencyKey: 'r-1:b:0' }))).toMatchObject({
        outcome: 'done',
      });
    }, 300_000);

    it('C17 a candidate that fails takes the step with it, in the words of the verdict', async () => {
      canary.failEvery(2);
      const end = await rolloutStepKind.run(spec, await contextOf({ idempotencyKey: 'r-2:a:0' }));
      canary.failEvery(0);
      expect(end).toMatchObject({ outcome: 'failed', facts: { stands: 'rolled-back' } });
      expect(end.detail).toMatch(
        /is rolled-back: measure errors: (?:worse than margin|cap broken); FAIL: Of \d+ errors since .*, \d+ hit the new version/,
      );
      expect(load.lost).toEqual([]);
    }, 300_000);
  },
);
