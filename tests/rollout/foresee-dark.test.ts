import { expect, it } from 'vitest';

import type { MeasureReading } from '../../src/core/rollout/measure-reading.ts';
import { measure, phase, rollout } from '../../src/core/rollout/rollout.fixture.ts';
import { foreseeShift } from '../../src/engine/rollout/foresee-shift.ts';

const read = (atMs: number, total: number, bad: number): MeasureReading => ({
  state: 'read',
  samples: (['stable', 'canary'] as const).map((arm) => ({ arm, stratum: '', atMs, total, bad })),
});
const dark = phase(0, { id: 'dark', maxTimeMs: 120 * 60_000 });
const declared = rollout({
  phases: [dark, ...rollout().phases],
  measures: [measure(), measure({ id: 'shadow', cap: 0.01, phases: ['dark'] })],
});
const { at } = declared;
const shadow = { options: {}, sample: 1, methods: ['GET'], compare: [], ignore: [], credential: null, at };

it('O25 a dark phase is planned by what its shadow compares, and refused where nothing copies', () => {
  const looks = {
    measures: { errors: read(0, 0, 0), shadow: read(0, 0, 0) },
    later: { errors: read(10_000, 2_000, 20), shadow: read(10_000, 300, 0) },
  };
  const faultsOf = (given: typeof declared): readonly string[] =>
    foreseeShift(given, looks, { requestsPerSecond: null, history: {} }).faults.filter((fault) =>
      fault.startsWith('phase dark'),
    );
  expect(faultsOf({ ...declared, shadow })).toEqual([]);
  expect(faultsOf(declared)).toEqual(
    expect.arrayContaining([expect.stringMatching(/measure errors: expected requests of the canary, got none/)]),
  );
});
