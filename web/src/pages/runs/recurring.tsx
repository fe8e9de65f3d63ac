import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { listRecurring } from '../../api/client.generated.ts';
import type { Recurring as RecurringProcedure } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';

/** Time alone makes something due or overdue, and tells nobody. */
const againMs = 30_000;

/** What recurs: its last proof, what is due, what was missed. Nothing where nothing recurs. */
export function Recurring({ launch }: { launch: string }) {
  const t = useTranslations('runs.recurring');
  const queryKey = ['launches', launch, 'recurring'];
  useLive({ launch, types: ['execution', 'documents'] }, queryKey);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => listRecurring({ launch }, { signal }),
    refetchInterval: againMs,
  });
  if (query.data?.items.length === 0) return null;
  return (
    <Panel title={t('title')} flush>
      <Answer query={query}>{({ items }) => <Lines launch={launch} items={items} />}</Answer>
    </Panel>
  );
}

const looks = {
  before: 'waiting',
  unwatched: 'fail',
  overdue: 'fail',
  due: 'running',
  kept: 'pass',
} as const satisfies Record<RecurringProcedure['state'], StatusName>;

function Lines({ launch, items }: { launch: string; items: readonly RecurringProcedure[] }) {
  const t = useTranslations('runs.recurring');
  const columns: Column<RecurringProcedure>[] = [
    {
      id: 'state',
      name: t('state'),
      width: '196px',
      sortBy: ({ state }) => state,
      cell: ({ state }) => <Status of={looks[state]}>{t(`stateOf.${state}`)}</Status>,
    },
    {
      id: 'procedure',
      name: t('procedure'),
      width: '1.4fr',
      cell: ({ title, due }) => <Named {...{ launch, title, due }} />,
    },
    {
      id: 'proof',
      name: t('lastProof'),
      width: '190px',
      sortBy: ({ lastProof }) => lastProof?.endedMs ?? 0,
      cell: ({ lastProof }) =>
        lastProof === null ? (
          t('never')
        ) : (
          <Link to="/launches/$launch/runs/$run" params={{ launch, run: lastProof.run }}>
            <Time at={lastProof.endedMs} short />
          </Link>
        ),
    },
    {
      id: 'overdue',
      name: t('overdueSince'),
      width: '190px',
      priority: 2,
      cell: ({ overdue }) => (overdue === null ? '' : <Time at={overdue.sinceMs} short />),
    },
    {
      id: 'missed',
      name: t('missed'),
      width: '96px',
      priority: 2,
      align: 'end',
      cell: ({ slots }) =>
        t('missedOf', { missed: slots.filter(({ outcome }) => outcome === 'missed').length, all: slots.length }),
    },
    {
      id: 'next',
      name: t('next'),
      width: '190px',
      priority: 2,
      cell: ({ nextDueMs }) => (nextDueMs === null ? t('notYet') : <Time at={nextDueMs} short />),
    },
  ];
  return <Table label={t('title')} rows={items} rowKey={({ procedure }) => procedure} columns={columns} />;
}

/** The procedure; while one is under way, the way to its run. */
function Named({ launch, title, due }: { launch: string; title: string; due: RecurringProcedure['due'] }) {
  if (due === null) return title;
  return (
    <Link to="/launches/$launch/runs/$run" params={{ launch, run: due.run }}>
      {title}
    </Link>
  );
}
