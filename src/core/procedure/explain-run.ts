import { approvalLevel, decidersOf, peopleIn } from './authority.ts';
import { countAt, expectedT0 } from './count-clock.ts';
import { plannedSteps } from './draft.ts';
import { dueAtOf } from './pass-time.ts';
import { pauseEndAt, pauseText } from './pauses.ts';
import type { PlannedStep } from './plan.ts';
import { barOf, isBlocking, isSettled, needsMet } from './readiness.ts';
import type { InputKind } from './run-input.ts';
import { activeStates, isFinal } from './run.ts';
import type { Run, StepRun, Wait } from './run.ts';

/** One reason why a run, or a step, does not go on. */
export interface Blocker {
  /** Null where it is about the whole run. */
  step: string | null;
  kind:
    | 'approval'
    | 'start'
    | 'hold'
    | 'count'
    | 'time'
    | 'needs'
    | 'person'
    | 'worker'
    | 'failure'
    | 'unknown'
    | 'stopping';
  why: string;
  /** When it ends by itself, or when its limit passes; null where it does neither. */
  untilMs: number | null;
  /** What happens then; null where nothing does. */
  onLimit: string | null;
  /** Inputs that unblock it. Empty where only time or a machine does. */
  unblockedBy: InputKind[];
  /** Who may give one. */
  people: string[];
}

/** Where a run stands, on both clocks, and everything that it waits for (law 10). */
export interface Explanation {
  state: Run['state'];
  nowMs: number;
  /** T-time; null where nothing hangs on T-0. */
  countMs: number | null;
  isCounting: boolean;
  t0Ms: number | null;
  blockers: Blocker[];
  /** Steps that came due and have not begun, and since when. */
  late: { step: string; lateMs: number }[];
}

/**
 * Why a run does not go on, what unblocks it, and who can. Empty for a run that has ended. `givenBack` is why workers could not begin steps that they had been
 * handed, by step: a gate, a right, a lock.
 */
export function explainRun(run: Run, nowMs: number, givenBack: ReadonlyMap<string, string> = new Map()): Explanation {
  const now = Math.max(nowMs, run.nowMs);
  const { clock } = run;
  return {
    state: run.state,
    nowMs: now,
    countMs: clock && countAt(clock, now),
    isCounting: clock !== null && clock.stops.length === 0,
    t0Ms: clock && expectedT0(clock, now),
    blockers: isFinal(run) ? [] : [...runBlockers(run), ...stepBlockers(run, now, givenBack)],
    late: isFinal(run) ? [] : lateSteps(run, now),
  };
}

function runBlockers(run: Run): Blocker[] {
  const blockers: Blocker[] = [];
  const deciders = decidersOf(run.plan);
  const add = (kind: Blocker['kind'], rest: Partial<Blocker> & { why: string }): void => {
    blockers.push({ step: null, kind, untilMs: null, onLimit: null, unblockedBy: [], people: [], ...rest });
  };
  if (run.state === 'pending_approval') {
    const approvers = peopleIn(run.plan, Object.keys(run.plan.roles)).filter((person) => person !== run.requestedBy);
    add('approval', {
      why: `it wants an approval of level ${approvalLevel(run.plan)}`,
      unblockedBy: ['approve', 'reject'],
      people: approvers,
    });
  }
  if (run.state === 'approved')
    add('start', { why: 'nobody has started it', unblockedBy: ['enqueue', 'start'], people: deciders });
  if (run.state === 'queued')
    add('start', { why: 'it waits for a worker', ...until(run.enqueuedAtMs, run.plan.queueLimitMs) });
  for (const { id, scope, subject, reason } of run.holds) {
    const of = subject === null ? scope : `${scope} ${subject}`;
    add('hold', { why: `hold ${id} on ${of}: ${reason}`, unblockedBy: ['release'], people: deciders });
  }
  for (const { id, untilMs, release } of run.clock?.stops ?? []) {
    if (run.holds.some((hold) => hold.id === id)) continue;
    const isAsking = release === 'person';
    const onLimit = isAsking ? 'the hold goes on until somebody says go' : 'the count goes on';
    add('count', {
      why: `built-in hold ${id}`,
      untilMs,
      onLimit,
      unblockedBy: isAsking ? ['release'] : [],
      people: isAsking ? deciders : [],
    });
  }
  if (run.state === 'stopping') add('stopping', { why: `it is being stopped: ${run.endingReason ?? ''}` });
  return blockers;
}

function stepBlockers(run: Run, nowMs: number, givenBack: ReadonlyMap<string, string>): Blocker[] {
  const planned = plannedSteps(run.plan);
  const steps = Object.values(run.steps).filter((step) => !isSettled(step) && step.state !== 'cancelled');
  const blocking = steps.find(isBlocking);
  return steps.flatMap((step) => {
    const plan = planned.get(step.id);
    const blocker =
      plan &&
      (isPending(step)
        ? pendingBlocker(run, { step, plan, nowMs, blocking, givenBack: givenBack.get(step.id) })
        : (pauseBlocker(run, { step, plan, nowMs }) ?? begunBlocker(run, step, plan)));
    return blocker ? [blocker] : [];
  });
}

