import { nextTickAt } from './next-tick-at.ts';
import type { Run, StepRun } from './run.ts';

type Next = typeof nextTickAt;

function withSteps(over: (step: StepRun) => Partial<StepRun>): Next {
  return (run) =>
    nextTickAt({
      ...run,
      steps: Object.fromEntries(Object.entries(run.steps).map(([id, step]) => [id, { ...step, ...over(step) }])),
    });
}

function withRun(over: (run: Run) => Partial<Run>): Next {
  return (run) => nextTickAt({ ...run, ...over(run) });
}

/** Answers that are wrong in one way each: the properties have to catch every one. */
export const tickBugs: { [name: string]: Next } = {
  'always now': (run) => run.nowMs,
  never: () => null,
  'a second late': (run) => {
    const nextMs = nextTickAt(run);
    return nextMs === null ? null : nextMs + 1_000;
  },
  'a second early': (run) => {
    const nextMs = nextTickAt(run);
    return nextMs === null ? null : nextMs - 1_000;
  },
  'the count is not looked at': withRun(() => ({ clock: null })),
  'the count never stands still': withRun(({ clock }) => ({ clock: clock && { ...clock, stops: [] } })),
  'limits of running steps are not looked at': withSteps(({ state }) =>
    state === 'running' ? { startedAtMs: null } : {},
  ),
  'the grace of stopping steps is not looked at': withSteps(() => ({ stopping: null })),
  'limits of probes are not looked at': withSteps(() => ({ probedAtMs: null })),
  'limits of waits are not looked at': withSteps(() => ({ wait: null })),
  'backoffs are not looked at': withSteps(() => ({ notBeforeMs: null })),
  'a backoff under a hold counts': withRun(() => ({ holds: [] })),
  'a failure keeps nothing back': withSteps(({ state, badEnd }) =>
    state === 'failed' && badEnd !== null ? { badEnd: 'escalate' } : {},
  ),
  'the end of the approval is not looked at': withRun(({ approval }) => ({
    approval: approval && { ...approval, expiresAtMs: Number.MAX_SAFE_INTEGER },
  })),
  'the limit of the queue is not looked at': withRun(() => ({ enqueuedAtMs: null })),
  'the limit of the run is not looked at': withRun(() => ({ startedAtMs: null })),
  'pauses are not looked at': withSteps(({ state }) => (state === 'waiting' ? { state: 'ready' } : {})),
  'a pause counts from the newest instant': (run) =>
    withSteps(({ state }) => (state === 'waiting' ? { startedAtMs: run.nowMs } : {}))(run),
  'what came due is due again': withSteps(() => ({ dueAtMs: null })),
  'a run that ended goes on': withRun(({ state }) =>
    state === 'failed' || state === 'partial' ? { state: 'running' } : {},
  ),
};
