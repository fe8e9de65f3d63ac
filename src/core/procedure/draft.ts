import { applyTo, copyOf } from './apply-changes.ts';
import type { Change, RunFields, StepFields } from './change.ts';
import { stepIndex } from './plan.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { RefusalCode } from './refusals.ts';
import type { RunMove } from './run-transitions.ts';
import type { Run, StepRun } from './run.ts';
import type { StepMove } from './step-transitions.ts';

type News = Change extends infer One ? (One extends Change ? Omit<One, 'atMs'> : never) : never;

/** A decision being made: every change is written to a private copy of the run as it is made, so that what follows sees it. */
export interface Draft {
  readonly run: Run;
  readonly nowMs: number;
  readonly changes: Change[];
  readonly planned: ReadonlyMap<string, PlannedStep>;
}

/** Plans never change, so the index of one is made once. */
const indexes = new WeakMap<Plan, ReadonlyMap<string, PlannedStep>>();

/** A draft over a copy of the run. */
export function openDraft(run: Run, nowMs: number): Draft {
  return { run: copyOf(run), nowMs, changes: [], planned: plannedSteps(run.plan) };
}

/** Every planned step by id, the way back included. */
export function plannedSteps(plan: Plan): ReadonlyMap<string, PlannedStep> {
  const known = indexes.get(plan);
  if (known) return known;
  const made = stepIndex(plan);
  indexes.set(plan, made);
  return made;
}

/** Makes one change. */
export function make(draft: Draft, news: News, atMs = draft.nowMs): void {
  const change: Change = { ...news, atMs };
  applyTo(draft.run, change);
  draft.changes.push(change);
}

/** Moves a step by a named transition, with the reason that people read. */
export function moveStep(
  draft: Draft,
  id: string,
  move: StepMove,
  { reason, set = {} }: { reason: string; set?: StepFields },
): void {
  make(draft, { kind: 'step_moved', step: id, move, reason, set });
}

/** Moves the run by a named transition, with the reason that people read. */
export function moveRun(draft: Draft, move: RunMove, reason: string, set: RunFields = {}): void {
  make(draft, { kind: 'run_moved', move, reason, set });
}

/** A refusal: the one change of an input that changes nothing. */
export interface Refusal {
  code: RefusalCode;
  reason: string;
}

/** Every step of the run, in the order of the plan, undo steps after it. */
export function listSteps(run: Run): StepRun[] {
  return Object.values(run.steps);
}

/** The step and what was planned for it. */
export function lookUp(draft: Draft, id: string): { step: StepRun; planned: PlannedStep } | null {
  const [step, planned] = [draft.run.steps[id], draft.planned.get(id)];
  return step && planned ? { step, planned } : null;
}
