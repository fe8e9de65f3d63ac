import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Launch, Outlook } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { useNow } from '../../kit/clock.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { formatDuration } from '../../kit/format-duration.ts';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';

type Fresh = Outlook['freshness'][number];

/** What holds now, the evidence that gets stale first at the top. */
export function Freshness({ launch, outlook }: { launch: Launch; outlook: UseQueryResult<Outlook> }) {
  const t = useTranslations('launch.freshness');
  const count = outlook.data?.freshness.length;
  return (
    <Panel title={t('title')} aside={count} flush>
      <Answer query={outlook}>{({ freshness }) => <Rows launch={launch.id} rows={freshness} />}</Answer>
    </Panel>
  );
}

function Rows({ launch, rows }: { launch: string; rows: readonly Fresh[] }) {
  const t = useTranslations('launch.freshness');
  const columns: Column<Fresh>[] = [
    {
      id: 'criterion',
      name: t('criterion'),
      width: '2fr',
      cell: ({ gate, criterion, title }) => (
        <Link to="/launches/$launch/gates/$gate" params={{ launch, gate }} search={{ criterion }}>
          {title}
        </Link>
      ),
    },
    {
      id: 'stale',
      name: t('stales'),
      width: '112px',
      align: 'end',
      cell: ({ staleAtMs }) => <Left untilMs={staleAtMs} />,
    },
    {
      id: 'who',
      name: t('who'),
      width: '112px',
      priority: 2,
      cell: ({ isWord, owner }) => (isWord ? owner : t('check')),
    },
  ];
  const empty = <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>;
  return (
    <Table
      label={t('title')}
      rows={rows}
      rowKey={({ gate, criterion, isWord }) => `${gate} ${criterion} ${String(isWord)}`}
      columns={columns}
      empty={empty}
    />
  );
}

const soonMs = 600_000;

function Left({ untilMs }: { untilMs: number }) {
  const t = useTranslations('launch.freshness');
  const leftMs = untilMs - useNow();
  if (leftMs <= 0) return <Status of="stale">{t('stale')}</Status>;
  if (leftMs <= soonMs) return <Status of="warning">{formatDuration(leftMs)}</Status>;
  return <>{formatDuration(leftMs)}</>;
}
