import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decide } from './decide.ts';
import { explainRun } from './explain-run.ts';
import { progressOf, typicalMs } from './progress.ts';
import { isFinal } from './run.ts';
import { beganAtMs, begun, dayMs, hourMs, humanStep, lead, minuteMs, newRun, planOf, step } from './runs.fixture.ts';
import { walk } from './walks.fixture.ts';

const choices = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 20, maxLength: 80, size: 'max' });
const why = { by: lead, reason: 'smoke in the machine room' };

describe('explainRun', () => {
  it('law 10 every run that has not ended says what it waits for, and who can act where a person has to', () => {
    fc.assert(
      fc.property(choices, (numbers) => {
        const run = walk(decide, numbers).at(-1)!.after;
        const { blockers } = explainRun(run, run.nowMs);
        expect(blockers.length === 0).toBe(isFinal(run));
        expect(blockers.filter(({ why: text }) => text === '')).toEqual([]);
        expect(blockers.filter(({ unblockedBy, people }) => unblockedBy.length > 0 && people.length === 0)).toEqual([]);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('law 10 a step that a worker gave back says why, and not that it waits for a worker', () => {
    const engine = begun(planOf([step('a')]));
    engine.give({ kind: 'tick', atMs: beganAtMs + minuteMs });
    expect(engine.run.steps['a']?.state).toBe('ready');
    const whyOf = (givenBack?: ReadonlyMap<string, string>): string | undefined =>
      explainRun(engine.run, engine.run.nowMs, givenBack).blockers.find(({ step: id }) => id === 'a')?.why;
    expect(whyOf()).toBe('it waits for a worker');
    expect(whyOf(new Map([['a', 'gate ready says NO-GO']]))).toBe('gate ready says NO-GO');
    expect(whyOf(new Map([['b', 'gate ready says NO-GO']]))).toBe('it waits for a worker');
  });

  it('law 10 names the hold, who lifts it, and the steps that became late under it', () => {
    const engine = begun(planOf([step('a', { timer: { kind: 'offset', offsetMs: -9 * dayMs } })]));
    engine.give({
      kind: 'hold',
      hold: { id: 'h', scope: 'run', subject: null, mode: 'boundary', count: 'runs' },
      ...why,
      atMs: beganAtMs,
    });
    engine.give({ kind: 'tick', atMs: beganAtMs + 2 * dayMs });
    const { blockers, late, countMs, t0Ms } = explainRun(engine.run, engine.run.nowMs);
    expect(blockers[0]).toEqual({
      step: null,
      kind: 'hold',
      why: 'hold h on run: smoke in the machine room',
      untilMs: null,
      onLimit: null,
      unblockedBy: ['release'],
      people: ['alice', 'bob'],
    });
    expect(late).toEqual([{ step: 'a', lateMs: dayMs }]);
    expect([countMs, t0Ms]).toEqual([-8 * dayMs, beganAtMs + 10 * dayMs]);
  });

  it('law 10 says who has to act, until when, and what happens then', () => {
    const engine = begun(planOf([humanStep('a')]));
    expect(explainRun(engine.run, beganAtMs).blockers).toEqual([
      {
        step: 'a',
        kind: 'person',
        why: 'operator has to do it',
        untilMs: beganAtMs + dayMs,
        onLimit: 'escalate',
        unblockedBy: ['confirm', 'decline', 'skip'],
        people: ['carol'],
      },
    ]);
  });

  it('D06 names the missing predecessor', () => {
    const run = begun(planOf([step('approve'), step('write', { needs: ['approve'] })])).run;
    expect(explainRun(run, beganAtMs).blockers.find(({ step: id }) => id === 'write')).toMatchObject({
      kind: 'needs',
      why: 'it needs approve',
    });
  });

  it('O02 says that a run wants an approval, and that its requester cannot give it', () => {
    const run = newRun(planOf([step('a')], { environment: { id: 'production', production: true } }), {
      requestedBy: 'bob',
    });
    expect(explainRun(run, beganAtMs).blockers[0]).toMatchObject({
      kind: 'approval',
      unblockedBy: ['approve', 'reject'],
      people: ['alice', 'carol'],
    });
  });
});

describe('progressOf', () => {
  const history = Object.fromEntries([...'abcde'].map((id) => [id, [minuteMs, 2 * minuteMs, 9 * minuteMs]]));

  it('O14 percent is never negative, never 100 before the end, and the ETA never in the past', () => {
    const all = { ...history, announce: [1], freeze: [1], look: [5], move: [9], probe: [1], drop: [1] };
    fc.assert(
      fc.property(choices, fc.nat({ max: 9 * dayMs }), (numbers, laterMs) => {
        const run = walk(decide, numbers).at(-1)!.after;
        const { percent, etaMs, total, completed, skipped, failed, running, waiting, pending } = progressOf(
          run,
          all,
          run.nowMs + laterMs,
        );
        expect(Number.isInteger(percent) && percent >= 0 && percent <= 100).toBe(true);
        expect(percent === 100).toBe(run.state === 'completed');
        expect(etaMs ?? Infinity).toBeGreaterThanOrEqual(run.nowMs + laterMs);
        expect(completed + skipped + failed + running + waiting + pending).toBe(total);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('O14 the ETA is the longest way through what was measured, timers included', () => {
    const chain = planOf([step('a'), step('b', { needs: ['a'] }), step('c', { needs: ['a'] })]);
    expect(progressOf(begun(chain).run, history, beganAtMs)).toMatchObject({
      etaMs: beganAtMs + 4 * minuteMs,
      percent: 0,
    });
    const timed = planOf([step('a', { timer: { kind: 'offset', offsetMs: 0 } })]);
    expect(progressOf(begun(timed).run, history, beganAtMs).etaMs).toBe(beganAtMs + 10 * dayMs + 2 * minuteMs);
  });

  it('O14 a step that was never measured leaves the ETA unknown, and is named', () => {
    const run = begun(planOf([step('a'), step('z', { needs: ['a'] })])).run;
    expect(progressOf(run, history, beganAtMs)).toMatchObject({ etaMs: null, unmeasured: ['z'] });
  });

  it('O14 a step that runs longer than ever is not finished, and its ETA is now', () => {
    const engine = begun(planOf([step('a', { limitMs: dayMs })]));
    engine.give({ kind: 'step_started', step: 'a', atMs: beganAtMs });
    expect(progressOf(engine.run, history, beganAtMs + hourMs)).toMatchObject({
      percent: 95,
      etaMs: beganAtMs + hourMs,
    });
  });

  it('O14 the typical length is the median, the smaller of two; lengths that are none do not count', () => {
    expect([typicalMs({ a: [4, 1] }, 'a'), typicalMs({ a: [Number.NaN, -1] }, 'a'), typicalMs({}, 'toString')]).toEqual(
      [1, null, null],
    );
  });
});
