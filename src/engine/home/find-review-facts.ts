import { humanOf } from '../../core/approval/authority.ts';
import type { ReviewFact } from '../../core/home/home-fact.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { handFault } from '../../core/review/move-fault.ts';
import { moveRules } from '../../core/review/review-moves.ts';
import type { DocumentMove, DocumentState } from '../../core/review/review-moves.ts';
import { toReview } from '../../core/review/review.ts';
import type { LoggedMove, Review } from '../../core/review/review.ts';
import { readMoves } from '../../store/document-review.ts';
import type { Store } from '../../store/open-store.ts';
import { readFolder, versionOf } from '../documents/read-documents.ts';
import { createWhoMay } from '../documents/review-ground.ts';
import type { WhoMay } from '../documents/review-ground.ts';

/** The move that each state waits for; a state that is not here waits for nobody. */
const awaited: { readonly [state in DocumentState]?: DocumentMove } = {
  submitted: 'begin-review',
  in_review: 'pass-review',
  review_approved: 'approve',
  changes_requested: 'submit',
};

/** Documents of a launch whose review waits for somebody, by the bytes that stand there now. */
export async function findReviewFacts(store: Store, launch: Launch, directory: string): Promise<ReviewFact[]> {
  const moves = await readMoves(store, { launch: launch.id });
  if (moves.size === 0) return [];
  const { documents } = await readFolder(directory);
  const whoMay = await createWhoMay(store, launch);
  return documents.flatMap(({ path, bytes }) =>
    toFacts({ launch, whoMay }, path, toReview(moves.get(path) ?? ([] satisfies LoggedMove[]), versionOf(bytes))),
  );
}

function toFacts({ launch, whoMay }: { launch: Launch; whoMay: WhoMay }, path: string, review: Review): ReviewFact[] {
  const { state, last, submission } = review;
  const move = awaited[state];
  if (move === undefined || last === null || submission === null) return [];
  // What was asked for is for whoever submitted it.
  const people =
    move === 'submit'
      ? [submission.person]
      : whoMay(moveRules[move].permission).filter(
          (id) => handFault(review, { move, human: humanOf(launch, id) }) === null,
        );
  const at = { file: path, line: 1, column: 1 };
  const of = { launch: launch.id, at, state, people, submittedBy: submission.person };
  return [{ kind: 'review', ...of, why: last.reason, sinceMs: last.atMs }];
}
