import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyChanges } from './apply-changes.ts';
import { decide } from './decide.ts';
import { nextTickAt } from './next-tick-at.ts';
import { tickBugs } from './next-tick-bugs.fixture.ts';
import { isFinal } from './run.ts';
import type { Run } from './run.ts';
import {
  approval,
  beganAtMs,
  begun,
  dayMs,
  hourMs,
  humanStep,
  minuteMs,
  newRun,
  planOf,
  step,
} from './runs.fixture.ts';
import { walk } from './walks.fixture.ts';

const choices = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 20, maxLength: 120, size: 'max' });
const farMs = 4_000 * dayMs;

function changesAt(run: Run, atMs: number): boolean {
  return decide(run, { kind: 'tick', atMs }).length > 0;
}

/** What is wrong with the answer for one run, or null. `share` places an instant before it. */
function faultOf(answer: typeof nextTickAt, run: Run, share: number): string | null {
  const nextMs = answer(run);
  if (nextMs === null) return changesAt(run, run.nowMs + farMs) ? 'it changes, and no instant was given' : null;
  if (isFinal(run)) return 'a run that has ended was given an instant';
  if (!changesAt(run, nextMs)) return 'nothing changes at it';
  const beforeMs = run.nowMs + Math.floor((nextMs - 1 - run.nowMs) * share);
  for (const atMs of [beforeMs, nextMs - 1])
    if (atMs >= run.nowMs && atMs < nextMs && changesAt(run, atMs)) return 'it changes before';
  const after = applyChanges(run, decide(run, { kind: 'tick', atMs: nextMs }));
  return (answer(after) ?? Infinity) > nextMs ? null : 'it does not rise';
}

/** Every run of a walk is asked: each stands in another place. */
function faultIn(answer: typeof nextTickAt, numbers: readonly number[], share: number): string | null {
  for (const { after } of walk(decide, numbers)) {
    const fault = faultOf(answer, after, share);
    if (fault !== null) return `${fault}: ${after.state} at ${after.nowMs}, ${answer(after)}`;
  }
  return null;
}

const shares = fc.double({ min: 0, max: 1, noNaN: true });

describe('nextTickAt', () => {
  it('law 10 before it a tick changes nothing, at it something, and after it the value has risen', () => {
    fc.assert(
      fc.property(choices, shares, (numbers, share) => {
        expect(faultIn(nextTickAt, numbers, share)).toBeNull();
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it.each(Object.keys(tickBugs))('R7 a planted bug is caught: %s', (name) => {
    const caught = fc.check(
      fc.property(choices, shares, (numbers, share) => faultIn(tickBugs[name]!, numbers, share) === null),
      { numRuns: 800, seed: 7, endOnFailure: true },
    );
    expect(caught.failed, `${name} was not caught in ${caught.numRuns} walks`).toBe(true);
  });

  it('law 10 a thousand people without a limit cost no look at all, with one the first limit is named', () => {
    const people = (limitMs: number | null): Run =>
      begun(planOf(Array.from({ length: 1_000 }, (_, index) => humanStep(`ask-${index}`, { limitMs })))).run;
    expect(nextTickAt(people(null))).toBeNull();
    expect(nextTickAt(people(dayMs))).toBe(beganAtMs + dayMs);
  });

  it('law 10 a step at an offset and one at an instant are waited for, the earlier first', () => {
    const timed = planOf([
      step('a', { timer: { kind: 'offset', offsetMs: -2 * dayMs } }),
      step('b', { timer: { kind: 'at', atMs: beganAtMs + 9 * dayMs } }),
    ]);
    const engine = begun(timed);
    expect(nextTickAt(engine.run)).toBe(beganAtMs + 8 * dayMs);
    engine.give({ kind: 'tick', atMs: beganAtMs + 8 * dayMs });
    expect(nextTickAt(engine.run)).toBe(beganAtMs + 9 * dayMs);
  });

  it('O08 the limits of a step, of the queue and of the run are instants', () => {
    const queued = planOf([step('a')]);
    const engine = begun(queued);
    expect(nextTickAt(engine.run)).toBeNull();
    engine.give({ kind: 'step_started', step: 'a', atMs: beganAtMs + 1_000 });
    expect(nextTickAt(engine.run)).toBe(beganAtMs + 1_000 + 2 * minuteMs);
    const limited = begun(planOf([step('a')], { limitMs: hourMs }));
    expect(nextTickAt(limited.run)).toBe(beganAtMs + hourMs);
  });

  it('D11 the end of an approval is an instant only while a step lies with the workers', () => {
    const production = { environment: { id: 'production', production: true } };
    const given = approval(2, { expiresAtMs: beganAtMs + dayMs });
    const ready = begun(planOf([step('a')], production), { approval: given });
    expect(nextTickAt(ready.run)).toBe(beganAtMs + dayMs);
    const asking = begun(planOf([humanStep('a', { limitMs: null })], production), { approval: given });
    expect(nextTickAt(asking.run)).toBeNull();
    expect(nextTickAt(newRun(planOf([step('a')], production)))).toBeNull();
  });
});
