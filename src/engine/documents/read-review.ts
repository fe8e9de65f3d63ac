import { humanOf } from '../../core/approval/authority.ts';
import { handFault, placeFault } from '../../core/review/move-fault.ts';
import { documentMoves, moveRules } from '../../core/review/review-moves.ts';
import type { DocumentMove, DocumentState } from '../../core/review/review-moves.ts';
import { listVersions, toReview } from '../../core/review/review.ts';
import type { LoggedMove, Review } from '../../core/review/review.ts';
import type { Thread } from '../../core/review/thread.ts';
import { toMarkedCopy, toWatermark } from '../../core/review/to-watermark.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { readBlob } from '../../store/blob.ts';
import { readMoves } from '../../store/document-review.ts';
import { countOpen, createWhoMay, readReviewed } from './review-ground.ts';
import type { ReviewGround, ReviewedDocument, WhoMay } from './review-ground.ts';

/** A move that is possible where the document stands, and whose it is. */
export interface OpenMove {
  move: DocumentMove;
  /** People who may do it now. */
  who: string[];
  /** Whether whoever looks may. */
  mine: boolean;
  /** Why it cannot be done yet, though it is the next; null where it can. */
  waitsFor: string | null;
  wantsReason: boolean;
}

/** Everything about the review of one document. */
export interface ReviewPage {
  path: string;
  review: Review;
  watermark: string;
  next: OpenMove[];
  moves: LoggedMove[];
  versions: { version: string; state: DocumentState; last: LoggedMove | null; isCurrent: boolean }[];
  threads: Thread[];
  openThreads: number;
  /** Whether whoever looks may say something. */
  mayComment: boolean;
}

/** Reads it for a person: where the document stands, who may do what next, what was said and decided. */
export async function readReviewPage(ground: ReviewGround, path: string, person: string): Promise<ReviewPage> {
  const document = await readReviewed(ground, path);
  const whoMay = await createWhoMay(ground.store, ground.launch);
  const { review, moves, threads } = document;
  return {
    path,
    review,
    watermark: toWatermark(review),
    next: listNext(ground, { document, whoMay, person }),
    moves: moves.toReversed(),
    versions: listVersions(moves).map(({ version, state, last }) => {
      return { version, state, last, isCurrent: version === review.version };
    }),
    threads,
    openThreads: countOpen(threads),
    mayComment: whoMay('document.submit').includes(person) || whoMay('document.review').includes(person),
  };
}

interface NextAsk {
  document: ReviewedDocument;
  whoMay: WhoMay;
  person: string;
}

function listNext({ launch }: ReviewGround, { document: { review, threads }, whoMay, person }: NextAsk): OpenMove[] {
  const openThreads = countOpen(threads);
  return documentMoves.flatMap((move): OpenMove[] => {
    const { permission, reason } = moveRules[move];
    if (placeFault(review, { move, openThreads: 0 }) !== null) return [];
    const who = whoMay(permission).filter((id) => handFault(review, { move, human: humanOf(launch, id) }) === null);
    const waitsFor = placeFault(review, { move, openThreads });
    return [{ move, who, mine: who.includes(person), waitsFor, wantsReason: reason }];
  });
}

/** Who locked a document and who may unlock it; null for one that is not locked. */
export async function readLock(
  ground: Pick<ReviewGround, 'store' | 'launch'>,
  path: string,
): Promise<{ by: string; atMs: number; unlockers: string[] } | null> {
  const moves = (await readMoves(ground.store, { launch: ground.launch.id, path })).get(path) ?? [];
  const { lock } = toReview(moves, '');
  if (lock === null) return null;
  const unlockers = (await createWhoMay(ground.store, ground.launch))('document.lock');
  return { by: lock.by, atMs: lock.atMs, unlockers };
}

/** Returns the bytes of a version that was moved, or of the one that stands there now. Throws `document_unknown` for any other. */
export async function readVersion(
  ground: ReviewGround,
  path: string,
  version: string,
): Promise<{ text: string; review: Review }> {
  const { text, moves, review } = await readReviewed(ground, path);
  if (version === review.version) return { text, review };
  const isMoved = moves.some((move) => move.version === version);
  const bytes = isMoved ? await readBlob(ground.store, version) : null;
  if (bytes !== null) return { text: Buffer.from(bytes).toString('utf8'), review: toReview(moves, version) };
  throw new ProductError(
    'document_unknown',
    `version ${version} of ${path}: expected one that was submitted, got none`,
    {
      hint: 'pick one from the history of the review; older texts are in Git',
    },
  );
}

/** Returns the document as it stands, with its watermark. */
export async function readMarkedCopy(ground: ReviewGround, path: string): Promise<string> {
  const { text, review } = await readReviewed(ground, path);
  return toMarkedCopy(text, review);
}
