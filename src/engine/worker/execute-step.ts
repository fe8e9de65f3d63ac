import type { Launch } from '../../core/launch/launch.ts';
import type { StepOutcome } from '../../core/step/step-kind.ts';
import { freeLocks } from '../../store/lock.ts';
import type { StepLength } from '../../store/step-record.ts';
import { clockFrom, readClock } from '../../store/store-clock.ts';
import type { BegunStep } from './step-scene.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import type { StepWork } from '../../core/step/find-step-work.ts';
import { reportInterruption } from './step-scene.ts';
import { PlantedCrash, plantFault } from './plant-fault.ts';
import { assetsOf } from './step-assets.ts';
import { openStepContext } from './step-context.ts';
import { failpoint } from '../../store/failpoint.ts';

/** Carries out a step that has begun, and reports how the attempt ended. Nothing is reported for a claim that was lost. */
export async function executeStep(begun: BegunStep, launch: Launch): Promise<void> {
  const { parts, claim, run, step, attempt, locks } = begun;
  const now = await readTime(begun);
  const startedAt = performance.now();
  const stop = parts.stops.watch({ run: run.id, step: step.id, attempt });
  const signal = AbortSignal.any([claim.signal, stop.signal, ...(locks ? [locks.signal] : [])]);
  const opened = openStepContext(begun, { launch, signal, now });
  let outcome: StepOutcome;
  const about = { run: run.id, step: step.id, attempt };
  parts.log?.write('info', 'step begun', about);
  failpoint('effect.before');
  try {
    outcome = await plantFault(begun, { signal, run: () => runAction(begun, opened.context) });
  } catch (error) {
    // A planted crash leaves the attempt as a worker that died would: begun, with nobody to say how it ended.
    if (error instanceof PlantedCrash) throw error;
    outcome = { outcome: 'failed', detail: error instanceof Error ? error.message : String(error), facts: {} };
  } finally {
    stop.leave();
    await opened.end();
  }
  failpoint('effect.after');
  if (claim.signal.aborted) return;
  if (locks?.signal.aborted === true) return reportInterruption(begun, 'the lease of its assets ran out while it ran');
  const lengthMs = performance.now() - startedAt;
  const level = outcome.outcome === 'failed' ? 'warn' : 'info';
  parts.log?.write(level, `step ${outcome.outcome}`, { ...about, ms: Math.round(lengthMs) });
  await reportEnd(begun, outcome, lengthMs);
}

/** The clock of the database, by what it said when the step began; that of a rehearsal is ahead of it, so that it has to be asked. */
async function readTime({ parts, run, step }: BegunStep): Promise<() => number> {
  const atMs = run.mode === 'live' ? run.steps[step.id]?.startedAtMs : null;
  return typeof atMs === 'number' ? clockFrom(atMs) : readClock(parts.store);
}

async function runAction(
  { parts, planned }: BegunStep,
  context: Parameters<StepWork['kind']['run']>[1],
): Promise<StepOutcome> {
  if (planned.action === null)
    return { outcome: 'failed', detail: 'expected an action, got a step without one', facts: {} };
  const work = findStepWork(parts.stepKinds, planned.action);
  if (typeof work === 'string') return { outcome: 'failed', detail: work, facts: {} };
  return work.kind.run(work.spec, context);
}

async function reportEnd(begun: BegunStep, { outcome, detail }: StepOutcome, lengthMs: number): Promise<void> {
  const { parts, claim, run, step, attempt, locks, stored } = begun;
  const length: StepLength = {
    run: run.id,
    step: step.id,
    attempt,
    launch: stored.launch,
    procedure: run.plan.id,
    mode: run.mode,
    outcome,
    lengthMs,
  };
  const masked = parts.masking.maskText(detail);
  const ended = await parts.advancer.advance({
    run: run.id,
    input: { kind: 'step_ended', step: step.id, attempt, outcome, detail: masked },
    settle: claim,
    // Somebody else may hold the asset by now: then nobody can say what this attempt left behind.
    guard: async (tx) => (locks !== null && !(await locks.confirm(tx)) ? 'lock lost' : null),
    length,
    write: async (tx) => {
      // Together with the end: a worker that dies after it leaves no asset shut.
      await freeLocks(tx, assetsOf(begun));
    },
  });
  if (ended.state === 'refused' && ended.refusal.code === 'not_permitted') {
    await parts.advancer.advance({
      run: run.id,
      input: {
        kind: 'step_interrupted',
        step: step.id,
        attempt,
        detail: 'the lease of its assets ran out while it ran',
      },
    });
  }
}
