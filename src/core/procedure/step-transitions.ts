/**
 * Where a step stands: `pending` has not begun, `ready` is with the workers, `verifying` looks whether an interrupted effect happened,
 * `waiting` waits for nothing but time, `unknown` means that nobody can tell and a person has to.
 */
export type StepState =
  | 'pending'
  | 'ready'
  | 'running'
  | 'verifying'
  | 'waiting_human'
  | 'waiting'
  | 'done'
  | 'skipped'
  | 'failed'
  | 'timed_out'
  | 'cancelled'
  | 'unknown';

export const stepStates: readonly StepState[] = [
  'pending',
  'ready',
  'running',
  'verifying',
  'waiting_human',
  'waiting',
  'done',
  'skipped',
  'failed',
  'timed_out',
  'cancelled',
  'unknown',
];

interface StepTransition {
  from: readonly StepState[];
  to: StepState;
  why: string;
}

/** Every way a step can move. Nothing else sets a state. */
export const stepTransitions = {
  dispatch: { from: ['pending'], to: 'ready', why: 'due, needs met, nothing holds it: handed to the workers' },
  await: { from: ['pending'], to: 'waiting_human', why: 'a person has to do it, or has to say that it may begin late' },
  pause: { from: ['pending'], to: 'waiting', why: 'due, needs met, nothing holds it: only time is waited for' },
  elapse: { from: ['waiting'], to: 'done', why: 'the time that it waited for has come' },
  withdraw: {
    from: ['ready', 'waiting'],
    to: 'pending',
    why: 'a hold, a new T-0 or a recycle took it back before it did anything',
  },
  begin: { from: ['ready'], to: 'running', why: 'a worker claimed it; the attempt rises' },
  finish: { from: ['running', 'verifying'], to: 'done', why: 'the worker, or the probe, saw that it was done' },
  confirm: { from: ['waiting_human'], to: 'done', why: 'a person of the role closed it, with the proof asked for' },
  permit: { from: ['waiting_human'], to: 'pending', why: 'a person let it begin late' },
  fail: {
    from: ['running', 'verifying', 'waiting_human'],
    to: 'failed',
    why: 'the worker or the person said that it failed, or no attempt is left',
  },
  expire: { from: ['running', 'waiting_human'], to: 'timed_out', why: 'its time limit passed' },
  retry: {
    from: ['running', 'verifying'],
    to: 'pending',
    why: 'declared as safe to run again, and attempts are left; or the probe saw no effect',
  },
  probe: { from: ['running'], to: 'verifying', why: 'interrupted, and a probe can tell whether it took effect' },
  lose: { from: ['running', 'verifying'], to: 'unknown', why: 'interrupted, and nobody can tell: a person is asked' },
  skip: {
    from: ['pending', 'ready', 'waiting_human', 'waiting', 'failed', 'timed_out'],
    to: 'skipped',
    why: 'a person of the role skipped it, with a reason',
  },
  again: { from: ['failed', 'timed_out', 'unknown'], to: 'pending', why: 'a person asked for it again, with a reason' },
  settle_done: { from: ['unknown'], to: 'done', why: 'a person looked: it took effect' },
  settle_failed: { from: ['unknown'], to: 'failed', why: 'a person looked: it did not take effect' },
  recycle: {
    from: ['done', 'failed', 'timed_out', 'waiting_human'],
    to: 'pending',
    why: 'the count went back before it',
  },
  cancel: {
    from: ['pending', 'ready', 'waiting_human', 'waiting', 'running', 'verifying'],
    to: 'cancelled',
    why: 'the run is being stopped',
  },
} as const satisfies Record<string, StepTransition>;

export type StepMove = keyof typeof stepTransitions;

/** Whether the table lets a step of this state make this move. */
export function canStepMove(state: StepState, move: StepMove): boolean {
  const from: readonly StepState[] = stepTransitions[move].from;
  return from.includes(state);
}
