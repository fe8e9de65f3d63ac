import { describe, expect, it } from 'vitest';

import { explainRun } from './explain-run.ts';
import { nextTickAt } from './next-tick-at.ts';
import type { PlannedStep } from './plan.ts';
import { pauseText } from './pauses.ts';
import { planFaults } from './plan-fault.ts';
import { progressOf } from './progress.ts';
import {
  beganAtMs,
  begun,
  dayMs,
  hourMs,
  humanStep,
  lead,
  minuteMs,
  pause,
  planOf,
  refusalOf,
  request,
  step,
} from './runs.fixture.ts';
import type { Engine } from './runs.fixture.ts';
import { startRun } from './start-run.ts';

const why = { by: lead, reason: 'because' };
const t0Ms = beganAtMs + 10 * dayMs;

function waiting(wanted: NonNullable<PlannedStep['pause']>, over: Partial<PlannedStep> = {}): Engine {
  return begun(planOf([pause('soak', wanted, over), step('next', { needs: ['soak'] })]));
}

function states(engine: Engine): string[] {
  return [engine.state('soak'), engine.state('next')];
}

describe('a step that only waits', () => {
  it('law 10 waits without a worker, says until when, and is done at that instant', () => {
    const engine = waiting({ kind: 'for', ms: 2 * hourMs });
    expect([engine.state('soak'), engine.run.state, nextTickAt(engine.run)]).toEqual([
      'waiting',
      'running',
      beganAtMs + 2 * hourMs,
    ]);
    expect(explainRun(engine.run, beganAtMs).blockers[0]).toEqual({
      step: 'soak',
      kind: 'time',
      why: 'it waits for 2h',
      untilMs: beganAtMs + 2 * hourMs,
      onLimit: 'it is done',
      unblockedBy: ['skip'],
      people: ['alice', 'bob'],
    });
    expect(engine.give({ kind: 'tick', atMs: beganAtMs + 2 * hourMs - 1 })).toEqual([]);
    engine.give({ kind: 'tick', atMs: beganAtMs + 2 * hourMs });
    expect(states(engine)).toEqual(['done', 'ready']);
  });

  it('law 10 is ended by any input that finds its time come, not by a tick alone', () => {
    const engine = waiting({ kind: 'until', atMs: beganAtMs + hourMs });
    engine.give({ kind: 'stop_seen', stop: 'stop-1', result: 'clear', detail: 'none', atMs: beganAtMs + hourMs });
    expect(states(engine)).toEqual(['done', 'ready']);
  });

  it('law 10 is done at once where its instant has passed, and what needs it begins in the same decision', () => {
    const plan = planOf([step('next', { needs: ['soak'] }), pause('soak', { kind: 'until', atMs: beganAtMs - 1 })]);
    const engine = begun(plan);
    expect(states(engine)).toEqual(['done', 'ready']);
    expect(engine.give({ kind: 'tick', atMs: beganAtMs })).toEqual([]);
  });

  it('law 10 moves with T-0 where it hangs on the count, and stands where it hangs on the clock', () => {
    const hung = waiting({ kind: 'until-offset', offsetMs: hourMs });
    const fixed = waiting({ kind: 'until', atMs: t0Ms + hourMs });
    for (const engine of [hung, fixed]) {
      engine.give({ kind: 'retarget', t0Ms: t0Ms + dayMs, ...why, atMs: beganAtMs });
      engine.give({ kind: 'tick', atMs: t0Ms + hourMs });
    }
    expect([hung.state('soak'), fixed.state('soak')]).toEqual(['waiting', 'done']);
    expect(explainRun(hung.run, hung.run.nowMs).blockers[0]).toMatchObject({
      why: 'it waits until T+1h',
      untilMs: t0Ms + dayMs + hourMs,
    });
    hung.give({ kind: 'tick', atMs: t0Ms + dayMs + hourMs });
    expect(hung.state('soak')).toBe('done');
  });

  it('law 10 a hold that lets running steps end lets it end, one that stops now takes it back to begin anew', () => {
    const hold = { id: 'h', scope: 'run' as const, subject: null, count: 'runs' as const };
    const ended = waiting({ kind: 'for', ms: hourMs });
    ended.give({ kind: 'hold', hold: { ...hold, mode: 'boundary' }, ...why, atMs: beganAtMs });
    ended.give({ kind: 'tick', atMs: beganAtMs + hourMs });
    expect(states(ended)).toEqual(['done', 'pending']);
    const stopped = waiting({ kind: 'for', ms: hourMs });
    stopped.give({ kind: 'hold', hold: { ...hold, mode: 'now' }, ...why, atMs: beganAtMs + minuteMs });
    expect([stopped.state('soak'), nextTickAt(stopped.run)]).toEqual(['pending', null]);
    stopped.give({ kind: 'release', hold: 'h', ...why, atMs: beganAtMs + hourMs });
    expect([stopped.state('soak'), nextTickAt(stopped.run)]).toEqual(['waiting', beganAtMs + 2 * hourMs]);
  });

  it('law 10 stands still with the count while a hold stops it', () => {
    const engine = waiting({ kind: 'until-offset', offsetMs: -9 * dayMs });
    const hold = { id: 'h', scope: 'run', subject: null, mode: 'boundary', count: 'stops' } as const;
    engine.give({ kind: 'hold', hold, ...why, atMs: beganAtMs });
    expect(nextTickAt(engine.run)).toBeNull();
    expect(explainRun(engine.run, beganAtMs).blockers.find(({ step: id }) => id === 'soak')?.untilMs).toBeNull();
    engine.give({ kind: 'release', hold: 'h', ...why, atMs: beganAtMs + dayMs });
    expect(nextTickAt(engine.run)).toBe(beganAtMs + 2 * dayMs);
  });

  it('law 10 a new T-0 before its start takes it back', () => {
    const engine = waiting({ kind: 'for', ms: hourMs }, { timer: { kind: 'offset', offsetMs: -10 * dayMs } });
    engine.give({ kind: 'retarget', t0Ms: t0Ms + dayMs, ...why, atMs: beganAtMs + minuteMs });
    expect(engine.state('soak')).toBe('pending');
    expect(engine.run.steps['soak']).toMatchObject({ wait: null, startedAtMs: null });
    expect(nextTickAt(engine.run)).toBe(beganAtMs + dayMs);
  });

  it('law 10 is skipped by a person, cancelled with the run, and no worker may report on it', () => {
    const engine = waiting({ kind: 'for', ms: hourMs });
    const claimed = engine.give({ kind: 'step_started', step: 'soak', atMs: beganAtMs });
    const ended = engine.give({
      kind: 'step_ended',
      step: 'soak',
      attempt: 0,
      outcome: 'done',
      detail: '',
      atMs: beganAtMs,
    });
    expect([refusalOf(claimed), refusalOf(ended)]).toEqual(['step_state', 'stale_attempt']);
    engine.give({ kind: 'skip', step: 'soak', ...why, atMs: beganAtMs });
    expect(states(engine)).toEqual(['skipped', 'ready']);
    const cancelled = waiting({ kind: 'for', ms: hourMs });
    cancelled.give({ kind: 'cancel', cause: 'duplicate', takeBack: false, approval: null, ...why, atMs: beganAtMs });
    expect([cancelled.state('soak'), cancelled.run.state]).toEqual(['cancelled', 'cancelled']);
  });

  it('O14 its length is known, so the ETA needs no history of it', () => {
    const history = { next: [minuteMs] };
    const soaking = waiting({ kind: 'for', ms: hourMs });
    const later = beganAtMs + 30 * minuteMs;
    expect(progressOf(soaking.run, history, later)).toMatchObject({
      etaMs: beganAtMs + hourMs + minuteMs,
      waiting: 1,
      unmeasured: [],
      percent: 49,
    });
    const hung = waiting({ kind: 'until-offset', offsetMs: hourMs });
    expect(progressOf(hung.run, history, later).etaMs).toBe(t0Ms + hourMs + minuteMs);
  });

  it('law 10 says lengths and instants as documents write them', () => {
    const hour = 3_600_000;
    expect(pauseText({ kind: 'for', ms: 26 * hour + 90_500 })).toBe('it waits for 1d 2h 1m 30s 500ms');
    expect(pauseText({ kind: 'until-offset', offsetMs: -hour })).toBe('it waits until T-1h');
    expect(pauseText({ kind: 'until-offset', offsetMs: 0 })).toBe('it waits until T+0s');
    expect(pauseText({ kind: 'until', atMs: beganAtMs })).toBe('it waits until 2026-12-01T08:00:00.000Z');
  });

  it('law 10 a wait that never ends, or that a person does, makes the plan unrunnable', () => {
    const wrong = [
      pause('a', { kind: 'for', ms: 0 }),
      pause('b', { kind: 'until', atMs: Number.NaN }),
      humanStep('c', { pause: { kind: 'for', ms: 1 } }),
    ];
    const codes = (steps: PlannedStep[]): string[] => planFaults(planOf(steps)).map(({ code }) => code);
    expect(codes(wrong)).toEqual(['pause_invalid', 'pause_invalid', 'pause_invalid']);
    expect(codes([pause('a', { kind: 'for', ms: 1 })])).toEqual([]);
    const hung = planOf([pause('a', { kind: 'until-offset', offsetMs: 0 })]);
    const started = startRun(request(hung, { t0Ms: null }));
    expect('refused' in started && started.refused.map(({ code }) => code)).toEqual(['t0_missing']);
  });
});
