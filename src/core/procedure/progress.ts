import { plannedSteps } from './draft.ts';
import { dueAtOf } from './pass-time.ts';
import { pauseEndAt } from './pauses.ts';
import type { Pause, PlannedStep } from './plan.ts';
import { isFinal } from './run.ts';
import type { Run, StepRun } from './run.ts';
import { isSettled } from './readiness.ts';

/** Measured lengths of earlier runs of a step, in milliseconds, by step id. */
export type StepHistory = { [step: string]: readonly number[] };

/** How far a run is (O14). */
export interface Progress {
  total: number;
  completed: number;
  skipped: number;
  failed: number;
  running: number;
  waiting: number;
  pending: number;
  /** Whole, 0 to 99 while the run goes on, 100 only for a run that is completed. Weighted by how long the steps take. */
  percent: number;
  /** When it will be through; null where that cannot be told: something stands still, or a length was never measured. Never in the past. */
  etaMs: number | null;
  /** Steps ahead whose length was never measured. */
  unmeasured: string[];
}

/** Counts, percent and ETA of the forward steps, or of the undo steps while the run is being taken back. */
export function progressOf(run: Run, history: StepHistory, nowMs: number): Progress {
  const part = run.state === 'undoing' ? 'undo' : 'forward';
  const steps = Object.values(run.steps).filter((step) => step.part === part);
  const planned = plannedSteps(run.plan);
  const count = (...states: StepRun['state'][]): number => steps.filter(({ state }) => states.includes(state)).length;
  const unmeasured = steps
    .filter((step) => !isSettled(step) && !planned.get(step.id)?.pause && typicalMs(history, step.id) === null)
    .map(({ id }) => id);
  return {
    total: steps.length,
    completed: count('done'),
    skipped: count('skipped'),
    failed: count('failed', 'timed_out', 'cancelled', 'unknown'),
    running: count('running', 'verifying'),
    waiting: count('waiting_human', 'waiting'),
    pending: count('pending', 'ready'),
    percent: percentOf(run, steps, { history, nowMs }),
    etaMs: isFinal(run) || unmeasured.length > 0 ? null : etaOf(run, steps, { history, nowMs }),
    unmeasured,
  };
}

/** The median of the lengths measured before; null where there are none. */
export function typicalMs(history: StepHistory, step: string): number | null {
  const measured = Object.hasOwn(history, step) ? (history[step] ?? []) : [];
  const sorted = measured.filter((ms) => Number.isFinite(ms) && ms >= 0).toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

interface Seen {
  history: StepHistory;
  nowMs: number;
}

/** A step that was never measured weighs as much as the typical one that was. */
function percentOf(run: Run, steps: readonly StepRun[], { history, nowMs }: Seen): number {
  if (run.state === 'completed') return 100;
  const planned = plannedSteps(run.plan);
  const lengthOf = ({ id }: StepRun): number | null => {
    const pause = planned.get(id)?.pause;
    return pause?.kind === 'for' ? pause.ms : typicalMs(history, id);
  };
  const known = steps.map(lengthOf).filter((ms) => ms !== null);
  const middle = known.toSorted((a, b) => a - b)[Math.floor(known.length / 2)] ?? 1;
  let [all, through] = [0, 0];
  for (const step of steps) {
    const weight = Math.max(1, lengthOf(step) ?? middle);
    all += weight;
    if (isSettled(step)) through += weight;
    else if (step.state === 'running' || step.state === 'waiting')
      through += Math.min(0.95 * weight, Math.max(0, nowMs - (step.startedAtMs ?? nowMs)));
  }
  return all === 0 ? 0 : Math.min(99, Math.max(0, Math.floor((through / all) * 100)));
}

function etaOf(run: Run, steps: readonly StepRun[], { history, nowMs }: Seen): number | null {
  if (run.holds.length > 0) return null;
  const planned = plannedSteps(run.plan);
  const ends = new Map<string, number | null>();
  let previous: number | null = nowMs;
  for (const { id } of inOrder(steps, planned)) {
    const step = run.steps[id];
    const plan = planned.get(id);
    if (!step || !plan) return null;
    const after: (number | null)[] =
      step.part === 'undo' ? [previous] : plan.needs.map((need) => ends.get(need) ?? null);
    previous = endOf(run, { step, planned: plan, after, history, nowMs });
    ends.set(id, previous);
  }
  const all = [...ends.values()];
  return all.includes(null) ? null : Math.max(nowMs, ...all.map(Number));
}

interface Piece extends Seen {
  step: StepRun;
  planned: PlannedStep;
  after: readonly (number | null)[];
}

/** When one step will be through: never before now, and null as soon as anything before it cannot be told. */
function endOf(run: Run, { step, planned, after, history, nowMs }: Piece): number | null {
  if (isSettled(step)) return nowMs;
  const { pause } = planned;
  const lengthMs = pause === null ? typicalMs(history, step.id) : 0;
  if (lengthMs === null || stuck.includes(step.state) || after.includes(null)) return null;
  if (pause !== null && step.state === 'waiting')
    return endOfPause(run, pause, { beganAtMs: step.startedAtMs ?? nowMs, nowMs });
  if (step.startedAtMs !== null && step.state !== 'pending') return Math.max(nowMs, step.startedAtMs + lengthMs);
  const dueMs =
    step.part === 'undo' || planned.timer.kind === 'needs' || step.dueAtMs !== null
      ? nowMs
      : dueAtOf(run, planned, nowMs);
  if (dueMs === null) return null;
  const beganAtMs = Math.max(nowMs, dueMs, step.notBeforeMs ?? 0, ...after.map(Number));
  return pause === null ? beganAtMs + lengthMs : endOfPause(run, pause, { beganAtMs, nowMs });
}

/** A pause that began late is over at once, not in the past. */
function endOfPause(run: Run, pause: Pause, times: { beganAtMs: number; nowMs: number }): number | null {
  const endMs = pauseEndAt(run, pause, times);
  return endMs === null ? null : Math.max(endMs, times.beganAtMs, times.nowMs);
}

/** States that a step does not leave without a person. */
const stuck: readonly StepRun['state'][] = ['failed', 'timed_out', 'unknown', 'cancelled'];

/** Needs before those who need them; undo steps stand in order already. */
function inOrder(steps: readonly StepRun[], planned: ReadonlyMap<string, PlannedStep>): StepRun[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const done = new Set<string>();
  const order: StepRun[] = [];
  for (const first of steps) {
    const stack = [first];
    for (let step = stack.at(-1); step; step = stack.at(-1)) {
      const next = (planned.get(step.id)?.needs ?? [])
        .map((id) => byId.get(id))
        .find((need) => need && !done.has(need.id));
      if (next) stack.push(next);
      else {
        stack.pop();
        if (!done.has(step.id)) order.push(step);
        done.add(step.id);
      }
    }
  }
  return order;
}
