import { useTranslations } from 'use-intl/react';

import type { Dataset } from '../../api/client.generated.ts';
import { Duration } from '../../kit/duration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './data.module.css';
import type { DatasetPlace } from './use-data.ts';

type Drill = Dataset['drills'][number];

/** Every restore drill of a dataset, judged again from its signed report, with the time that it took. */
export function DrillsPanel({ dataset: { drills, unreadableDrills } }: DatasetPlace) {
  const t = useTranslations('data.drills');
  const columns: Column<Drill>[] = [
    {
      id: 'result',
      name: t('result'),
      width: '140px',
      cell: ({ passed }) => <Status of={passed ? 'pass' : 'fail'}>{t(passed ? 'passed' : 'failed')}</Status>,
    },
    {
      id: 'when',
      name: t('when'),
      sortBy: ({ beganAt }) => beganAt,
      cell: ({ beganAt }) => <Time at={beganAt} short />,
    },
    {
      id: 'rto',
      name: t('rto'),
      width: '130px',
      sortBy: ({ rtoMs }) => rtoMs,
      cell: ({ rtoMs }) => (rtoMs === null ? t('unmeasured') : <Duration ms={rtoMs} />),
    },
    { id: 'rows', name: t('rows'), width: '90px', priority: 2, align: 'end', cell: ({ rows }) => rows },
    {
      id: 'hashes',
      name: t('hashes'),
      width: '120px',
      priority: 2,
      cell: ({ hashes }) => t('equal', { equal: String(hashes.equal), of: String(hashes.of) }),
    },
    { id: 'archive', name: t('archive'), priority: 3, cell: ({ archive, findings }) => findings[0] ?? archive },
  ];
  const empty = <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>;
  return (
    <Panel title={t('title')} flush>
      <Table label={t('title')} rows={drills} rowKey={({ id }) => id} columns={columns} empty={empty} />
      {unreadableDrills === 0 ? null : <p className={styles.part}>{t('unreadable', { count: unreadableDrills })}</p>}
    </Panel>
  );
}
