import type { StepRun } from './run.ts';

/** A step that nothing has happened to. */
export function newStepRun(id: string, part: StepRun['part']): StepRun {
  return {
    id,
    part,
    state: 'pending',
    attempt: 0,
    tries: 0,
    round: 0,
    dueAtMs: null,
    notBeforeMs: null,
    readyAtMs: null,
    startedAtMs: null,
    endedAtMs: null,
    badEnd: null,
    stopping: null,
    stopAskedAtMs: null,
    probedAtMs: null,
    lateAccepted: false,
    wait: null,
    proof: null,
    detail: null,
    notes: [],
  };
}
