import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { listEvidence } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Button } from '../../kit/button.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Page as PageFrame } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { StaleBanner } from '../../kit/stale-banner.tsx';
import { Checkpoints } from './checkpoints.tsx';
import { EntryTable } from './entry-table.tsx';
import styles from './evidence.module.css';
import { Filters, noFilters } from './filters.tsx';
import type { EntryFilters } from './filters.tsx';

export { messages } from './messages.ts';

/** The log of a launch: what was seen, said and decided, what took the place of what, page by page. */
export function Page() {
  const t = useTranslations('evidence');
  const { launch } = useParams({ from: '/launches/$launch/evidence' });
  const [filters, setFilters] = useState<EntryFilters>(readFilters);
  const query = useEntries(launch, useDeferredValue(filters));
  const pages = query.data?.pages ?? [];
  const { matching = 0, size = 0 } = pages.at(-1) ?? {};
  return (
    <PageFrame title={t('title')}>
      <Filters value={filters} onChange={setFilters} />
      <Panel title={t('entries', { launch })} aside={query.data ? t('count', { matching, size }) : undefined} flush>
        {query.data === undefined ? (
          <Waiting query={query} />
        ) : (
          <>
            {query.isError ? <StaleBanner sinceMs={query.dataUpdatedAt} onRetry={() => void query.refetch()} /> : null}
            <EntryTable launch={launch} entries={pages.flatMap(({ items }) => items)} size={size} />
            {query.hasNextPage ? (
              <div className={styles.more}>
                <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
                  {t('more')}
                </Button>
              </div>
            ) : null}
          </>
        )}
      </Panel>
      <Checkpoints launch={launch} />
    </PageFrame>
  );
}

const pageSize = 200;

function useEntries(launch: string, { about, kind, word, newest }: EntryFilters) {
  const filter = {
    ...(about.trim() === '' ? {} : { about: about.trim() }),
    ...(kind === 'all' ? {} : { kind }),
    ...(word === 'all' ? {} : { word }),
    newest: newest ? ('true' as const) : ('false' as const),
  };
  const queryKey = ['launches', launch, 'evidence', filter];
  useLive({ launch }, queryKey);
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      listEvidence(
        { launch, ...filter, limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  });
}

function Waiting({ query }: { query: ReturnType<typeof useEntries> }) {
  return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={8} />;
}

/** Other pages lead here with `?about=` and the id of a criterion. */
function readFilters(): EntryFilters {
  return { ...noFilters, about: new URLSearchParams(location.search).get('about') ?? '' };
}
