import { approvalLevel } from './authority.ts';
import { plannedSteps } from './draft.ts';
import type { PlannedStep } from './plan.ts';
import type { Run, StepRun } from './run.ts';

/** A step of the way back. */
export interface UndoStep {
  step: string;
  undoes: string[];
  /** False where one of them may not have taken effect: it failed, was stopped, or nobody knows. */
  certain: boolean;
}

/** The way back from where a run stands. */
export interface UndoPlan {
  /** `partial-write`: what others wrote since the point of no return is kept. */
  variant: 'full' | 'partial-write';
  /** In the order in which they have to run: the newest effect first. */
  steps: UndoStep[];
  /** What stays. `matters` is false for what a person did and that the document does not call irreversible. */
  cannot: { step: string; why: string; matters: boolean }[];
  /** Level of approval that it wants: higher than what the run itself wanted, once there is no return. */
  approvalLevel: 0 | 1 | 2 | 3;
}

/** The way back, computed from what took effect and from nothing else (T31, C17, F12). */
export function undoPlan(run: Run): UndoPlan {
  const planned = plannedSteps(run.plan);
  const returns = run.returnPoint.state === 'ahead';
  const cannot: UndoPlan['cannot'] = [];
  const byUndo = new Map<string, UndoStep>();
  for (const step of Object.values(run.steps).filter(mayHaveEffect).toReversed().toSorted(newestFirst)) {
    const declared = planned.get(step.id);
    if (!declared?.writes) continue;
    const undo = undoOf(declared, returns);
    if (undo === null) {
      cannot.push({ step: step.id, why: whyNot(declared, returns), matters: !declared.human || !declared.reversible });
      continue;
    }
    const shared = byUndo.get(undo);
    // Taken out and put in again: an undo that two steps share has to wait until everything after the older one is undone.
    byUndo.delete(undo);
    byUndo.set(undo, {
      step: undo,
      undoes: [...(shared?.undoes ?? []), step.id],
      certain: (shared?.certain ?? true) && step.state === 'done',
    });
  }
  return {
    variant: returns ? 'full' : 'partial-write',
    steps: [...byUndo.values()],
    cannot,
    approvalLevel: levelOf(run, returns),
  };
}

function undoOf({ undo, undoAfterReturn, reversible }: PlannedStep, returns: boolean): string | null {
  if (!reversible) return null;
  if (returns) return undo;
  return undoAfterReturn === 'same' ? undo : undoAfterReturn;
}

function whyNot({ reversible, undo, human }: PlannedStep, returns: boolean): string {
  if (!reversible) return 'it cannot be taken back';
  if (undo === null) return human ? 'a person did it, and no undo is declared' : 'no undo is declared';
  return returns
    ? 'no undo is declared'
    : `${undo} would destroy what was written since the point of no return, and no other undo is declared`;
}

/**
 * Whatever began may have done something, unless somebody saw that it did not. That goes for a person who was asked and has not answered: the name may be
 * switched, and nobody has said so yet.
 */
function mayHaveEffect({ part, state, startedAtMs }: StepRun): boolean {
  return part === 'forward' && (state === 'done' || startedAtMs !== null);
}

/** Of steps that ended at one instant the later one of the document comes first: the sort is stable, over the reversed document. */
function newestFirst(a: StepRun, b: StepRun): number {
  return (b.endedAtMs ?? Infinity) - (a.endedAtMs ?? Infinity) || (b.startedAtMs ?? 0) - (a.startedAtMs ?? 0) || 0;
}

function levelOf({ plan }: Run, returns: boolean): UndoPlan['approvalLevel'] {
  const forward = approvalLevel(plan);
  if (!returns) return forward === 2 ? 3 : 2;
  return plan.environment.production && plan.undoSteps.some(({ writes }) => writes) ? 1 : 0;
}
