import { decidersOf, humansIn } from './authority.ts';
import { make, moveRun, moveStep } from './draft.ts';
import type { Draft } from './draft.ts';
import type { BadEnd, PlannedStep } from './plan.ts';
import { activeStates } from './run.ts';
import type { Ending, StepRun } from './run.ts';
import { dispatchKey } from './readiness.ts';

interface Ended {
  step: StepRun;
  planned: PlannedStep;
  detail: string;
  /** Somebody looked, and it took no effect: nothing of it has to be taken back. */
  hadNoEffect?: boolean;
}

/** How long a step that is tried again waits: 2 s, 4 s, 8 s, to a minute. */
export function backoffMs(tries: number): number {
  return Math.min(60_000, 1_000 * 2 ** Math.min(tries, 16));
}

/** A step that failed: tried again where that is declared to be safe and attempts are left, else failed. */
export function failStep(draft: Draft, { step, planned, detail }: Ended): void {
  const again = planned.interrupted === 'rerun' && step.tries < planned.maxAttempts && mayGoOn(draft, step);
  if (again) {
    const set = { notBeforeMs: draft.nowMs + backoffMs(step.tries), detail, stopping: null, stopAskedAtMs: null };
    moveStep(draft, step.id, 'retry', {
      reason: `attempt ${step.tries} of ${planned.maxAttempts} failed: ${detail}`,
      set,
    });
    return;
  }
  moveStep(draft, step.id, 'fail', {
    reason: detail,
    set: { endedAtMs: draft.nowMs, detail, wait: null, stopping: null, stopAskedAtMs: null, badEnd: planned.onFail },
  });
  endBadly(draft, { step, planned, detail }, planned.onFail);
}

/** A step past its limit: `timed_out`, never `cancelled`; its worker is told to stop (O08). */
export function expireStep(draft: Draft, { step, planned, detail }: Ended, then: BadEnd): void {
  if (step.state === 'running')
    make(draft, { kind: 'stop_step', step: step.id, attempt: step.attempt, cause: 'timeout' });
  moveStep(draft, step.id, 'expire', {
    reason: detail,
    set: { endedAtMs: draft.nowMs, detail, wait: null, stopping: null, stopAskedAtMs: null, badEnd: then },
  });
  endBadly(draft, { step, planned, detail }, then);
}

/** A step whose worker is gone or was stopped in the middle: run again, looked at, or left to a person; never silently either way. */
export function interruptStep(draft: Draft, ended: Ended): void {
  const { step, planned, detail } = ended;
  if (planned.interrupted === 'ask') return loseStep(draft, ended);
  if (planned.interrupted === 'verify') {
    const set = { detail, stopping: null, stopAskedAtMs: null, probedAtMs: draft.nowMs };
    if (step.state === 'running') moveStep(draft, step.id, 'probe', { reason: detail, set });
    make(draft, { kind: 'probe', step: step.id, attempt: step.attempt, key: dispatchKey(draft.run, step) });
    return;
  }
  repeatStep(draft, ended);
}

/** A step that is known to have had no effect, or may be run twice: again, while attempts are left and the run goes on. */
export function repeatStep(draft: Draft, ended: Ended): void {
  const { step, planned, detail } = ended;
  const known = { detail, stopping: null, stopAskedAtMs: null, ...(ended.hadNoEffect ? { startedAtMs: null } : {}) };
  if (!mayGoOn(draft, step)) {
    moveStep(draft, step.id, 'cancel', { reason: detail, set: { ...known, endedAtMs: draft.nowMs } });
  } else if (step.tries < planned.maxAttempts || step.stopping === 'hold') {
    moveStep(draft, step.id, 'retry', {
      reason: detail,
      set: { ...known, notBeforeMs: draft.nowMs + backoffMs(step.tries) },
    });
  } else {
    const spent = `${detail}; ${step.tries} of ${planned.maxAttempts} attempts used`;
    moveStep(draft, step.id, 'fail', {
      reason: spent,
      set: { ...known, endedAtMs: draft.nowMs, detail: spent, badEnd: planned.onFail },
    });
    endBadly(draft, { ...ended, detail: spent }, planned.onFail);
  }
}

/** A step of which nobody can tell whether it took effect: `unknown`, and a person is asked. */
export function loseStep(draft: Draft, { step, planned, detail }: Ended): void {
  moveStep(draft, step.id, 'lose', { reason: detail, set: { detail, stopping: null, stopAskedAtMs: null } });
  callPeople(draft, step.id, planned, `whether ${step.id} took effect cannot be told: ${detail}`);
}

/** Stops the run: what runs is asked to end, what has not begun never will. */
export function beginStopping(draft: Draft, wanted: { ending: Ending; reason: string; takeBack: boolean }): void {
  const { ending, reason, takeBack } = wanted;
  moveRun(draft, 'stop', reason, { ending, endingReason: reason, undoing: takeBack });
  make(draft, { kind: 'announce', what: 'ending', text: reason });
}

/** Calls those who hold the step's role and those who decide. */
export function callPeople(draft: Draft, step: string, { role }: Pick<PlannedStep, 'role'>, text: string): void {
  const { plan } = draft.run;
  const people = [...new Set([...(role === null ? [] : humansIn(plan, role)), ...decidersOf(plan)])];
  make(draft, { kind: 'call', step, people, text });
}

function endBadly(draft: Draft, { step, planned, detail }: Ended, then: BadEnd): void {
  const isForward = step.part === 'forward';
  if (isForward && then === 'fail' && activeStates.includes(draft.run.state)) {
    const ending = draft.run.steps[step.id]?.state === 'timed_out' ? 'timed_out' : 'failed';
    beginStopping(draft, { ending, reason: `${step.id}: ${detail}`, takeBack: false });
  } else callPeople(draft, step.id, planned, `${step.id}: ${detail}`);
}

/** Forward steps begin again only while the run goes on; undo steps only while it is undone. */
function mayGoOn(draft: Draft, { part }: StepRun): boolean {
  return part === 'undo' ? draft.run.state === 'undoing' : activeStates.includes(draft.run.state);
}
