import type { DocumentMove } from './review-moves.ts';
import { moveRules } from './review-moves.ts';
import type { Review } from './review.ts';

/** Who wants to do what. Whether they hold the permission of the move is asked elsewhere. */
export interface MoveAsk {
  move: DocumentMove;
  /** The human behind the account, so that somebody with two accounts is one. */
  human: string;
  reason: string | null;
  /** Threads of the document that nobody has resolved. */
  openThreads: number;
}

/** Why a move is not possible, or null. Every reason says what would make it possible. */
export function moveFault(review: Review, ask: MoveAsk): string | null {
  return placeFault(review, ask) ?? handFault(review, ask) ?? wordFault(ask);
}

/** Why nobody can do it where the document stands now, or null. */
export function placeFault(
  { state, lock, isLockBroken }: Review,
  { move, openThreads }: Pick<MoveAsk, 'move' | 'openThreads'>,
): string | null {
  const { from, settled } = moveRules[move];
  // The way out of a lock does not depend on what the bytes are now.
  if (move === 'unlock') return lock === null ? 'expected a document that is locked, got none' : null;
  if (isLockBroken) return `expected no lock, got one by ${lock?.by} on another version: it has to be unlocked first`;
  if (!from.includes(state)) return `expected a version that is ${from.join(' or ')}, got ${state}`;
  if (settled && openThreads > 0) return `expected every thread to be resolved, got ${openThreads} open`;
  return null;
}

/** Why it is not for this human, or null. */
export function handFault({ submission }: Review, { move, human }: Pick<MoveAsk, 'move' | 'human'>): string | null {
  const { by } = moveRules[move];
  if (by === 'anybody' || submission === null) return null;
  const isSubmitter = submission.human === human;
  if (by === 'submitter') return isSubmitter ? null : `expected ${submission.person}, who submitted it`;
  return isSubmitter ? `expected somebody other than ${submission.person}, who submitted it` : null;
}

function wordFault({ move, reason }: Pick<MoveAsk, 'move' | 'reason'>): string | null {
  return moveRules[move].reason && (reason ?? '').trim() === '' ? 'expected a reason, got none' : null;
}
