import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { ErrorState } from './error-state.tsx';
import { Loading } from './loading.tsx';
import { StaleBanner } from './stale-banner.tsx';

/**
 * What a query brought, drawn by `children`: while it loads as bars, where it failed with the reason.
 * An older answer stays readable after a failure, and says how old it is.
 */
export function Answer<Data>({
  query,
  rows = 3,
  children,
}: {
  query: UseQueryResult<Data>;
  /** Height of the place that is kept while it loads, in rows. */
  rows?: number;
  children: (data: Data) => ReactNode;
}) {
  if (query.data === undefined) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading rows={rows} />
    );
  }
  return (
    <>
      {query.isError ? <StaleBanner sinceMs={query.dataUpdatedAt} onRetry={() => void query.refetch()} /> : null}
      {children(query.data)}
    </>
  );
}
