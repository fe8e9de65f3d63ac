import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { beganAtMs, begun, dayMs, humanStep, minuteMs, pause, planOf, step } from '../procedure/runs.fixture.ts';
import type { Plan, PlannedStep } from '../procedure/plan.ts';
import type { Run } from '../procedure/run.ts';
import { forecast } from './forecast.ts';
import type { Forecast, ForecastOptions, ForecastSubject } from './forecast.ts';

const nowMs = beganAtMs;
const options: ForecastOptions = { samples: 400, seed: 7, assumeMs: null };

function ask(
  plan: Plan,
  history: ForecastSubject['history'],
  over: Partial<ForecastSubject & ForecastOptions> = {},
): Forecast {
  const { samples, seed, assumeMs, ...subject } = { ...options, ...over };
  return forecast(
    { plan, run: null, history, nowMs, t0Ms: null, windowEndMs: null, ...subject },
    { samples, seed, assumeMs },
  );
}

function chained(steps: PlannedStep[]): PlannedStep[] {
  return steps.map((one, place) => (place === 0 ? one : { ...one, needs: [steps[place - 1]!.id] }));
}

const steps = (count: number): PlannedStep[] => chained(Array.from({ length: count }, (_, place) => step(`s${place}`)));
const at = (offsetMs: number): Pick<PlannedStep, 'timer'> => ({ timer: { kind: 'offset', offsetMs } });

