import { describe, expect, it } from 'vitest';

import { nextLookIn } from './look-interval.ts';
import { lookUntil, openWorld, phase, rollout } from './rollout.fixture.ts';
import type { RolloutState } from './rollout-state.ts';

const world = openWorld(rollout({ phases: [phase(10), phase(100)] }));
lookUntil(world, ({ verdicts }) => verdicts.length > 0);
const [verdict] = world.state.verdicts;
const watched: RolloutState = { ...world.state, verdicts: [{ ...verdict!, verdict: 'INCONCLUSIVE', logAgainst: 0 }] };
const verdictWith = (changes: Partial<RolloutState['verdicts'][number]>): RolloutState => ({
  ...watched,
  verdicts: [{ ...watched.verdicts[0]!, ...changes }],
});
const suspect = { logAgainst: Math.log(watched.verdicts[0]!.limit) };

describe('when a rollout is looked at again', () => {
  it('T4 is an interval later, and while a weight is on its way half a second', () => {
    expect(nextLookIn(watched)).toBe(10_000);
    for (const stands of ['waiting', 'moving', 'going-back'] as const)
      expect(nextLookIn({ ...watched, stands })).toBe(500);
    const quick = { ...watched, rollout: { ...watched.rollout, intervalMs: 200 } };
    expect(nextLookIn({ ...quick, stands: 'moving' })).toBe(200);
  });

  it('T4 comes sooner where the evidence is there and only looks are missing', () => {
    expect(nextLookIn(verdictWith(suspect))).toBe(7_500);
    expect(nextLookIn({ ...verdictWith(suspect), stands: 'held' })).toBe(7_500);
  });

  it.each([
    ['less evidence', { logAgainst: suspect.logAgainst - 0.01 }],
    ['a measure that is only watched', { ...suspect, gating: false }],
    ['a verdict that is there', { ...suspect, verdict: 'FAIL' as const }],
    ['no number', { logAgainst: Number.NaN }],
  ])('T4 negative control: %s keeps its interval', (_, changes) => {
    expect(nextLookIn(verdictWith(changes))).toBe(10_000);
  });
});
