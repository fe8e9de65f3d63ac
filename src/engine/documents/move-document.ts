import { humanOf } from '../../core/approval/authority.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { VersionConflict } from '../../core/error/version-conflict.ts';
import { moveFault } from '../../core/review/move-fault.ts';
import { moveRules } from '../../core/review/review-moves.ts';
import type { DocumentMove } from '../../core/review/review-moves.ts';
import { insertMove } from '../../store/document-review.ts';
import { readNow } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { countOpen, readReviewed, reviewPlaces } from './review-ground.ts';
import type { ReviewGround, ReviewedDocument } from './review-ground.ts';

/** Who moves what, and what they have seen. */
export interface MoveWish {
  path: string;
  move: DocumentMove;
  person: string;
  reason: string | null;
  /** SHA-256 of the bytes that the person has read. */
  expectedVersion: string;
  /** Number of the newest move that they have seen; null where they say nothing about it. */
  expectedNumber: number | null;
}

/**
 * Moves a version of a document along its review. Rights are asked and written down, the table is asked, and the move is kept with the bytes that it is about.
 * Throws `version_conflict` where the bytes or the moves are no longer those that were seen: nobody approves what they have not read.
 */
export async function moveDocument(ground: ReviewGround, wish: MoveWish): Promise<{ number: number }> {
  const document = await readReviewed(ground, wish.path);
  await permit(ground, wish);
  requireSeen(document, wish);
  const { review, threads, bytes, path } = document;
  const { move, person } = wish;
  const reason = wish.reason?.trim() || null;
  const human = humanOf(ground.launch, person);
  const fault = moveFault(review, { move, human, reason, openThreads: countOpen(threads) });
  if (fault !== null) throw refused(`${move} ${path}: ${fault}`);
  // What is unlocked is the version that was locked, whatever stands there now.
  const version = move === 'unlock' ? review.lock!.version : review.version;
  const number = review.number + 1;
  const kept = version === review.version ? bytes : null;
  const of = { launch: ground.launch.id, path, number, version, move, person, human, reason };
  if (await insertMove(ground.store, { ...of, bytes: kept })) return { number };
  throw new VersionConflict(`review of ${path}`, String(review.number), 'a later one');
}

async function permit(
  { store, launch }: ReviewGround,
  { move, person, path, expectedVersion }: MoveWish,
): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  const subject = `${move} document ${path} at ${expectedVersion}`;
  const { permission } = moveRules[move];
  for (const environment of reviewPlaces(launch))
    await requirePermission(store, launch, { person, permission, environment, nowMs, subject });
}

function requireSeen({ review, path }: ReviewedDocument, { expectedVersion, expectedNumber }: MoveWish): void {
  if (expectedVersion !== review.version)
    throw new VersionConflict(`document ${path}`, expectedVersion, review.version);
  if (expectedNumber !== null && expectedNumber !== review.number)
    throw new VersionConflict(`review of ${path}`, String(expectedNumber), String(review.number));
}

function refused(message: string): ProductError {
  return new ProductError('review_refused', message, {
    hint: 'look at "tminus document show"; it says who may do what next',
  });
}
