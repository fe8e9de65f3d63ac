import type { CountClock } from './count-clock.ts';
import { stopGraceMs } from './decide-count.ts';
import { listSteps, plannedSteps } from './draft.ts';
import { holdsOn } from './holds.ts';
import { pauseEndAt } from './pauses.ts';
import type { PlannedStep } from './plan.ts';
import { barOf, isBlocking, isSettled, needsMet } from './readiness.ts';
import { activeStates, isFinal } from './run.ts';
import type { Run, StepRun } from './run.ts';

/**
 * The earliest instant at which a `tick` changes something if nothing else is handed in: no earlier one does, and after it the value has risen or is null.
 * Null where time alone changes nothing, so that a run that waits for people without a limit costs nothing until one of them acts.
 */
export function nextTickAt(run: Run): number | null {
  if (isFinal(run)) return null;
  let earliest = Infinity;
  const note = (atMs: number | null): void => {
    if (atMs !== null && Number.isFinite(atMs)) earliest = Math.min(earliest, Math.max(atMs, run.nowMs));
  };
  note(clockMoveAt(run.clock));
  note(runLimitAt(run));
  const planned = plannedSteps(run.plan);
  const scene = sceneOf(run);
  for (const step of listSteps(run)) {
    const plan = planned.get(step.id);
    if (!plan) continue;
    note(limitAt(step, plan));
    note(elapsedAt(run, step, plan));
    note(dueAt(run, step, plan));
    note(againAt(scene, step, plan));
    note(withdrawnAt(run, step, plan));
  }
  return Number.isFinite(earliest) ? earliest : null;
}

/** When the count stops or goes on by itself; the same order as `advanceClock`. */
function clockMoveAt(clock: CountClock | null): number | null {
  if (!clock) return null;
  const ends = clock.stops.flatMap(({ release, untilMs }) =>
    release === 'clock' && untilMs !== null ? [untilMs] : [],
  );
  if (ends.length > 0) return Math.max(clock.wallMs, Math.min(...ends));
  const [next] = clock.ahead;
  return clock.stops.length > 0 || !next ? null : clock.wallMs + Math.max(0, next.atMs - clock.tMs);
}

function runLimitAt({ state, plan, enqueuedAtMs, startedAtMs }: Run): number | null {
  if (state === 'queued') return sum(enqueuedAtMs, plan.queueLimitMs);
  return activeStates.includes(state) ? sum(startedAtMs, plan.limitMs) : null;
}

/** When the limit of a step, of its stopping, of its probe or of the wait for a person passes. */
function limitAt(
  { state, startedAtMs, stopping, stopAskedAtMs, probedAtMs, wait }: StepRun,
  plan: PlannedStep,
): number | null {
  if (state === 'waiting_human') return wait?.untilMs ?? null;
  if (state === 'verifying') return sum(probedAtMs, plan.limitMs);
  if (state !== 'running') return null;
  const limitMs = sum(startedAtMs, plan.limitMs) ?? Infinity;
  return Math.min(limitMs, (stopping === null ? null : sum(stopAskedAtMs, stopGraceMs)) ?? Infinity);
}

/** When a step is marked as due. While the count stands still it reaches nothing: what it has reached is due at once. */
function dueAt({ clock, nowMs }: Run, { state, dueAtMs }: StepRun, { timer }: PlannedStep): number | null {
  if (state !== 'pending' || dueAtMs !== null || timer.kind === 'needs') return null;
  if (timer.kind === 'at') return timer.atMs;
  return clock && reachedAt(clock, timer.offsetMs, nowMs);
}

/** When a step that only waits is done. */
function elapsedAt(run: Run, { state, startedAtMs }: StepRun, { pause }: PlannedStep): number | null {
  if (state !== 'waiting' || pause === null) return null;
  if (pause.kind === 'until-offset') return run.clock && reachedAt(run.clock, pause.offsetMs, run.nowMs);
  return pauseEndAt(run, pause, { beganAtMs: startedAtMs ?? run.nowMs, nowMs: run.nowMs });
}

/** When the count is at an offset, unless something stops it before. */
function reachedAt({ tMs, wallMs, stops }: CountClock, offsetMs: number, nowMs: number): number | null {
  if (offsetMs <= tMs) return nowMs;
  return stops.length > 0 ? null : wallMs + offsetMs - tMs;
}

interface RunScene {
  run: Run;
  isBlocked: boolean;
  nextUndo: string | null;
}

function sceneOf(run: Run): RunScene {
  const steps = listSteps(run);
  const isUndoing = run.state === 'undoing';
  return {
    run,
    isBlocked: !activeStates.includes(run.state) || steps.some(isBlocking),
    nextUndo: (isUndoing && steps.find((step) => step.part === 'undo' && !isSettled(step))?.id) || null,
  };
}

/** When a step that is tried again has waited for long enough, where nothing else keeps it back then. */
function againAt({ run, isBlocked, nextUndo }: RunScene, step: StepRun, plan: PlannedStep): number | null {
  const { state, part, notBeforeMs, dueAtMs } = step;
  if (state !== 'pending' || notBeforeMs === null) return null;
  const isNext =
    part === 'undo'
      ? nextUndo === step.id
      : !isBlocked && (plan.timer.kind === 'needs' || dueAtMs !== null) && needsMet(run, plan);
  return isNext && barOf(run, plan, notBeforeMs) === null ? notBeforeMs : null;
}

/** When the approval expires, for a step that lies with the workers and may not begin without one. */
function withdrawnAt(run: Run, { state, part }: StepRun, plan: PlannedStep): number | null {
  if (state !== 'ready' || part !== 'forward' || run.approval === null || holdsOn(run, plan).length > 0) return null;
  const { expiresAtMs } = run.approval;
  return barOf(run, plan, expiresAtMs)?.kind === 'approval' ? expiresAtMs : null;
}

function sum(sinceMs: number | null, limitMs: number | null): number | null {
  return sinceMs === null || limitMs === null ? null : sinceMs + limitMs;
}
