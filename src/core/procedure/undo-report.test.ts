import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Change } from './change.ts';
import { decide } from './decide.ts';
import { beganAtMs, begun, lead, minuteMs, newRun, planOf, step } from './runs.fixture.ts';
import type { Engine } from './runs.fixture.ts';
import { undoReport } from './undo-report.ts';
import { walk } from './walks.fixture.ts';

const why = { by: lead, reason: 'because' };
const plan = planOf(
  [
    step('dns', { undo: 'dns-back' }),
    step('look', { needs: ['dns'], undo: 'look-again' }),
    step('copy', { needs: ['look'], undo: 'drop-copy' }),
    step('switch', { needs: ['copy'] }),
  ],
  { undoSteps: [step('dns-back'), step('drop-copy'), step('look-again', { writes: false })] },
);

/** Minutes: dns 1-2, look 2-3, copy 3-4, switch fails at 9, an order is missing at 10, undo is asked for at 12. */
function failed(): Engine {
  const engine = begun(plan);
  const at = (minutes: number): number => beganAtMs + minutes * minuteMs;
  for (const [id, from, to] of [
    ['dns', 1, 2],
    ['look', 2, 3],
    ['copy', 3, 4],
    ['switch', 8, 9],
  ] as const) {
    engine.give({ kind: 'step_started', step: id, atMs: at(from) });
    const outcome = id === 'switch' ? 'failed' : 'done';
    engine.give({ kind: 'step_ended', step: id, attempt: 1, outcome, detail: outcome, atMs: at(to) });
  }
  engine.give({ kind: 'stop_seen', stop: 'stop-1', result: 'met', detail: 'one order', atMs: at(10) });
  engine.give({ kind: 'undo', approval: null, ...why, atMs: at(12) });
  engine.give({ kind: 'release', hold: 'stop:stop-1', ...why, atMs: at(12) });
  return engine;
}

function workUndo(engine: Engine, id: string, [from, to]: readonly [number, number]): void {
  engine.give({ kind: 'step_started', step: id, atMs: beganAtMs + from * minuteMs });
  const attempt = engine.run.steps[id]?.attempt ?? 0;
  engine.give({
    kind: 'step_ended',
    step: id,
    attempt,
    outcome: 'done',
    detail: 'ok',
    atMs: beganAtMs + to * minuteMs,
  });
}

describe('undoReport', () => {
  it('T31 detection, rollback and verify come from the instants of events', () => {
    const engine = failed();
    const order = Object.values(engine.run.steps).flatMap(({ id, part }) => (part === 'undo' ? [id] : []));
    expect(order).toEqual(['drop-copy', 'look-again', 'dns-back']);
    workUndo(engine, 'drop-copy', [13, 14]);
    workUndo(engine, 'look-again', [14, 15]);
    workUndo(engine, 'dns-back', [15, 17]);
    const report = undoReport(engine.events);
    expect(report).toMatchObject({
      detectionMs: 3 * minuteMs,
      rollbackMs: 5 * minuteMs,
      verifyMs: null,
      variant: 'full',
      askedAtMs: beganAtMs + 12 * minuteMs,
      endedAtMs: beganAtMs + 17 * minuteMs,
    });
    expect(report?.steps.map(({ step: id, undoes, lengthMs }) => [id, undoes, lengthMs])).toEqual([
      ['drop-copy', ['copy'], minuteMs],
      ['look-again', ['look'], minuteMs],
      ['dns-back', ['dns'], 2 * minuteMs],
    ]);
  });

  it('T31 only a step that looks after the last that changes something is the verification', () => {
    const looked = planOf(
      [step('look', { undo: 'look-again' }), step('copy', { needs: ['look'], undo: 'drop-copy' })],
      {
        undoSteps: [step('drop-copy'), step('look-again', { writes: false })],
      },
    );
    const engine = begun(looked);
    engine.work('look');
    engine.work('copy');
    expect(undoReport(engine.events)).toBeNull();
    const again = begun(planOf([...looked.steps, step('more', { needs: ['copy'] })], { undoSteps: looked.undoSteps }));
    again.work('look');
    again.work('copy');
    again.give({ kind: 'undo', approval: null, ...why, atMs: beganAtMs });
    workUndo(again, 'drop-copy', [1, 2]);
    expect(undoReport(again.events)).toMatchObject({ rollbackMs: 2 * minuteMs, verifyMs: null, detectionMs: null });
    workUndo(again, 'look-again', [2, 6]);
    expect(undoReport(again.events)).toMatchObject({
      rollbackMs: 2 * minuteMs,
      verifyMs: 4 * minuteMs,
      state: 'rolled_back',
    });
  });

  it('T31 what has not ended has no length, and a rollback that is not through none either', () => {
    const engine = failed();
    engine.give({ kind: 'step_started', step: 'drop-copy', atMs: beganAtMs + 13 * minuteMs });
    expect(undoReport(engine.events)).toMatchObject({ rollbackMs: null, verifyMs: null, endedAtMs: null });
    expect(undoReport(engine.events)?.steps[0]).toMatchObject({ lengthMs: null, beganAtMs: beganAtMs + 13 * minuteMs });
    expect(undoReport(engine.events)?.steps[1]).toMatchObject({ beganAtMs: null });
  });

  it('T31 a step that was tried again is as long as all of its attempts', () => {
    const engine = failed();
    engine.give({ kind: 'step_started', step: 'drop-copy', atMs: beganAtMs + 13 * minuteMs });
    const failure = { kind: 'step_ended', step: 'drop-copy', attempt: 1, outcome: 'failed', detail: 'no' } as const;
    engine.give({ ...failure, atMs: beganAtMs + 14 * minuteMs });
    engine.give({ kind: 'retry', step: 'drop-copy', ...why, atMs: beganAtMs + 20 * minuteMs });
    workUndo(engine, 'drop-copy', [21, 23]);
    expect(undoReport(engine.events)?.steps[0]).toMatchObject({ attempts: 2, lengthMs: 10 * minuteMs, state: 'done' });
  });

  it('T31 no length is negative and none is made up, on every walk', () => {
    const choices = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 40, maxLength: 120, size: 'max' });
    let reports = 0;
    fc.assert(
      fc.property(choices, (numbers) => {
        const turns = walk(decide, numbers);
        const first = turns[0]!.before;
        const created: Change = { kind: 'run_created', atMs: first.createdAtMs, run: first };
        const report = undoReport([created, ...turns.flatMap(({ changes }) => changes)]);
        if (report === null) return;
        reports += 1;
        const lengths = [
          report.detectionMs,
          report.rollbackMs,
          report.verifyMs,
          ...report.steps.map(({ lengthMs }) => lengthMs),
        ];
        expect(lengths.filter((ms) => ms !== null && !(ms >= 0))).toEqual([]);
        const unlike = report.steps.filter(({ state, lengthMs }) => state === 'done' && lengthMs === null);
        expect(unlike).toEqual([]);
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(reports).toBeGreaterThan(20);
  });

  it('T31 a run that was only cancelled has no way back to report on', () => {
    const engine = begun(plan);
    engine.work('dns');
    engine.give({ kind: 'cancel', cause: 'duplicate', takeBack: false, approval: null, ...why, atMs: beganAtMs });
    expect([engine.run.state, undoReport(engine.events)]).toEqual(['cancelled', null]);
  });

  it('T31 a log without its beginning is no log', () => {
    expect(() => undoReport([])).toThrow('expected a log that begins with run_created, got nothing');
    const run = newRun(plan);
    expect(undoReport([{ kind: 'run_created', atMs: beganAtMs, run }])).toBeNull();
  });
});
