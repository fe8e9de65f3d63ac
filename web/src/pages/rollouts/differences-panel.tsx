import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import styles from './rollouts.module.css';

type Route = NonNullable<Shift['differences']>[number];

/** What a shadow found, route by route: how many answers differ and in which fields, and no value of any of them. */
export function DifferencesPanel({ differences }: { differences: readonly Route[] }) {
  const t = useTranslations('rollouts.differences');
  const columns: Column<Route>[] = [
    {
      id: 'route',
      name: t('route'),
      width: '1.6fr',
      cell: ({ route }) => <code className={styles.says}>{route}</code>,
    },
    {
      id: 'differed',
      name: t('differed'),
      width: '90px',
      align: 'end',
      cell: ({ differed }) => count.format(differed),
    },
    {
      id: 'compared',
      name: t('compared'),
      width: '110px',
      align: 'end',
      cell: ({ compared }) => count.format(compared),
    },
    { id: 'fields', name: t('fields'), width: '2.4fr', cell: ({ fields }) => <Fields fields={fields} /> },
    { id: 'lost', name: t('lost'), width: '1.6fr', priority: 2, cell: (route) => <Lost route={route} /> },
  ];
  return (
    <Panel title={t('title')} flush>
      <p className={styles.lead}>{t('lead')}</p>
      <Table
        label={t('title')}
        rows={[...differences]}
        rowKey={({ route }) => route}
        columns={columns}
        empty={<EmptyState title={t('none')} />}
      />
    </Panel>
  );
}

function Fields({ fields }: Pick<Route, 'fields'>) {
  const t = useTranslations('rollouts.differences');
  const real = fields.filter(({ counts }) => counts);
  if (real.length === 0) return <span className={styles.muted}>{t('equal')}</span>;
  return (
    <ul className={styles.fields}>
      {real.map((one) => (
        <li key={one.field}>{t(one.noise > 0 ? 'noisy' : 'field', one)}</li>
      ))}
    </ul>
  );
}

function Lost({ route }: { route: Route }) {
  const t = useTranslations('rollouts.differences');
  const isWhole = route.failed + route.dropped + route.uncompared === 0;
  return <span className={styles.muted}>{isWhole ? t('nothingLost') : t('lostOf', route)}</span>;
}

const count = new Intl.NumberFormat('en');
