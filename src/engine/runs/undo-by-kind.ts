import type { Plan, PlannedStep } from '../../core/procedure/plan.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';

/**
 * The plan with a step of the way back for each step that names none itself but whose kind knows what takes it back: the `undo` request of an http step, the
 * statements of an sql step, the old records of a dns step. What is said to be undoable has a step that undoes it.
 */
export function withUndoByKind(plan: Plan, kinds: readonly StepReader[]): Plan {
  const made = new Map<string, PlannedStep>();
  for (const step of plan.steps) {
    const undo = undoOf(step, kinds);
    if (undo !== null) made.set(step.id, undo);
  }
  return {
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, undo: made.get(step.id)?.id ?? step.undo })),
    undoSteps: [...plan.undoSteps, ...made.values()],
  };
}

function undoOf(step: PlannedStep, kinds: readonly StepReader[]): PlannedStep | null {
  if (step.undo !== null || !step.reversible || !step.writes || step.action === null || step.pause !== null)
    return null;
  const work = findStepWork(kinds, step.action);
  const spec = typeof work === 'string' ? null : work.kind.undoSpec(work.spec);
  if (typeof work === 'string' || spec === null) return null;
  return {
    ...step,
    id: `undo-${step.id}`,
    title: `Take back: ${step.title}`,
    needs: [],
    timer: { kind: 'needs' },
    proof: null,
    action: { ...step.action, kind: work.kind.kind, spec },
    undoAfterReturn: null,
    // Its own kind can look whether it took effect, as it can for the step that it takes back.
    interrupted: step.interrupted,
    askWhenLateMs: null,
  };
}
