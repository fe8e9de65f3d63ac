import { describe, expect, it } from 'vitest';

import type { Change } from '../procedure/change.ts';
import { beganAtMs, begun, hourMs, humanStep, planOf, step } from '../procedure/runs.fixture.ts';
import { missedFaults } from './missed-faults.ts';

const lostOrFailed = ['fails', 'crash_before', 'crash_after'] as const;

/** Events of a run whose first step ended like this in its first attempt. */
function eventsOf(end: 'done' | 'failed' | 'interrupted' | 'late', interrupted: 'rerun' | 'verify' | 'ask'): Change[] {
  const engine = begun(planOf([step('copy', { interrupted, maxAttempts: 2 }), step('other')]));
  engine.give({ kind: 'step_started', step: 'copy', atMs: beganAtMs });
  if (end === 'late') engine.give({ kind: 'tick', atMs: beganAtMs + hourMs / 2 });
  else if (end === 'interrupted')
    engine.give({ kind: 'step_interrupted', step: 'copy', attempt: 1, detail: 'the worker died', atMs: beganAtMs });
  else engine.give({ kind: 'step_ended', step: 'copy', attempt: 1, outcome: end, detail: 'planted', atMs: beganAtMs });
  return engine.events;
}

describe('missedFaults', () => {
  it.each(['rerun', 'verify', 'ask'] as const)('finds what was planted where an interrupted step is: %s', (then) => {
    expect(missedFaults(eventsOf('failed', then), { copy: 'fails' })).toEqual([]);
    expect(missedFaults(eventsOf('late', then), { copy: 'times_out' })).toEqual([]);
    expect(missedFaults(eventsOf('interrupted', then), { copy: 'crash_before' })).toEqual([]);
    expect(missedFaults(eventsOf('interrupted', then), { copy: 'crash_after' })).toEqual([]);
  });

  it.each([...lostOrFailed, 'times_out', 'owner_absent', 'no such fault'])(
    'misses %s where the step just went well, or another step had it',
    (fault) => {
      expect(missedFaults(eventsOf('done', 'rerun'), { copy: fault })).toEqual(['copy']);
      expect(missedFaults(eventsOf('failed', 'rerun'), { other: fault })).toEqual(['other']);
    },
  );

  it('sees that an owner was absent by the wait that was escalated, and not by one that was answered', () => {
    const engine = begun(planOf([humanStep('tell', { limitMs: hourMs, onTimeout: 'escalate' })]));
    expect(missedFaults(engine.events, { tell: 'owner_absent' })).toEqual(['tell']);
    engine.give({ kind: 'tick', atMs: beganAtMs + hourMs });
    expect(missedFaults(engine.events, { tell: 'owner_absent' })).toEqual([]);
  });
});
