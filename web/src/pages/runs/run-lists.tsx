import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { listLaunchRuns } from '../../api/client.generated.ts';
import type { RunLine } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { runLooks } from '../runbook/run-look.ts';
import styles from './runs.module.css';

/** Runs that are looked at in one go. */
const pageSize = 50;

/** What is under way first, then what has ended, the newest first; both follow what happens. */
export function RunLists({ launch }: { launch: string }) {
  const t = useTranslations('runs');
  const openKey = ['launches', launch, 'runs', 'open'];
  useLive({ launch, types: ['execution'] }, openKey);
  const open = useQuery({
    queryKey: openKey,
    queryFn: ({ signal }) => listLaunchRuns({ launch, open: 'true', limit: 200 }, { signal }),
  });
  return (
    <>
      <Panel title={t('open')} aside={open.data?.items.length} flush>
        <Answer query={open}>
          {({ items }) => (
            <Runs
              label={t('open')}
              runs={items}
              empty={<EmptyState title={t('noneOpen')}>{t('noneOpenHint')}</EmptyState>}
            />
          )}
        </Answer>
      </Panel>
      <Ended launch={launch} />
    </>
  );
}

function Ended({ launch }: { launch: string }) {
  const t = useTranslations('runs');
  const queryKey = ['launches', launch, 'runs', 'all'];
  useLive({ launch, types: ['execution'] }, queryKey);
  const query = useInfiniteQuery({
    queryKey,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      listLaunchRuns({ launch, limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
    getNextPageParam: ({ next }) => next,
  });
  const ended = query.data?.pages.flatMap(({ items }) => items).filter(({ endedAtMs }) => endedAtMs !== null) ?? [];
  return (
    <Panel title={t('ended')} flush>
      {query.data === undefined ? (
        query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <Runs label={t('ended')} runs={ended} empty={<EmptyState title={t('noneEnded')} />} />
      )}
      {query.hasNextPage ? (
        <div className={styles.more}>
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function Runs({ label, runs, empty }: { label: string; runs: readonly RunLine[]; empty: React.ReactNode }) {
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <Table
      label={label}
      rows={runs}
      rowKey={({ id }) => id}
      columns={columns}
      onOpen={({ launch, id }) => void navigate({ to: '/launches/$launch/runs/$run', params: { launch, run: id } })}
      empty={empty}
    />
  );
}

function useColumns(): Column<RunLine>[] {
  const t = useTranslations('runs');
  return [
    {
      id: 'state',
      name: t('state'),
      width: '176px',
      sortBy: ({ state }) => state,
      cell: ({ state }) => <Status of={runLooks[state]}>{t(`runState.${state}`)}</Status>,
    },
    {
      id: 'run',
      name: t('run'),
      width: '1.6fr',
      cell: ({ launch, id, procedure }) => (
        <Link to="/launches/$launch/runs/$run" params={{ launch, run: id }}>
          {procedure} {id}
        </Link>
      ),
    },
    {
      id: 'mode',
      name: t('mode'),
      width: '116px',
      priority: 2,
      sortBy: ({ mode }) => mode,
      cell: ({ mode }) => (
        <Badge {...(mode === 'live' ? {} : { tone: 'waiting' as const })}>{t(`modeOf.${mode}`)}</Badge>
      ),
    },
    {
      id: 'environment',
      name: t('environment'),
      width: '128px',
      priority: 2,
      sortBy: ({ environment }) => environment,
      cell: ({ environment }) => environment,
    },
    { id: 'by', name: t('orderedBy'), width: '1fr', priority: 3, cell: ({ requestedBy }) => requestedBy },
    {
      id: 'began',
      name: t('began'),
      width: '190px',
      priority: 2,
      sortBy: ({ createdAtMs }) => createdAtMs,
      cell: ({ createdAtMs }) => <Time at={createdAtMs} short />,
    },
    {
      id: 'ended',
      name: t('endedAt'),
      width: '190px',
      priority: 3,
      sortBy: ({ endedAtMs }) => endedAtMs,
      cell: ({ endedAtMs }) => (endedAtMs === null ? '' : <Time at={endedAtMs} short />),
    },
  ];
}
