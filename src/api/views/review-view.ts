import { z } from 'zod';

import { documentMoves, documentStates } from '../../core/review/review-moves.ts';
import type { LoggedMove, Review } from '../../core/review/review.ts';
import type { Thread } from '../../core/review/thread.ts';
import type { ReviewPage } from '../../engine/documents/read-review.ts';

const state = z.enum(documentStates).meta({ id: 'DocumentState' });
const move = z.enum(documentMoves).meta({ id: 'DocumentMove' });
const version = z.string().describe('SHA-256 of the bytes');

/** A move that somebody made. */
const moveView = z
  .object({
    number: z.int(),
    version,
    move,
    person: z.string(),
    reason: z.string().nullable(),
    atMs: z.number(),
  })
  .meta({ id: 'LoggedMove' });

const commentView = z.object({
  id: z.int(),
  deed: z.enum(['comment', 'resolve', 'reopen']),
  person: z.string(),
  text: z.string(),
  atMs: z.number(),
});

const threadView = z
  .object({
    id: z.int(),
    version,
    line: z
      .int()
      .nullable()
      .describe('where it stands in the text of now; null for the whole document, or where its line is gone'),
    writtenLine: z.int().nullable(),
    quote: z.string().describe('what the line said when the thread was begun'),
    isOutdated: z.boolean().describe('true where the line that it was about is gone'),
    isResolved: z.boolean(),
    comments: z.array(commentView),
  })
  .meta({ id: 'DocumentThread' });

/** The review of a document, as it is answered. */
export const reviewView = z
  .object({
    path: z.string(),
    version: z.string().describe('SHA-256 of the file: what a move has to name as expectedVersion'),
    number: z.int().describe('newest move of the document: what a move has to name as expectedNumber'),
    state,
    watermark: z.string(),
    submittedBy: z.string().nullable(),
    lock: z
      .object({ by: z.string(), atMs: z.number(), version, isBroken: z.boolean() })
      .nullable()
      .describe('isBroken: the bytes have changed under it'),
    next: z.array(
      z
        .object({
          move,
          who: z.array(z.string()),
          mine: z.boolean(),
          waitsFor: z.string().nullable().describe('why it cannot be done yet; null where it can'),
          wantsReason: z.boolean(),
        })
        .meta({ id: 'OpenMove' }),
    ),
    moves: z.array(moveView).describe('the newest first, over all versions'),
    versions: z
      .array(z.object({ version, state, last: moveView.nullable(), isCurrent: z.boolean() }))
      .describe('those that were submitted, the newest first'),
    threads: z.array(threadView),
    openThreads: z.int(),
    mayComment: z.boolean(),
  })
  .meta({ id: 'DocumentReview' });

/** A review as the API answers it. */
export function toReviewView(page: ReviewPage): z.input<typeof reviewView> {
  const { review, moves, versions, threads, path, watermark, next, openThreads, mayComment } = page;
  const { version: current, number, state: standing, submission } = review;
  return {
    path,
    version: current,
    number,
    state: standing,
    watermark,
    submittedBy: submission?.person ?? null,
    lock: toLockView(review),
    next,
    moves: moves.map(toMoveView),
    versions: versions.map((one) => ({ ...one, last: one.last && toMoveView(one.last) })),
    threads: threads.map(toThreadView),
    openThreads,
    mayComment,
  };
}

function toLockView({ lock, isLockBroken }: Review) {
  return lock && { by: lock.by, atMs: lock.atMs, version: lock.version, isBroken: isLockBroken };
}

function toMoveView({ number, version: of, move: made, person, reason, atMs }: LoggedMove): z.input<typeof moveView> {
  return { number, version: of, move: made, person, reason, atMs };
}

function toThreadView({ comments, ...thread }: Thread): z.input<typeof threadView> {
  const said = comments.map(({ id, deed, person, text, atMs }) => ({ id, deed, person, text, atMs }));
  return { ...thread, comments: said };
}
