import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decideRollout } from './decide-rollout.ts';
import type { CounterSample, MeasureReading } from './measure-reading.ts';
import { intervalMs, lea, look, lookUntil, measure, openWorld, phase, rollout } from './rollout.fixture.ts';
import type { World } from './rollout.fixture.ts';
import type { Look, RolloutInput } from './rollout-input.ts';

const long = rollout({ phases: [phase(10, { minTimeMs: 600_000 }), phase(100)] });

/** What the source says in place of the truth. */
type Lie = (samples: readonly CounterSample[], world: World) => MeasureReading;

function lying(lie: Lie): World['twist'] {
  return (seen, world) => {
    const measures = Object.entries(seen.measures).map(([id, reading]) => [
      id,
      reading.state === 'read' ? lie(reading.samples, world) : reading,
    ]);
    return { ...seen, measures: Object.fromEntries(measures) as Look['measures'] };
  };
}

const read = (samples: readonly CounterSample[]): MeasureReading => ({ state: 'read', samples });
const onArm =
  (arm: CounterSample['arm'], change: (sample: CounterSample, world: World) => Partial<CounterSample>): Lie =>
  (samples, world) =>
    read(samples.map((sample) => (sample.arm === arm ? { ...sample, ...change(sample, world) } : sample)));

const troubles: [string, string, Lie][] = [
  ['no data', 'NO_DATA', () => ({ state: 'no_data', reason: 'result: []' })],
  ['a mistyped metric: an answer without samples', 'NO_DATA', () => read([])],
  ['a source that cannot be asked', 'ERROR', () => ({ state: 'error', reason: 'HTTP 400' })],
  ['no samples of the canary', 'NO_DATA', (samples) => read(samples.filter(({ arm }) => arm === 'stable'))],
  ['no samples of the stable arm', 'NO_DATA', (samples) => read(samples.filter(({ arm }) => arm === 'canary'))],
  ['a dead target: samples that stay old', 'NO_DATA', onArm('canary', () => ({ atMs: 1 }))],
  ['a target that stands still', 'NO_DATA', onArm('canary', () => ({ total: 5_000, bad: 50 }))],
  ['a clock that is ahead', 'NO_DATA', onArm('canary', ({ atMs }) => ({ atMs: atMs + 3 * intervalMs }))],
  [
    'a share that is not the one of the router',
    'NO_DATA',
    onArm('canary', ({ total, bad }) => ({ total: 4 * total, bad: 4 * Number(bad) })),
  ],
  [
    'a counter that is reset at every look',
    'NO_DATA',
    onArm('canary', (_, world) => ({ total: 1_000_000 - world.nowMs / 1e7, bad: 0 })),
  ],
  ['a number that is none', 'ERROR', onArm('canary', () => ({ bad: Number.NaN }))],
  ['a negative number', 'ERROR', onArm('stable', () => ({ total: -1 }))],
  ['more bad events than requests', 'ERROR', onArm('canary', ({ total }) => ({ bad: total + 1 }))],
  ['a sample that comes twice', 'ERROR', (samples) => read([...samples, ...samples])],
];

