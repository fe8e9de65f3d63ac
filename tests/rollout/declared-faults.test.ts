import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadPlan } from '../../src/engine/load-plan.ts';
import { findDeclaredFaults } from '../../src/engine/rollout/declared-faults.ts';
import { findRollout } from '../../src/engine/rollout/start-shift.ts';
import { toScene } from '../../src/engine/scene.ts';
import { metricSourceKinds } from '../../src/kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../src/kinds/routers/kinds.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { newFolder } from './open-stage.ts';
import { rolloutLaunch } from './rollout-launch.ts';

const haproxy = '{ kind: haproxy, socket: h.sock, backend: app, stable: stable, canary: canary }';

/** What is wrong with the rollout of the test launch, after its text was changed. */
async function faultsOf(change: (text: string) => string): Promise<string[]> {
  const places = {
    router: haproxy,
    metrics: { stable: 'http://127.0.0.1:1/metrics', canary: 'http://127.0.0.1:2/metrics' },
  };
  const text = rolloutLaunch(places, { phases: ['{ weight: 20 }', '{ weight: 100 }'] });
  const folder = newFolder();
  writeFileSync(join(folder, 'launch.md'), change(text));
  const plan = await loadPlan(folder, { checks: checkReaders, steps: stepReaders });
  rmSync(folder, { recursive: true, force: true });
  const scene = await toScene(plan, 'staging');
  const kinds = { routers: routerKinds, sources: metricSourceKinds };
  return findDeclaredFaults(findRollout(scene, null), { scene, kinds });
}

describe('what a rollout is declared with', () => {
  it('T28 nothing stands against one that is written as its kinds are', async () => {
    expect(await faultsOf((text) => text)).toEqual([]);
  });

  it.each([
    ['an option of a router that is none', ['backend:', 'backnd:'], /router edge: .*backend/],
    ['an option of a router that is missing', ['socket: h.sock, ', ''], /socket of router edge: expected/],
    ['an option of a metric source', ['scrape: 2s', 'scrpe: 2s'], /metric source pages: .*scrape/],
    [
      'a template that nobody knows',
      ['backend: app', 'backend: "{{ nobody.knows }}"'],
      /router edge: backend of edge: expected templates/,
    ],
  ])('T28 %s is told by its name, before anything is connected to', async (_, [from, to], told) => {
    const faults = await faultsOf((text) => text.replace(from!, to!));
    expect(faults.join('\n')).toMatch(told);
  });

  it('T28 all of it is told at once', async () => {
    const faults = await faultsOf((text) => text.replace('backend:', 'backnd:').replace('scrape: 2s', 'scrpe: 2s'));
    expect(faults.length).toBeGreaterThan(1);
  });
});
