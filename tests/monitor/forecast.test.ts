import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { formatDuration } from '../../src/cli/format-duration.ts';
import { renderForecast, renderForecastLine } from '../../src/cli/render-forecast.ts';
import { weekdays } from '../../src/core/launch/window.ts';
import type { ChangeWindow } from '../../src/core/launch/window.ts';
import type { Forecast } from '../../src/core/forecast/forecast.ts';
import type { Plan } from '../../src/core/procedure/plan.ts';
import { isFinal } from '../../src/core/procedure/run.ts';
import { humanStep } from '../../src/core/procedure/runs.fixture.ts';
import { defaultForecast, forecastRun } from '../../src/engine/forecast-run.ts';
import { rehearseOnce } from '../../src/engine/rehearsal/rehearse-once.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from '../runs/start-engine.ts';
import type { EngineUnderTest } from '../runs/start-engine.ts';

const minuteMs = 60_000;
const plain = pc.createColors(false);

let database: TestDatabase;
let engine: EngineUnderTest;

beforeAll(async () => {
  database = await createTestDatabase();
  engine = await startEngine(database);
  await engine.work({ stopEveryMs: 50 });
});
afterAll(async () => {
  await engine.close();
  await database.drop();
});

function cutover(): Plan {
  const steps = [
    ledgerStep('copy', 'apply slow 0.2s', { undo: 'uncopy' }),
    humanStep('sign', { needs: ['copy'], writes: false }),
    ledgerStep('flip', 'apply', { undo: 'flop' }),
  ];
  return ledgerPlan(steps, {
    undoSteps: [ledgerStep('uncopy', 'apply slow 0.3s'), ledgerStep('flop', 'apply slow 0.1s')],
  });
}

/** A window on every day that is open now and for some minutes more. */
function windowFor(minutes: number, nowMs: number): ChangeWindow {
  const minute = Math.floor(nowMs / minuteMs) % 1_440;
  const at = { file: 'launch.md', line: 1, column: 1 };
  return {
    days: [...weekdays],
    fromMinute: (minute + 1_430) % 1_440,
    toMinute: (minute + minutes) % 1_440,
    zone: 'UTC',
    except: [],
    at,
  };
}

async function ask(windows: ChangeWindow[] = [], assumeMs: number | null = null): Promise<Forecast> {
  const launch = { id: 'test', t0: null, windows };
  const subject = { launch, plan: cutover(), run: null, nowMs: Date.now() };
  return forecastRun(engine.store, subject, { ...defaultForecast, assumeMs });
}

describe('a forecast from what was measured', () => {
  it('C14 before anything ran names every step, and none once each was measured', async () => {
    const blind = await ask();
    expect(blind.gaps.map(({ step }) => step)).toEqual(['copy', 'sign', 'flip']);
    expect(renderForecast(blind, plain)).toContain('unknown: never measured: copy, sign, flip');
    expect(renderForecastLine(blind, plain)).toBeNull();

    const order = { mode: 'rehearsal', setting: { faults: {}, standIns: 'all' }, begins: false } as const;
    const run = await engine.start(cutover(), order);
    const signal = AbortSignal.timeout(60_000);
    expect((await rehearseOnce(engine.advancer, { run, faults: {}, takesBack: false, signal })).run.state).toBe(
      'completed',
    );
    // The rehearsal measured the machines. It stood in for the person, which says nothing about how long that person takes.
    expect((await ask()).gaps.map(({ step }) => step)).toEqual(['sign']);

    const live = await engine.start(cutover());
    await engine.until(live, ({ steps }) => steps['sign']?.state === 'waiting_human');
    await new Promise((resolve) => setTimeout(resolve, 700));
    const by = { person: 'carol', role: 'operator' };
    await engine.advancer.advance({ run: live, input: { kind: 'confirm', step: 'sign', by, proof: 'done' } });
    await engine.until(live, isFinal);
    const found = await ask();
    expect(found.gaps).toEqual([]);
    const takesMs = found.finishMs!.p50 - found.nowMs;
    expect(takesMs).toBeGreaterThan(900);
    expect(takesMs).toBeLessThan(600_000);
    expect(found.steps.map(({ step, critical }) => [step, critical])).toEqual([
      ['copy', 1],
      ['sign', 1],
      ['flip', 1],
    ]);
  });

  it('T31 the way back is known after it was rehearsed, and says until when it fits into the window', async () => {
    expect((await ask([windowFor(30, Date.now())])).wayBack).toMatchObject({ verdict: 'unknown', decideByMs: null });
    const setting = { faults: {}, standIns: 'all' } as const;
    const order = { mode: 'rehearsal', setting, t0Ms: Date.now() + minuteMs, begins: false } as const;
    const plan = ledgerPlan(
      [
        ...cutover().steps,
        humanStep('retire', {
          reversible: false,
          needs: ['flip'],
          timer: { kind: 'offset', offsetMs: 600 * minuteMs },
        }),
      ],
      {
        undoSteps: cutover().undoSteps,
      },
    );
    const run = await engine.start(plan, order);
    const signal = AbortSignal.timeout(60_000);
    expect((await rehearseOnce(engine.advancer, { run, faults: {}, takesBack: true, signal })).run.state).toBe(
      'rolled_back',
    );
    const open = await ask([windowFor(30, Date.now())]);
    expect(open.wayBack).toMatchObject({ verdict: 'fits', end: { kind: 'window' } });
    expect(open.wayBack.p90Ms).toBeGreaterThanOrEqual(400);
    expect(open.wayBack.end!.atMs - open.wayBack.decideByMs!).toBe(open.wayBack.p90Ms);
    // How long it took is what this machine had to do besides.
    const took = formatDuration(open.wayBack.p90Ms!);
    expect(renderForecastLine(open, plain)).toMatch(
      /through .+ \(P50\), .+; undo takes .+ at P90; the window ends .+: decide by /u,
    );
    expect(renderForecastLine(open, plain)).toContain(`; undo takes ${took} at P90; `);
  });
});
