import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';

type Router = Shift['routers'][number];

/** What each router says of itself; one that cannot be read has no weight. */
export function RoutersPanel({ shift }: { shift: Shift }) {
  const t = useTranslations('rollouts.routersPanel');
  const columns: Column<Router>[] = [
    { id: 'router', name: t('router'), cell: ({ router }) => router },
    {
      id: 'weight',
      name: t('weight'),
      width: '150px',
      cell: ({ weight }) =>
        weight === null ? <Status of="unknown">{t('unread')}</Status> : `${Number(weight.toFixed(2))} %`,
    },
    { id: 'detail', name: t('detail'), priority: 2, width: '2fr', cell: ({ detail }) => detail },
  ];
  return (
    <Panel title={t('title')} flush>
      <Table label={t('title')} rows={shift.routers} rowKey={({ router }) => router} columns={columns} empty={null} />
    </Panel>
  );
}
