import type { Change } from './change.ts';
import { canRunMove, runTransitions } from './run-transitions.ts';
import type { Run, StepRun } from './run.ts';
import { canStepMove, stepTransitions } from './step-transitions.ts';

/** The run after the changes, the one before left as it was. Only `replay` may begin with `run_created`. */
export function applyChanges(run: Run, changes: readonly Change[]): Run {
  const copy = copyOf(run);
  for (const change of changes) applyTo(copy, change);
  return copy;
}

/** The run that a whole event log amounts to. Throws where the log does not begin with `run_created`, or moves what cannot move. */
export function replay(events: readonly Change[]): Run {
  const [first, ...rest] = events;
  if (first?.kind !== 'run_created')
    throw new Error(`expected a log that begins with run_created, got ${first?.kind ?? 'nothing'}`);
  return applyChanges(first.run, rest);
}

/** A copy that can be changed without the original noticing: steps are replaced, never written to. */
export function copyOf(run: Run): Run {
  return { ...run, steps: { ...run.steps } };
}

/** Writes one change into a run that nobody else sees yet. */
export function applyTo(run: Run, change: Change): void {
  if (change.kind === 'refused') return;
  run.nowMs = Math.max(run.nowMs, change.atMs);
  if (change.kind === 'run_moved') moveRun(run, change);
  else if (change.kind === 'step_moved') moveStep(run, change);
  else if (change.kind === 'step_set') run.steps[change.step] = { ...stepIn(run, change.step), ...change.set };
  else if (change.kind === 'step_added') run.steps[change.step.id] = change.step;
  else if (change.kind === 'approval_given') run.approval = change.approval;
  else if (change.kind === 'hold_put') run.holds = [...run.holds, change.hold];
  else if (change.kind === 'hold_lifted') run.holds = run.holds.filter(({ id }) => id !== change.hold);
  else if (change.kind === 'clock_moved') run.clock = change.clock;
  else if (change.kind === 'return_moved') run.returnPoint = change.returnPoint;
}

function moveRun(run: Run, { move, set }: Extract<Change, { kind: 'run_moved' }>): void {
  if (!canRunMove(run.state, move))
    throw new Error(`run ${run.id}: expected a state that can ${move}, got ${run.state}`);
  Object.assign(run, set, { state: runTransitions[move].to });
}

function moveStep(run: Run, { step: id, move, set }: Extract<Change, { kind: 'step_moved' }>): void {
  const step = stepIn(run, id);
  if (!canStepMove(step.state, move))
    throw new Error(`step ${id}: expected a state that can ${move}, got ${step.state}`);
  run.steps[id] = { ...step, ...set, state: stepTransitions[move].to };
}

function stepIn(run: Run, id: string): StepRun {
  const step = run.steps[id];
  if (!step) throw new Error(`run ${run.id}: expected a step ${id}, got none`);
  return step;
}