describe('T7 what cannot be told is never PASS', () => {
  it.each(troubles)('T7 %s is %s from the beginning, and is held', (_, verdict, lie) => {
    const world = openWorld(long, { twist: lying(lie) });
    lookUntil(world, ({ phase: index }) => index === 0);
    const seen = new Set<string>();
    for (let count = 0; count < 300; count += 1) {
      look(world);
      for (const one of world.state.verdicts) seen.add(one.verdict);
    }
    expect(seen).not.toContain('PASS');
    expect(seen).toContain(verdict);
    expect(world.state).toMatchObject({ phase: 0, stands: 'held', weight: { asked: 10 } });
  });

  it.each(troubles)('T7 %s is %s in the middle of a phase that would pass', (_, verdict, lie) => {
    const world = openWorld(long);
    lookUntil(world, ({ phase: index }) => index === 0);
    for (let count = 0; count < 40; count += 1) look(world);
    world.twist = lying(lie);
    for (let count = 0; count < 60; count += 1) look(world);
    expect(world.state.phase).toBe(0);
    expect(world.state.verdicts[0]!.verdict).toBe(verdict);
    expect(world.state.reports).toEqual([]);
  });

  it('T7 negative control: the same phase passes where nobody lies', () => {
    const world = openWorld(long);
    expect(lookUntil(world, ({ phase: index }) => index === 1, 100)).toBe(true);
  });

  it('T7 where all traffic stops nothing is proven by what came before', () => {
    const world = openWorld(long);
    lookUntil(world, ({ phase: index }) => index === 0);
    for (let count = 0; count < 40; count += 1) look(world);
    world.requests = 0;
    expect(lookUntil(world, ({ phase: index }) => index === 1, 400)).toBe(false);
    expect(world.state.hold).toMatchObject({ cause: 'no_data', reason: expect.stringContaining('expected requests') });
  });

  it('T7 another share than that of the router has an alarm of its own', () => {
    const world = openWorld(long, { twist: lying(troubles[8]![2]) });
    lookUntil(world, () => false, 40);
    expect(world.events.filter(({ kind }) => kind === 'share_mismatch')).toHaveLength(1);
    expect(world.actions).toContainEqual(
      expect.objectContaining({ kind: 'notify', urgency: 'page', text: expect.stringContaining('another share') }),
    );
  });

  it('C22 a measure that was not asked is no data, and a person is called after two minutes of it', () => {
    const world = openWorld(long, { twist: (seen) => ({ ...seen, measures: {} }) });
    expect(lookUntil(world, ({ stands }) => stands === 'held', 16)).toBe(true);
    expect(world.state.hold).toMatchObject({ cause: 'no_data', reason: expect.stringContaining('it was not asked') });
  });

  it('T7 a rollout with nothing that gates never passes', () => {
    const world = openWorld({ ...long, measures: [measure({ gating: false })] });
    expect(lookUntil(world, ({ phase: index }) => index === 1, 400)).toBe(false);
    expect(world.state.stands).toBe('held');
  });
});

/** Kinds of looks and deeds that a walk is made of. */
const step = fc.constantFrom(
  'look',
  'look',
  'look',
  'look',
  'bad',
  'silent',
  'drift',
  'dead',
  'hold',
  'resume',
  'promote',
  'fail',
);

/** Walks a world, and hands every state through `keep`, as a store would. */
function walk(steps: readonly string[], keep: (value: World['state'], index: number) => World['state']): World {
  const world = openWorld(long, { requests: 4_000 });
  steps.forEach((kind, index) => {
    world.perMille.canary = kind === 'bad' ? 60 : 10;
    world.twist = kind === 'silent' ? lying(() => ({ state: 'no_data', reason: 'none' })) : (seen) => seen;
    if (kind === 'drift') world.routers['edge']!.weight = 33;
    world.isStuck = () => kind === 'dead';
    const input = deedOf(kind, world.nowMs);
    if (input !== null) world.state = decideRollout(world.state, input).state;
    for (let count = 0; count < 8; count += 1) {
      look(world);
      world.state = keep(world.state, index * 8 + count);
    }
  });
  return world;
}

function deedOf(kind: string, atMs: number): RolloutInput | null {
  if (kind === 'hold' || kind === 'resume' || kind === 'promote') return { kind, atMs, by: lea, reason: kind };
  return kind === 'fail' ? { kind: 'router_failed', atMs, router: 'edge', reason: 'refused' } : null;
}

describe('a rollout that is stored', () => {
  it('T28 the same looks give the same state, wherever it was stored as JSON and read back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), (steps, every) => {
        const kept = walk(steps, (state, index) =>
          index % every === 0 ? (JSON.parse(JSON.stringify(state)) as World['state']) : state,
        );
        const whole = walk(steps, (state) => state);
        expect(JSON.parse(JSON.stringify(kept.state))).toEqual(JSON.parse(JSON.stringify(whole.state)));
        expect(kept.actions).toEqual(whole.actions);
      }),
      { numRuns: 60 },
    );
  });

  it('T7 no walk ends a phase as passed unless every measure that gates had PASS at that look', () => {
    let passes = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        const world = walk(steps, (state) => state);
        const passed = world.state.reports.filter(({ ended }) => ended === 'passed');
        passes += passed.length;
        const gating = passed.flatMap(({ verdicts }) => verdicts.filter((one) => one.gating));
        expect(gating.length).toBe(passed.length);
        expect(gating.every(({ verdict }) => verdict === 'PASS')).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(passes).toBeGreaterThan(0);
  });
});
