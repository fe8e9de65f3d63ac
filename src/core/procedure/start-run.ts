import { approvalFault, approvalLevel } from './authority.ts';
import type { Change } from './change.ts';
import { clockFor } from './count-clock.ts';
import type { CountClock } from './count-clock.ts';
import { planFaults } from './plan-fault.ts';
import type { PlanFault } from './plan-fault.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { RefusalCode } from './refusals.ts';
import type { ApprovalReference, Run, RunMode, StepRun } from './run.ts';
import { newStepRun } from './step-run.ts';

/** What a run is made of. */
export interface RunRequest {
  id: string;
  plan: Plan;
  mode: RunMode;
  requestedBy: string;
  /** Null only where nothing hangs on T-0. */
  t0Ms: number | null;
  atMs: number;
  /** Null leaves a run that wants one waiting for it. */
  approval: ApprovalReference | null;
}

export type StartFault = PlanFault | { code: RefusalCode | 'production_target' | 'requester_missing'; reason: string };

/**
 * The run and the event that its log begins with, or everything that stands against it. A run that writes to production stands at `pending_approval`
 * until an approval of its plan is there; every other stands at `approved` (level 0). A rehearsal of production is refused (C07).
 */
export function startRun(request: RunRequest): { run: Run; changes: Change[] } | { refused: StartFault[] } {
  const faults = [...planFaults(request.plan), ...requestFaults(request)];
  if (faults.length > 0) return { refused: faults };
  const run = newRun(request);
  return { run, changes: [{ kind: 'run_created', atMs: request.atMs, run }, ...passedHolds(run)] };
}

/** A planned hold that the count has passed before the run was made will not be held, and everybody has to know. */
function passedHolds({ plan, clock, createdAtMs: atMs }: Run): Change[] {
  if (clock === null) return [];
  const held = new Set([...clock.ahead, ...clock.stops].map(({ id }) => id));
  return plan.builtInHolds
    .filter(({ id, atMs: offsetMs }) => offsetMs < clock.tMs && !held.has(id))
    .map(({ id }) => ({
      kind: 'announce',
      atMs,
      what: 'late',
      text: `built-in hold ${id} lies behind the count and is not held`,
    }));
}

function requestFaults({ plan, mode, t0Ms, atMs, requestedBy, approval, id }: RunRequest): StartFault[] {
  const faults: StartFault[] = [];
  if (!Number.isFinite(atMs))
    faults.push({ code: 'time_unreadable', reason: 'expected an instant in milliseconds, got none' });
  if (requestedBy.trim() === '')
    faults.push({ code: 'requester_missing', reason: `run ${id}: expected who asks for it, got nobody` });
  if (mode === 'rehearsal' && plan.environment.production) {
    faults.push({
      code: 'production_target',
      reason: `environment ${plan.environment.id}: a rehearsal expects one that is not production`,
    });
  }
  if (t0Ms === null && hangsOnT0(plan))
    faults.push({ code: 't0_missing', reason: `procedure ${plan.id}: expected a T-0, got none` });
  if (t0Ms !== null && !(t0Ms > atMs))
    faults.push({
      code: 't0_past',
      reason: `procedure ${plan.id}: expected a T-0 in the future, got one that has passed`,
    });
  const level = approvalLevel(plan);
  const fault =
    approval && level > 0
      ? approvalFault(newRun({ plan, mode, t0Ms: null, atMs, requestedBy, approval, id }), approval, level, atMs)
      : null;
  return fault ? [...faults, fault] : faults;
}

/** Whether anything of a plan comes due by the count: without a T-0 it cannot be run. */
export function hangsOnT0({ steps, undoSteps, builtInHolds, recyclePoints }: Plan): boolean {
  return (
    steps.some((step) => step.timer.kind === 'offset' || waitsOnCount(step)) ||
    undoSteps.some(waitsOnCount) ||
    builtInHolds.length > 0 ||
    recyclePoints.length > 0
  );
}

function waitsOnCount({ pause }: PlannedStep): boolean {
  return pause?.kind === 'until-offset';
}

function newRun({ id, plan, mode, requestedBy, t0Ms, atMs, approval }: RunRequest): Run {
  const clock = t0Ms === null ? null : clockFor(t0Ms, atMs, plan.builtInHolds);
  return {
    id,
    mode,
    plan,
    state: approvalLevel(plan) === 0 || approval !== null ? 'approved' : 'pending_approval',
    requestedBy,
    createdAtMs: atMs,
    enqueuedAtMs: null,
    startedAtMs: null,
    endedAtMs: null,
    nowMs: atMs,
    approval,
    clock,
    steps: Object.fromEntries(plan.steps.map((step) => [step.id, stepAt(step, clock)])),
    holds: [],
    returnPoint: { state: 'ahead', by: null, atMs: null, announced: false },
    ending: null,
    endingReason: null,
    undoing: false,
  };
}

/** A run that begins after some of its steps were due shows how late they are from the first moment. */
function stepAt({ id, timer }: PlannedStep, clock: CountClock | null): StepRun {
  const lateMs = clock && timer.kind === 'offset' ? clock.tMs - timer.offsetMs : 0;
  return { ...newStepRun(id, 'forward'), dueAtMs: clock && lateMs > 0 ? clock.wallMs - lateMs : null };
}