describe('forecast of the finish', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 1e7 }), { minLength: 1, maxLength: 12 });
  const histories = fc.array(lengths, { minLength: 1, maxLength: 8 });
  const toHistory = (all: readonly (readonly number[])[]): ForecastSubject['history'] =>
    Object.fromEntries(all.map((one, place) => [`s${place}`, one]));

  it('O14 is the sum for a chain of steps that always take as long', () => {
    const plan = planOf(steps(3));
    const { finishMs } = ask(plan, { s0: [1_000], s1: [2_000, 2_000], s2: [4_000] });
    expect(finishMs).toEqual({ p50: nowMs + 7_000, p90: nowMs + 7_000 });
  });

  it('O14 lies between the sums of the shortest and of the longest, P50 before P90', () => {
    fc.assert(
      fc.property(histories, fc.integer(), (all, seed) => {
        const { finishMs } = ask(planOf(steps(all.length)), toHistory(all), { seed, samples: 50 });
        const sum = (pick: (one: readonly number[]) => number): number =>
          all.reduce((total, one) => total + pick(one), nowMs);
        expect(finishMs!.p50).toBeGreaterThanOrEqual(sum((one) => Math.min(...one)));
        expect(finishMs!.p90).toBeLessThanOrEqual(sum((one) => Math.max(...one)));
        expect(finishMs!.p50).toBeLessThanOrEqual(finishMs!.p90);
      }),
      { numRuns: 60 },
    );
  });

  it('O14 never becomes earlier when one measurement was longer', () => {
    fc.assert(
      fc.property(histories, fc.nat(), fc.nat({ max: 1e6 }), (all, which, moreMs) => {
        const place = which % all.length;
        const longer = all.map((one, index) =>
          index === place ? one.map((ms, n) => (n === which % one.length ? ms + moreMs : ms)) : one,
        );
        const [before, after] = [all, longer].map(
          (each) => ask(planOf(steps(all.length)), toHistory(each), { samples: 50 }).finishMs!,
        );
        expect(after!.p50).toBeGreaterThanOrEqual(before!.p50);
        expect(after!.p90).toBeGreaterThanOrEqual(before!.p90);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same figures for the same seed, and others for another', () => {
    const history = { s0: Array.from({ length: 50 }, (_, place) => place * 997), s1: [1, 50_000, 90_000] };
    const plan = planOf(steps(2));
    expect(ask(plan, history)).toEqual(ask(plan, history));
    expect(ask(plan, history, { seed: 8 }).finishMs).not.toEqual(ask(plan, history).finishMs);
  });

  it('draws each measured length as often as any other', () => {
    const { finishMs } = ask(
      planOf([step('a')]),
      { a: Array.from({ length: 100 }, (_, place) => place + 1) },
      { samples: 20_000 },
    );
    expect(finishMs!.p50 - nowMs).toBeGreaterThanOrEqual(48);
    expect(finishMs!.p50 - nowMs).toBeLessThanOrEqual(52);
    expect(finishMs!.p90 - nowMs).toBeGreaterThanOrEqual(88);
    expect(finishMs!.p90 - nowMs).toBeLessThanOrEqual(92);
  });

  it('C14 a step that was never measured is named and leaves no figures, until a length is assumed for it', () => {
    const plan = planOf([...steps(2), humanStep('sign', { needs: ['s1'] })]);
    const blind = ask(plan, { s0: [1_000], s1: [2_000] });
    expect([blind.finishMs, blind.t0, blind.steps]).toEqual([null, null, []]);
    expect(blind.gaps).toEqual([{ code: 'never_measured', step: 'sign', text: 'sign was never measured' }]);
    const marked = ask(plan, { s0: [1_000], s1: [2_000] }, { assumeMs: 5 * minuteMs });
    expect([marked.finishMs?.p90, marked.assumed, marked.gaps]).toEqual([nowMs + 3_000 + 5 * minuteMs, ['sign'], []]);
  });
});

describe('forecast of a path', () => {
  it('says how often each step is on the critical path, and how much slack the others have', () => {
    const plan = planOf([
      step('a'),
      step('long', { needs: ['a'] }),
      step('short', { needs: ['a'] }),
      step('end', { needs: ['long', 'short'] }),
    ]);
    const found = ask(plan, { a: [10], long: [100], short: [30], end: [5] });
    expect(found.steps.map(({ step: id, critical, slackMs }) => [id, critical, slackMs])).toEqual([
      ['a', 1, 0],
      ['short', 0, 70],
      ['long', 1, 0],
      ['end', 1, 0],
    ]);
    const even = ask(plan, { a: [10], long: [50, 150], short: [100], end: [5] }, { samples: 4_000 });
    expect(even.steps.find(({ step: id }) => id === 'long')?.critical).toBeCloseTo(0.5, 1);
    expect(even.steps.find(({ step: id }) => id === 'short')?.critical).toBeCloseTo(0.5, 1);
  });

  it('what waits for its hour has its wait as slack before it', () => {
    const plan = planOf([
      step('early'),
      step('late', { needs: ['early'], timer: { kind: 'at', atMs: nowMs + 60_000 } }),
    ]);
    const { finishMs, steps: found } = ask(plan, { early: [10_000], late: [1_000] });
    expect(finishMs?.p50).toBe(nowMs + 61_000);
    expect(found.map(({ step: id, slackMs, critical }) => [id, slackMs, critical])).toEqual([
      ['early', 50_000, 0],
      ['late', 0, 1],
    ]);
  });

  it('waits as long as a pause says', () => {
    const plan = planOf(
      chained([
        step('a'),
        pause('soak', { kind: 'for', ms: 30_000 }),
        pause('dawn', { kind: 'until', atMs: nowMs + 100_000 }),
      ]),
    );
    expect(ask(plan, { a: [1_000] }).finishMs?.p50).toBe(nowMs + 100_000);
    expect(ask(plan, { a: [90_000] }).finishMs?.p50).toBe(nowMs + 120_000);
  });
});

describe('forecast of T-0', () => {
  const t0Ms = nowMs + 60 * minuteMs;
  const plan = (release: 'clock' | 'person'): Plan =>
    planOf(
      [
        step('freeze', at(-30 * minuteMs)),
        step('flip', at(0)),
        step('look', { ...at(10 * minuteMs), needs: ['flip'] }),
      ],
      {
        builtInHolds: [{ id: 'go', title: 'Go', atMs: -20 * minuteMs, forMs: 5 * minuteMs, release }],
      },
    );

  it('C14 stays where it is planned while everything before it is in time, its built-in hold counted in', () => {
    const found = ask(plan('person'), { freeze: [15 * minuteMs], flip: [minuteMs], look: [0] }, { t0Ms });
    expect(found.t0).toEqual({ plannedMs: t0Ms, slipMs: { p50: 0, p90: 0 } });
    expect(found.finishMs?.p50).toBe(t0Ms + 10 * minuteMs);
  });

  it('C14 slips by what a person has to hold the count for, and by nothing where the clock ends the hold', () => {
    const history = { freeze: [25 * minuteMs], flip: [minuteMs], look: [0] };
    // Due at T-30m with a hold of 5m ahead: 35m before T-0 on the wall. It is done 10m before T-0, and the hold should have ended 20m before.
    expect(ask(plan('person'), history, { t0Ms }).t0?.slipMs.p50).toBe(10 * minuteMs);
    expect(ask(plan('person'), history, { t0Ms }).finishMs?.p50).toBe(t0Ms + 20 * minuteMs);
    expect(ask(plan('clock'), history, { t0Ms }).t0?.slipMs.p50).toBe(0);
  });

  it('a step before a hold has slack up to the end of the hold', () => {
    const found = ask(plan('person'), { freeze: [10 * minuteMs], flip: [minuteMs], look: [0] }, { t0Ms });
    expect(found.steps.map(({ step: id, slackMs }) => [id, slackMs])).toEqual([
      ['freeze', 5 * minuteMs],
      ['flip', 9 * minuteMs],
      ['look', 0],
    ]);
  });

  it('slips by what the work of T-0 waits for', () => {
    const needy = planOf([step('copy', at(-10 * minuteMs)), step('flip', { ...at(0), needs: ['copy'] })]);
    expect(ask(needy, { copy: [12 * minuteMs], flip: [minuteMs] }, { t0Ms }).t0?.slipMs.p90).toBe(2 * minuteMs);
  });

  it('counts from the begin of the work of T-0 and not from what follows within it', () => {
    const busy = planOf(chained([step('one', at(0)), step('between'), step('two', at(0))]));
    const found = ask(busy, { one: [minuteMs], between: [minuteMs], two: [minuteMs] }, { t0Ms });
    expect(found.t0?.slipMs.p90).toBe(0);
  });

  it('is not told without a T-0, or from one that has passed', () => {
    const history = { freeze: [1], flip: [1], look: [1] };
    expect(ask(plan('clock'), history).gaps).toMatchObject([{ code: 'no_t0', text: 'T-0 is not set' }]);
    expect(ask(plan('clock'), history, { t0Ms: nowMs - 1 }).gaps).toMatchObject([{ code: 'no_t0' }]);
  });
});

describe('forecast of a run', () => {
  const plan = planOf(chained([step('a'), step('b')]));
  const of = (
    run: Run,
    later: number,
    history = { a: [10_000, 60_000], b: [5_000] },
    assumeMs: number | null = null,
  ): Forecast => ask(plan, history, { run, nowMs: nowMs + later, assumeMs });

  it('a step that runs has only what it took longer than so far ahead of it', () => {
    const engine = begun(plan);
    engine.give({ kind: 'step_started', step: 'a', atMs: nowMs });
    expect(of(engine.run, 20_000).finishMs).toEqual({ p50: nowMs + 65_000, p90: nowMs + 65_000 });
  });

  it('a step that runs longer than it ever did leaves no figures', () => {
    const engine = begun(plan);
    engine.give({ kind: 'step_started', step: 'a', atMs: nowMs });
    expect(of(engine.run, 70_000)).toMatchObject({ finishMs: null, gaps: [{ code: 'longer_than_ever', step: 'a' }] });
    expect(of(engine.run, 70_000, undefined, 1_000)).toMatchObject({
      finishMs: { p50: nowMs + 76_000 },
      assumed: ['a'],
    });
  });

  it('what is done is not counted again, and an ended run has nothing ahead', () => {
    const engine = begun(plan);
    engine.work('a');
    expect(of(engine.run, 0).finishMs?.p50).toBe(nowMs + 5_000);
    engine.work('b');
    expect(of(engine.run, 0)).toMatchObject({ finishMs: null, gaps: [{ code: 'ended' }] });
  });

  it('a run that stands still for people has no finish', () => {
    const engine = begun(plan);
    engine.work('a', nowMs, 'failed');
    expect(of(engine.run, 0)).toMatchObject({ finishMs: null });
    expect(of(engine.run, 0).gaps.map(({ code }) => code)).toContain('stands_still');
  });

  it('a run that is taken back is forecast by its way back, one step after the other', () => {
    const back = planOf([step('a', { undo: 'undo-a' }), step('b', { undo: 'undo-b' }), step('c')], {
      undoSteps: [step('undo-a'), step('undo-b')],
    });
    const engine = begun(back);
    engine.work('a');
    engine.work('b');
    engine.give({ kind: 'undo', approval: null, by: { person: 'alice', role: 'lead' }, reason: 'wrong', atMs: nowMs });
    expect(engine.run.state).toBe('undoing');
    const found = ask(back, { 'undo-a': [3_000], 'undo-b': [4_000], c: [1] }, { run: engine.run });
    expect(found.finishMs?.p90).toBe(nowMs + 7_000);
  });
});

describe('forecast of the way back', () => {
  const plan = planOf(chained([step('flip', { undo: 'flop' }), step('watch', { writes: false })]), {
    undoSteps: [step('flop')],
  });
  const history = {
    flip: [5 * minuteMs],
    watch: [minuteMs],
    flop: Array.from({ length: 10 }, (_, n) => (n + 5) * minuteMs),
  };

  it('T31 says until when it still fits before the window ends', () => {
    const { wayBack } = ask(plan, history, { windowEndMs: nowMs + 60 * minuteMs, samples: 5_000 });
    expect(wayBack).toMatchObject({
      p90Ms: 13 * minuteMs,
      end: { kind: 'window' },
      decideByMs: nowMs + 47 * minuteMs,
      spareMs: 47 * minuteMs,
      verdict: 'fits',
    });
  });

  it.each([
    [19, 'fits'],
    [17, 'will_be_too_late'],
    [12, 'too_late'],
    [0, 'too_late'],
  ] as const)('T31 a window that ends in %i minutes: %s', (minutes, verdict) => {
    expect(ask(plan, history, { windowEndMs: nowMs + minutes * minuteMs, samples: 5_000 }).wayBack.verdict).toBe(
      verdict,
    );
  });

  it('T31 the limit of the run ends it where that is nearer, and counts from the begin of the run', () => {
    const engine = begun({ ...plan, limitMs: 30 * minuteMs });
    const later = { run: engine.run, nowMs: nowMs + 10 * minuteMs, windowEndMs: nowMs + dayMs };
    expect(ask(engine.run.plan, history, later).wayBack.end).toEqual({ kind: 'limit', atMs: nowMs + 30 * minuteMs });
  });

  it('T31 a way back that was never measured is unknown, and no way back is none', () => {
    const { flop: _, ...forward } = history;
    const blind = ask(plan, forward, { windowEndMs: nowMs + dayMs });
    expect(blind.wayBack).toMatchObject({
      p90Ms: null,
      decideByMs: null,
      verdict: 'unknown',
      gaps: [{ step: 'flop' }],
    });
    expect(blind.finishMs).not.toBeNull();
    expect(ask(planOf([step('a')]), { a: [1] }, { windowEndMs: nowMs + 1 }).wayBack.verdict).toBe('no_way_back');
    expect(ask(plan, history).wayBack.verdict).toBe('no_end');
  });
});

describe('speed of a forecast', () => {
  it('500 steps drawn 2,000 times take less than a second', () => {
    const many = Array.from({ length: 500 }, (_, place) =>
      step(`s${place}`, { needs: [place - 1, place - 7].filter((n) => n >= 0 && place % 10 > 0).map((n) => `s${n}`) }),
    );
    const history = Object.fromEntries(
      many.map(({ id }, place) => [id, Array.from({ length: 50 }, (_, n) => n * 100 + place)]),
    );
    // Time of the processor: what others do on this machine is no part of it.
    const before = process.threadCpuUsage();
    expect(ask(planOf(many), history, { samples: 2_000 }).finishMs).not.toBeNull();
    expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });
});
