import { describe, expect, it } from 'vitest';

import { decideRollout } from './decide-rollout.ts';
import { beginHeld } from './lower.ts';
import { hear, lea, look, lookUntil, openWorld, rollout, t0 } from './rollout.fixture.ts';
import type { World } from './rollout.fixture.ts';

const lowerTo = (world: World, weight: number, by = lea): ReturnType<typeof hear> =>
  hear(world, { kind: 'lower', atMs: world.nowMs, weight, by, reason: 'sessions end first' });

function at100(): World {
  const world = openWorld(rollout());
  expect(lookUntil(world, ({ weight, stands }) => weight.asked === 100 && stands === 'watching')).toBe(true);
  return world;
}

describe('lower', () => {
  it('O29 traffic goes back step by step, each weight is asked of every router and read back, and it ends at 0', () => {
    const world = at100();
    for (const weight of [50, 25]) {
      lowerTo(world, weight);
      look(world);
      expect([world.state.stands, world.state.hold?.cause, world.state.routers[0]?.weight]).toEqual([
        'held',
        'lowered',
        weight,
      ]);
    }
    const asked = world.events.flatMap((event) => (event.kind === 'weight_asked' ? [event.weight] : []));
    expect(asked.slice(-2)).toEqual([50, 25]);
    hear(world, { kind: 'abort', atMs: world.nowMs, by: lea, reason: 'the last step' });
    expect(lookUntil(world, ({ stands }) => stands === 'aborted', 10)).toBe(true);
    expect(world.routers['edge']?.weight).toBe(0);
  });

  it('O29 nothing is raised by it, by nobody without a reason, and by no automation', () => {
    const world = at100();
    lowerTo(world, 50);
    const refusedOf = (decision: ReturnType<typeof hear>): unknown[] =>
      decision.events.map((event) => (event.kind === 'refused' ? event.code : event.kind));
    expect(refusedOf(lowerTo(world, 60))).toEqual(['not_lower']);
    expect(refusedOf(lowerTo(world, Number.NaN))).toEqual(['not_lower']);
    expect(refusedOf(lowerTo(world, 25, { ...lea, automation: true }))).toEqual(['automation']);
    expect(world.state.weight.asked).toBe(50);
    expect(refusedOf(lowerTo(world, 50))).toEqual([]);
  });

  it('O29 a candidate that fails meanwhile begins no second way back, and goes back by itself once it is resumed', () => {
    const world = at100();
    lowerTo(world, 50);
    world.perMille = { stable: 10, canary: 300 };
    for (let count = 0; count < 60; count += 1) look(world);
    expect([world.state.stands, world.state.verdicts[0]?.verdict]).toEqual(['held', 'FAIL']);
    hear(world, { kind: 'resume', atMs: world.nowMs, by: lea, reason: 'go on' });
    expect(lookUntil(world, ({ stands }) => stands === 'rolled-back', 10)).toBe(true);
  });

  it('O29 who resumes goes on from the phase that had so much at most, and never completes at less than all', () => {
    const world = at100();
    lowerTo(world, 30);
    hear(world, { kind: 'resume', atMs: world.nowMs, by: lea, reason: 'it was nothing' });
    expect(world.state.rollout.phases[world.state.phase]?.weight).toBe(10);
    expect(lookUntil(world, ({ stands }) => stands === 'completed')).toBe(true);
    expect(world.routers['edge']?.weight).toBe(100);
  });

  it('O29 one that has ended is held anew at the weight that is wanted', () => {
    const wish = { weight: 50, by: lea, reason: 'r' };
    const { state, actions } = beginHeld(rollout(), { candidateSha256: 'c1', nowMs: t0 }, wish);
    expect(actions).toEqual([{ kind: 'set_weight', number: 1, router: 'edge', weight: 50, before: null }]);
    const ended = decideRollout(state, { kind: 'abort', atMs: t0 + 1, by: lea, reason: 'r' });
    expect(ended.state.stands).toBe('going-back');
  });
});
