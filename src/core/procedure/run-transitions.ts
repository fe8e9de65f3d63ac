/** Where a run stands (O01). `held`, `waiting_human` and `outcome_unknown` follow from its steps and holds, and are left when those change. */
export type RunState =
  | 'pending_approval'
  | 'approved'
  | 'queued'
  | 'running'
  | 'held'
  | 'waiting_human'
  | 'outcome_unknown'
  | 'stopping'
  | 'undoing'
  | 'rejected'
  | 'completed'
  | 'partial'
  | 'failed'
  | 'timed_out'
  | 'cancelled'
  | 'rolled_back';

export const runStates: readonly RunState[] = [
  'pending_approval',
  'approved',
  'queued',
  'running',
  'held',
  'waiting_human',
  'outcome_unknown',
  'stopping',
  'undoing',
  'rejected',
  'completed',
  'partial',
  'failed',
  'timed_out',
  'cancelled',
  'rolled_back',
];

interface RunTransition {
  from: readonly RunState[];
  to: RunState;
  why: string;
}

const active = ['running', 'held', 'waiting_human', 'outcome_unknown'] as const;

/** Every way a run can move. Nothing else sets a state. */
export const runTransitions = {
  approve: {
    from: ['pending_approval'],
    to: 'approved',
    why: 'an approval of this plan, high enough and not expired, was handed in',
  },
  reject: { from: ['pending_approval'], to: 'rejected', why: 'a person who may decide said no, with a reason' },
  enqueue: { from: ['approved'], to: 'queued', why: 'handed to the workers' },
  begin: { from: ['approved', 'queued'], to: 'running', why: 'immediate, or a worker took it' },
  proceed: {
    from: ['held', 'waiting_human', 'outcome_unknown'],
    to: 'running',
    why: 'nothing holds it, and a machine step is next',
  },
  hold: {
    from: ['running', 'waiting_human', 'outcome_unknown'],
    to: 'held',
    why: 'a hold, or a step that failed, keeps every further step back',
  },
  await: { from: ['running', 'held', 'outcome_unknown'], to: 'waiting_human', why: 'only people can bring it on' },
  lose: {
    from: ['running', 'held'],
    to: 'outcome_unknown',
    why: 'whether a step took effect cannot be told',
  },
  stop: { from: active, to: 'stopping', why: 'cancelled, failed or out of time: running steps are asked to end' },
  undo: { from: ['stopping'], to: 'undoing', why: 'what was done is taken back, in reverse' },
  complete: { from: active, to: 'completed', why: 'every step is done' },
  end_partial: {
    from: [...active, 'stopping', 'undoing'],
    to: 'partial',
    why: 'steps were skipped, or not everything could be taken back',
  },
  end_failed: { from: ['stopping'], to: 'failed', why: 'a step failed that ends the run' },
  end_timed_out: {
    from: ['queued', 'stopping'],
    to: 'timed_out',
    why: 'a time limit passed that ends the run',
  },
  end_cancelled: {
    from: ['pending_approval', 'approved', 'queued', 'stopping', 'undoing'],
    to: 'cancelled',
    why: 'cancelled, every step has ended, and what was asked for is taken back',
  },
  end_rolled_back: { from: ['undoing'], to: 'rolled_back', why: 'everything that was done is taken back' },
} as const satisfies Record<string, RunTransition>;

export type RunMove = keyof typeof runTransitions;

/** Whether the table lets a run of this state make this move. */
export function canRunMove(state: RunState, move: RunMove): boolean {
  const from: readonly RunState[] = runTransitions[move].from;
  return from.includes(state);
}