function begunBlocker(run: Run, step: StepRun, plan: PlannedStep): Blocker | null {
  const deciders = decidersOf(run.plan);
  const blank = { step: step.id, untilMs: null, onLimit: null };
  if (step.state === 'waiting_human' && step.wait) return waitBlocker(step.id, step.wait);
  if (step.state === 'unknown') {
    return {
      ...blank,
      kind: 'unknown',
      why: `whether it took effect cannot be told: ${step.detail ?? ''}`,
      unblockedBy: ['settle', 'retry'],
      people: deciders,
    };
  }
  if (step.state === 'failed' || step.state === 'timed_out') {
    const people = [...new Set([...deciders, ...(plan.role === null ? [] : peopleIn(run.plan, [plan.role]))])];
    return {
      ...blank,
      kind: 'failure',
      why: step.detail ?? step.state,
      unblockedBy: ['retry', 'skip', 'undo', 'cancel'],
      people,
    };
  }
  const limits = until(step.startedAtMs, plan.limitMs);
  const onLimit = step.state === 'running' ? plan.onTimeout : 'a person is asked';
  return {
    ...blank,
    kind: 'worker',
    why: `a worker has it: ${step.state}`,
    ...limits,
    onLimit: limits.untilMs === null ? null : onLimit,
    unblockedBy: [],
    people: [],
  };
}

/** A step that only waits: for what, until when as things stand, and who may skip it. */
function pauseBlocker(run: Run, { step, plan, nowMs }: Omit<Pending, 'blocking' | 'givenBack'>): Blocker | null {
  const { pause } = plan;
  if (step.state !== 'waiting' || pause === null) return null;
  const untilMs = pauseEndAt(run, pause, { beganAtMs: step.startedAtMs ?? nowMs, nowMs });
  return {
    step: step.id,
    kind: 'time',
    why: pauseText(pause),
    untilMs,
    onLimit: untilMs === null ? null : 'it is done',
    unblockedBy: ['skip'],
    people: step.wait?.people ?? [],
  };
}

function waitBlocker(step: string, { for: what, role, people, untilMs, onLimit }: Wait): Blocker {
  const isConfirmation = what === 'confirmation';
  return {
    step,
    kind: 'person',
    why: isConfirmation ? `${role ?? 'somebody who decides'} has to do it` : 'it is late, and wants a yes to begin',
    untilMs,
    onLimit: untilMs === null ? null : onLimit,
    unblockedBy: isConfirmation ? ['confirm', 'decline', 'skip'] : ['permit_late', 'skip'],
    people,
  };
}

interface Pending {
  step: StepRun;
  plan: PlannedStep;
  nowMs: number;
  blocking: StepRun | undefined;
  givenBack: string | undefined;
}

function pendingBlocker(run: Run, { step, plan, nowMs, blocking, givenBack }: Pending): Blocker | null {
  const blank: Blocker = {
    step: step.id,
    kind: 'time',
    why: '',
    untilMs: null,
    onLimit: null,
    unblockedBy: [],
    people: [],
  };
  if (step.state === 'ready') return { ...blank, kind: 'worker', why: givenBack ?? 'it waits for a worker' };
  if (!activeStates.includes(run.state) && step.part === 'forward') return null;
  const open = step.part === 'forward' ? plan.needs.filter((id) => !isSettled(run.steps[id])) : [];
  if (open.length > 0 && !needsMet(run, plan)) return { ...blank, kind: 'needs', why: `it needs ${open.join(', ')}` };
  if (step.part === 'forward' && plan.timer.kind !== 'needs' && step.dueAtMs === null) {
    const untilMs = dueAtOf(run, plan, nowMs);
    return { ...blank, kind: 'time', why: 'it is not due', untilMs, onLimit: untilMs === null ? null : 'it begins' };
  }
  if (blocking) return { ...blank, kind: 'failure', why: `${blocking.id} wants a decision first` };
  const bar = barOf(run, plan, nowMs);
  if (bar?.kind === 'backoff')
    return { ...blank, kind: 'time', why: bar.text, untilMs: step.notBeforeMs, onLimit: 'it begins again' };
  if (bar?.kind !== 'approval')
    return bar
      ? { ...blank, kind: 'hold', why: bar.text, unblockedBy: ['release'], people: decidersOf(run.plan) }
      : null;
  const people = peopleIn(run.plan, Object.keys(run.plan.roles)).filter((person) => person !== run.requestedBy);
  return { ...blank, kind: 'approval', why: bar.text, unblockedBy: ['approve'], people };
}

function lateSteps(run: Run, nowMs: number): Explanation['late'] {
  return Object.values(run.steps)
    .filter(({ part }) => part === 'forward')
    .filter((step) => isPending(step) || step.wait?.for === 'late-start')
    .flatMap(({ id, dueAtMs }) => (dueAtMs !== null && dueAtMs < nowMs ? [{ step: id, lateMs: nowMs - dueAtMs }] : []));
}

function isPending({ state }: StepRun): boolean {
  return state === 'pending' || state === 'ready';
}

function until(sinceMs: number | null, limitMs: number | null): { untilMs: number | null; onLimit: string | null } {
  if (sinceMs === null || limitMs === null) return { untilMs: null, onLimit: null };
  return { untilMs: sinceMs + limitMs, onLimit: 'it times out' };
}
