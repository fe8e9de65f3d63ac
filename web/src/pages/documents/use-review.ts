import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';

import {
  approveDocument,
  beginReviewDocument,
  lockDocument,
  passReviewDocument,
  readReview,
  rejectDocument,
  requestChangesDocument,
  submitDocument,
  unlockDocument,
  withdrawDocument,
} from '../../api/client.generated.ts';
import type { DocumentMove, DocumentReview } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';

const moves = {
  submit: submitDocument,
  withdraw: withdrawDocument,
  'begin-review': beginReviewDocument,
  'request-changes': requestChangesDocument,
  'pass-review': passReviewDocument,
  approve: approveDocument,
  reject: rejectDocument,
  lock: lockDocument,
  unlock: unlockDocument,
} as const satisfies Record<DocumentMove, typeof submitDocument>;

/** The review of a document, live, and what can be done about it. */
export interface ReviewDesk {
  launch: string;
  path: string;
  query: UseQueryResult<DocumentReview>;
  /** Moves what was read: another version, or a move in between, is refused. */
  move: (review: DocumentReview, move: DocumentMove, reason: string | null) => Promise<void>;
  /** Everything about the launch is read anew. */
  renew: () => Promise<void>;
}

/** Reads it. */
export function useReview(launch: string, path: string): ReviewDesk {
  const queryClient = useQueryClient();
  const queryKey = ['launches', launch, 'review', path];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => readReview({ launch, path }, { signal }) });
  useLive({ launch }, queryKey);
  const renew = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['launches', launch] });
  return {
    launch,
    path,
    query,
    renew,
    move: async ({ version, number }, move, reason) => {
      const body = { path, expectedVersion: version, expectedNumber: number, reason };
      const moved = await moves[move]({ launch, body });
      queryClient.setQueryData(queryKey, moved);
      void renew();
    },
  };
}
