import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { listAudit } from '../../api/client.generated.ts';
import type { AuditLine } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Page as PageFrame } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { SplitView } from '../../kit/split-view.tsx';
import { StaleBanner } from '../../kit/stale-banner.tsx';
import { AuditDetail } from './audit-detail.tsx';
import { AuditTable } from './audit-table.tsx';
import styles from './audit.module.css';
import { Filters, noFilters } from './filters.tsx';
import type { AuditFilters } from './filters.tsx';

export { messages } from './messages.ts';

/** Who did what, when, and on what evidence: allowed and refused, of every launch that the reader may audit. */
export function Page() {
  const t = useTranslations('audit');
  const [filters, setFilters] = useState<AuditFilters>(noFilters);
  const [chosen, setChosen] = useState<AuditLine | null>(null);
  const query = useAudit(useDeferredValue(filters));
  const lines = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const list = (
    <Panel title={t('entries')} flush>
      {query.data === undefined ? (
        <Waiting query={query} />
      ) : (
        <>
          {query.isError ? <StaleBanner sinceMs={query.dataUpdatedAt} onRetry={() => void query.refetch()} /> : null}
          <AuditTable lines={lines} chosen={chosen} onChoose={setChosen} empty={<Empty filters={filters} />} />
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
  );
  const detail = chosen === null ? null : <AuditDetail line={chosen} onClose={() => setChosen(null)} />;
  return (
    <PageFrame title={t('title')} lead={t('lead')}>
      <Filters value={filters} onChange={setFilters} />
      <SplitView list={list} detail={detail} isDetailOpen={chosen !== null} />
    </PageFrame>
  );
}

const pageSize = 200;

function useAudit({ kind, outcome, launch, person }: AuditFilters) {
  const filter = {
    ...(kind === 'all' ? {} : { kind }),
    ...(outcome === 'all' ? {} : { outcome }),
    ...(launch === 'all' ? {} : { launch }),
    ...(person.trim() === '' ? {} : { person: person.trim() }),
  };
  const queryKey = ['audit', filter];
  useLive({}, queryKey);
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      listAudit({ ...filter, limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  });
}

function Waiting({ query }: { query: ReturnType<typeof useAudit> }) {
  return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={8} />;
}

function Empty({ filters }: { filters: AuditFilters }) {
  const t = useTranslations('audit');
  const isNarrowed = JSON.stringify(filters) !== JSON.stringify(noFilters);
  if (!isNarrowed) return <EmptyState title={t('none')} />;
  return <EmptyState title={t('noMatch')}>{t('noMatchHint')}</EmptyState>;
}
