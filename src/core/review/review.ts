import { moveRules } from './review-moves.ts';
import type { DocumentMove, DocumentState } from './review-moves.ts';

/** A move as it was made; moves are only ever added. */
export interface LoggedMove {
  /** Counts from 1 over all versions of the document. */
  number: number;
  /** SHA-256 of the bytes that it was about. */
  version: string;
  move: DocumentMove;
  person: string;
  /** The human behind the account. */
  human: string;
  reason: string | null;
  atMs: number;
}

/** A lock that stands over a document until somebody takes it away. */
export interface DocumentLock {
  version: string;
  by: string;
  atMs: number;
}

/** Where one version of a document stands. */
export interface Review {
  version: string;
  state: DocumentState;
  /** The move that brought this version here; null for one that nobody has moved. */
  last: LoggedMove | null;
  /** The submission that stands; null for a draft. */
  submission: LoggedMove | null;
  lock: DocumentLock | null;
  /** True where the bytes have changed under a lock, outside of Tminus. */
  isLockBroken: boolean;
  /** The newest move of the document: whoever moves it names the one that they have seen. */
  number: number;
}

/**
 * Where this version stands, by the moves of the document. States belong to bytes: a document that changed is a draft again by itself, and one that was
 * changed back is what it was. A lock belongs to the document.
 */
export function toReview(moves: readonly LoggedMove[], version: string): Review {
  const ordered = moves.toSorted((a, b) => a.number - b.number);
  let state: DocumentState = 'draft';
  let last: LoggedMove | null = null;
  let submission: LoggedMove | null = null;
  for (const move of ordered) {
    const { from, to } = moveRules[move.move];
    if (move.version !== version || !from.includes(state)) continue;
    state = to;
    last = move;
    if (move.move === 'submit') submission = move;
  }
  const lock = standingLock(ordered);
  const isLockBroken = lock !== null && lock.version !== version;
  const number = ordered.at(-1)?.number ?? 0;
  return { version, state, last, submission: state === 'draft' ? null : submission, lock, isLockBroken, number };
}

function standingLock(ordered: readonly LoggedMove[]): DocumentLock | null {
  const newest = ordered.findLast(({ move }) => move === 'lock' || move === 'unlock');
  return newest?.move === 'lock' ? { version: newest.version, by: newest.person, atMs: newest.atMs } : null;
}

/** Every version that was moved, the newest first, with what became of it. */
export function listVersions(moves: readonly LoggedMove[]): Review[] {
  const newestFirst = moves.toSorted((a, b) => b.number - a.number);
  return [...new Set(newestFirst.map(({ version }) => version))].map((version) => toReview(moves, version));
}
