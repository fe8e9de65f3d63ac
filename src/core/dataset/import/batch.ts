/** Where an import stands. */
export type BatchState = 'planned' | 'approved' | 'applying' | 'applied' | 'verified' | 'rolled-back' | 'failed';

/** What moves an import from one state to the next. */
export type BatchMove = 'approve' | 'begin' | 'finish' | 'verify' | 'fail' | 'roll-back';

/**
 * Every move there is; what stands in no row is refused. An import that was killed stays `applying`, and `begin` takes it up again. What failed has written
 * some of its chunks, whole: it may begin again, or be taken back. What was verified or taken back never moves but to be taken back, once.
 */
export const batchMoves: readonly { from: BatchState; move: BatchMove; to: BatchState }[] = [
  { from: 'planned', move: 'approve', to: 'approved' },
  { from: 'approved', move: 'begin', to: 'applying' },
  { from: 'applying', move: 'begin', to: 'applying' },
  { from: 'applying', move: 'finish', to: 'applied' },
  { from: 'applying', move: 'fail', to: 'failed' },
  { from: 'applying', move: 'roll-back', to: 'rolled-back' },
  { from: 'failed', move: 'begin', to: 'applying' },
  { from: 'failed', move: 'roll-back', to: 'rolled-back' },
  { from: 'applied', move: 'verify', to: 'verified' },
  { from: 'applied', move: 'roll-back', to: 'rolled-back' },
  { from: 'verified', move: 'roll-back', to: 'rolled-back' },
];

/** Returns the state that a move leads to, or null where a batch in this state cannot make it. */
export function moveBatch(from: BatchState, move: BatchMove): BatchState | null {
  return batchMoves.find((row) => row.from === from && row.move === move)?.to ?? null;
}

/** Returns the states from which a move is possible, for whoever is told that it is not. */
export function statesBefore(move: BatchMove): BatchState[] {
  return batchMoves.filter((row) => row.move === move).map(({ from }) => from);
}
