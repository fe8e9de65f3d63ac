import type { ReviewFact } from './home-fact.ts';
import type { HomeItem } from './home-item.ts';

/** A document whose review waits for somebody, as a line of Home. */
export function toReviewItem(fact: ReviewFact, mine: boolean): HomeItem {
  const { launch, at, state, submittedBy, why, people, sinceMs } = fact;
  const word = state.replaceAll('_', ' ');
  const deed = state === 'changes_requested' ? 'change' : state === 'review_approved' ? 'approve' : 'review';
  return {
    key: `review ${launch} ${at.file} ${state} ${sinceMs}`,
    lane: mine ? 'approval' : 'waiting',
    launch,
    title: at.file,
    why: `${word}, submitted by ${submittedBy}${why === null ? '' : `: ${why}`}`,
    next: mine ? deed : 'wait',
    place: { kind: 'document', launch, at },
    who: people,
    mine,
    sinceMs,
    untilMs: null,
    onLimit: null,
  };
}
