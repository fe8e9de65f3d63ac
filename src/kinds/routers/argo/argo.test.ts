import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { startCluster } from '../../../../tests/doubles/cluster-server.ts';
import type { ClusterServer, Controller } from '../../../../tests/doubles/cluster-server.ts';
import { routerContext } from '../../../../tests/routers/router-context.ts';
import { SecretValue } from '../../../core/secret/secret-value.ts';
import { argoKind } from './kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-test-argo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const running: ClusterServer[] = [];
afterEach(async () => void (await Promise.all(running.splice(0).map((cluster) => cluster.stop()))));

const path = 'apis/argoproj.io/v1alpha1/namespaces/default/rollouts/shop';
const steps = [{ setWeight: 5 }, { pause: {} }, { setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

interface Status {
  currentStepIndex: number;
  abort?: boolean;
  promoteFull?: boolean;
  pauseConditions?: unknown[];
}

/** Paused behind the first step, as Argo writes it. */
function makeRollout(): { [key: string]: unknown } {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'shop', namespace: 'default', generation: 3, resourceVersion: '10' },
    spec: { strategy: { canary: { steps, trafficRouting: { nginx: { stableIngress: 'shop' } } } } },
    status: {
      phase: 'Paused',
      observedGeneration: '3',
      currentStepIndex: 1,
      currentPodHash: 'new',
      stableRS: 'old',
      readyReplicas: 5,
      pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-11-21T12:00:00Z' }],
      canary: { weights: { canary: { weight: 5 }, stable: { weight: 95 } } },
    },
  };
}

/** What the controller of Argo does with each of the three words. */
const controller: Controller = (rollout) => {
  const status = rollout['status'] as Status & { [key: string]: unknown };
  const weigh = (weight: number) => ({ weights: { canary: { weight }, stable: { weight: 100 - weight } } });
  if (status.abort === true) return { ...rollout, status: { ...status, phase: 'Degraded', canary: weigh(0) } };
  if (status.promoteFull === true)
    return {
      ...rollout,
      status: { ...status, phase: 'Healthy', stableRS: 'new', promoteFull: false, canary: weigh(0) },
    };
  if (status.pauseConditions !== undefined) return null;
  const index = steps.findIndex((step, at) => at >= status.currentStepIndex && 'setWeight' in step);
  const weight = (steps[index] as { setWeight: number }).setWeight;
  return {
    ...rollout,
    status: { ...status, currentStepIndex: index + 1, pauseConditions: [{}], canary: weigh(weight) },
  };
};

describe('a Rollout of Argo', () => {
  const open = async (carryOut: Controller = controller, rollout = makeRollout(), settle = '60s') => {
    const cluster = await startCluster({ [path]: rollout }, { carryOut });
    running.push(cluster);
    writeFileSync(join(folder, 'ca.pem'), cluster.ca);
    const secret = new SecretValue('cluster', Buffer.from(cluster.token));
    const options = { url: cluster.url, ca: 'ca.pem', rollout: 'shop', settle, timeout: '60s' };
    return { cluster, session: await argoKind.open(options, routerContext({ workspace: folder, secret })) };
  };

  it('T7 goes on from step to step, each by one patch of the status, and back by an abort', async () => {
    const { cluster, session } = await open();
    expect(await session.read()).toMatchObject({ weight: 5, requests: null, healthy: { stable: true, canary: null } });
    await session.set(5);
    expect(cluster.asked.some((line) => line.startsWith('PATCH'))).toBe(false);
    await session.set(25);
    await session.set(50);
    expect((await session.read()).weight).toBe(50);
    await session.set(0);
    expect((await session.read()).weight).toBe(0);
    expect(cluster.asked.filter((line) => line.startsWith('PATCH'))).toEqual(
      Array.from({ length: 3 }, () => `PATCH /${path}/status`),
    );
    await expect(session.set(5)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/aborted/) as string,
    });
  });

  it('T7 the whole way is believed when its pods are the stable ones, and then there is no way back by a weight', async () => {
    const { session } = await open();
    await session.set(100);
    expect((await session.read()).weight).toBe(100);
    await expect(session.set(0)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/is over/) as string,
    });
  });

  it('T7 a weight that is not the one of the next step is refused, and nothing is sent', async () => {
    const { cluster, session } = await open();
    for (const weight of [10, 50, -1, 101]) await expect(session.set(weight)).rejects.toMatchObject({ code: 'weight' });
    expect(cluster.asked.some((line) => line.startsWith('PATCH'))).toBe(false);
  });

  it('T7 a controller that does nothing is told of, and a status of an earlier generation is no weight', async () => {
    const { session } = await open(() => null, makeRollout(), '400ms');
    await expect(session.set(0)).rejects.toMatchObject({
      code: 'not_taken',
      message: expect.stringMatching(/got 5/) as string,
    });
    const stale = makeRollout();
    stale['metadata'] = { ...(stale['metadata'] as object), generation: 4 };
    await expect((await open(controller, stale)).session.read()).rejects.toMatchObject({ code: 'not_agreed' });
    const plain = makeRollout();
    plain['status'] = { observedGeneration: '3', phase: 'Progressing' };
    await expect((await open(controller, plain)).session.read()).rejects.toMatchObject({ code: 'no_weights' });
  });
});
