import { describe, expect, it } from 'vitest';

import { hear, intervalMs, look, lookUntil, openWorld, phase, rollout } from './rollout.fixture.ts';
import type { World } from './rollout.fixture.ts';

const two = rollout({ routers: ['edge', 'mail'] });

function weightsOf(world: World): number[] {
  return Object.values(world.routers).map(({ weight }) => weight);
}

describe('routers', () => {
  it('O26 several routers are moved by one decision, and the phase begins when all have the weight', () => {
    const world = openWorld(two, { isStuck: (router) => router === 'mail' });
    look(world);
    look(world);
    expect(world.state).toMatchObject({ stands: 'moving', phase: -1 });
    world.isStuck = () => false;
    expect(lookUntil(world, ({ phase: index }) => index === 0, 3)).toBe(true);
    expect(weightsOf(world)).toEqual([10, 10]);
  });

  it('O26 all routers have a weight or none does: where one cannot be moved, the others go back, and a person is called', () => {
    const world = openWorld(two);
    lookUntil(world, ({ phase: index, stands }) => index === 0 && stands === 'watching');
    world.isStuck = (router) => router === 'mail';
    expect(lookUntil(world, ({ stands }) => stands === 'moving')).toBe(true);
    expect(lookUntil(world, ({ stands }) => stands === 'held', 10)).toBe(true);
    expect(world.state).toMatchObject({ phase: 0, hold: { cause: 'router_failed' }, weight: { asked: 10 } });
    look(world);
    expect(weightsOf(world)).toEqual([10, 10]);
  });

  it('O26 a router that refuses a weight three times is the same', () => {
    const world = openWorld(two, { isStuck: (router) => router === 'mail' });
    look(world);
    for (let count = 0; count < 3; count += 1)
      hear(world, { kind: 'router_failed', atMs: world.nowMs, router: 'mail', reason: 'connection refused' });
    expect(world.state).toMatchObject({ stands: 'held', phase: -1, hold: { cause: 'router_failed' } });
    look(world);
    expect(weightsOf(world)).toEqual([0, 0]);
  });

  it('T7 no weight is stuck: going back is asked again for ever, a person is called once, and it ends when every router reads 0', () => {
    const world = openWorld(two, { perMille: { stable: 10, canary: 100 } });
    expect(lookUntil(world, ({ stands }) => stands === 'watching')).toBe(true);
    world.isStuck = (router) => router === 'mail';
    expect(lookUntil(world, ({ stands }) => stands === 'going-back')).toBe(true);
    const asked = (): number =>
      world.actions.filter((action) => action.kind === 'set_weight' && action.router === 'mail' && action.weight === 0)
        .length;
    for (let count = 0; count < 200; count += 1) look(world);
    expect(world.state.stands).toBe('going-back');
    expect(asked()).toBeGreaterThan(190);
    expect(
      world.actions.filter((action) => action.kind === 'notify' && action.text.startsWith('mail: expected weight 0')),
    ).toHaveLength(1);
    world.isStuck = () => false;
    look(world);
    look(world);
    expect(world.state.stands).toBe('rolled-back');
    expect(weightsOf(world)).toEqual([0, 0]);
  });

  it('T28 a weight that somebody changed is set again, and is held for a person where it happens again and again', () => {
    const world = openWorld(rollout());
    lookUntil(world, ({ phase: index }) => index === 0);
    for (let count = 0; count < 10; count += 1) look(world);
    world.routers['edge']!.weight = 0;
    look(world);
    expect(world.routers['edge']!.weight).toBe(10);
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'weight_drifted', expected: 10, got: 0 }));
    for (let count = 0; count < 3; count += 1) {
      world.routers['edge']!.weight = 100;
      look(world);
    }
    expect(world.state.hold?.cause).toBe('weight_drifts');
    expect(world.routers['edge']!.weight).toBe(10);
  });

  it('T28 what is counted at a weight that somebody else set is left out, and so is the look after it', () => {
    const world = openWorld(rollout({ phases: [phase(10, { minTimeMs: 3_600_000, warmupMs: 0 }), phase(100)] }));
    lookUntil(world, ({ phase: index }) => index === 0);
    for (let count = 0; count < 10; count += 1) look(world);
    const counted = (): unknown => world.state.watches[0]!.evidence.since.counts;
    const before = counted();
    world.routers['edge']!.weight = 12;
    world.perMille.canary = 900;
    look(world);
    look(world);
    expect(counted()).toEqual(before);
    world.perMille.canary = 10;
    look(world);
    expect(counted()).not.toEqual(before);
    expect(world.state.stands).toBe('watching');
  });

  it('T28 after a crash a router that has the weight already is not asked again, and one that has not is', () => {
    for (const before of [true, false]) {
      const world = openWorld(rollout(), { isStuck: () => !before });
      look(world);
      // The process ends here: what is stored is read back, and what was asked may be done or not.
      world.state = JSON.parse(JSON.stringify(world.state)) as World['state'];
      world.isStuck = () => false;
      world.actions.length = 0;
      look(world);
      expect(world.actions.filter(({ kind }) => kind === 'set_weight')).toHaveLength(before ? 0 : 1);
      look(world);
      expect(world.state).toMatchObject({ stands: 'watching', phase: 0 });
    }
  });

  it('T7 a router that cannot be read is no weight: nothing goes on, and a person is called', () => {
    const world = openWorld(rollout());
    lookUntil(world, ({ phase: index }) => index === 0);
    for (let count = 0; count < 20; count += 1) look(world);
    world.twist = (seen) => ({ ...seen, routers: { edge: { trouble: 'ECONNREFUSED' } } });
    look(world);
    expect(world.state.stands).toBe('watching');
    expect(lookUntil(world, ({ stands }) => stands === 'held', 3)).toBe(true);
    expect(world.state.hold).toMatchObject({ cause: 'router_failed', reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('T7 killed at any look and begun again: the weight of every router is one that was asked for, and a bad canary always ends at 0', () => {
    for (let killAt = 0; killAt < 40; killAt += 1) {
      const world = openWorld(two, { perMille: { stable: 10, canary: 60 } });
      for (let count = 0; count < killAt; count += 1) look(world);
      // Its last decision is stored, and only a part of what it asked for was done.
      world.isStuck = (router) => router === 'mail';
      look(world);
      world.isStuck = () => false;
      world.nowMs += 5 * 60_000;
      world.state = JSON.parse(JSON.stringify(world.state)) as World['state'];
      expect(lookUntil(world, ({ stands }) => stands === 'rolled-back', 500)).toBe(true);
      expect(weightsOf(world)).toEqual([0, 0]);
      expect(world.state.reports.every(({ ended }) => ended !== 'passed')).toBe(true);
    }
  });

  it('T28 numbers of actions rise by one, so that none is lost or done under another', () => {
    const world = openWorld(two);
    lookUntil(world, ({ stands }) => stands === 'completed');
    expect(world.actions.map(({ number }) => number)).toEqual(world.actions.map((_, index) => index + 1));
    expect(intervalMs).toBe(10_000);
  });
});
