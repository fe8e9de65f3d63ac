/** Where a fix stands. */
export type FixState = 'planned' | 'approved' | 'applying' | 'applied' | 'undoing' | 'undone' | 'failed';

/** What is done to a fix. `begin` and `begin-undo` may happen again after a process died: what it finished stays. */
export type FixMove = 'approve' | 'begin' | 'finish' | 'fail' | 'begin-undo' | 'finish-undo' | 'fail-undo';

const moves: { readonly [move in FixMove]: { from: readonly FixState[]; to: FixState } } = {
  approve: { from: ['planned'], to: 'approved' },
  begin: { from: ['approved', 'applying'], to: 'applying' },
  finish: { from: ['applying'], to: 'applied' },
  // Some of its batches may stand: those are taken back by undoing it.
  fail: { from: ['applying'], to: 'failed' },
  'begin-undo': { from: ['applied', 'failed', 'applying', 'undoing'], to: 'undoing' },
  'finish-undo': { from: ['undoing'], to: 'undone' },
  'fail-undo': { from: ['undoing'], to: 'applied' },
};

/** Returns where a move leads from a state, or null where it is not possible there. */
export function moveFix(from: FixState, move: FixMove): FixState | null {
  return moves[move].from.includes(from) ? moves[move].to : null;
}

/** Returns the states from which a move is possible. */
export function statesBeforeFix(move: FixMove): readonly FixState[] {
  return moves[move].from;
}
