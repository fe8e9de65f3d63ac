import { describe, expect, it } from 'vitest';

import { applyChanges } from './apply-changes.ts';
import { decide } from './decide.ts';
import { nextTickAt } from './next-tick-at.ts';
import type { Plan } from './plan.ts';
import { approval, beganAtMs, dayMs, newRun, planOf, step } from './runs.fixture.ts';
import type { Run } from './run.ts';

const count = 10_000;

/** A plan that counts how often its steps are walked: once for each of ten thousand steps would be a hundred million looks. */
function countingPlan(): { plan: Plan; looks: () => number } {
  const steps = Array.from({ length: count }, (_, index) =>
    step(`step-${index}`, { timer: { kind: 'offset', offsetMs: 0 } }),
  );
  let looks = 0;
  const plan = planOf(steps, { environment: { id: 'production', production: true } });
  Object.defineProperty(plan, 'steps', {
    enumerable: true,
    get: () => {
      looks += 1;
      return steps;
    },
  });
  return { plan, looks: () => looks };
}

function begunRun(plan: Plan): Run {
  const created = newRun(plan, { approval: approval(2) });
  return applyChanges(created, decide(created, { kind: 'start', atMs: beganAtMs }));
}

describe('ten thousand steps', () => {
  it('law 10 come due at once, begin and end without the plan being walked for each of them', () => {
    const { plan, looks } = countingPlan();
    const begun = begunRun(plan);
    const before = looks();
    const dueMs = beganAtMs + 10 * dayMs;
    const changes = decide(begun, { kind: 'tick', atMs: dueMs });
    expect(changes.filter(({ kind }) => kind === 'dispatch')).toHaveLength(count);
    const ready = applyChanges(begun, changes);
    const started = applyChanges(ready, decide(ready, { kind: 'step_started', step: 'step-7', atMs: dueMs }));
    expect(started.steps['step-7']?.state).toBe('running');
    expect(nextTickAt(started)).toBe(dueMs + 120_000);
    const ended = { kind: 'step_ended', step: 'step-7', attempt: 1, outcome: 'done', detail: '', atMs: dueMs } as const;
    expect(applyChanges(started, decide(started, ended)).steps['step-7']?.state).toBe('done');
    expect(looks() - before).toBeLessThan(10);
  });
});
