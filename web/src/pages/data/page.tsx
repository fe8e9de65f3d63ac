import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Dataset } from '../../api/client.generated.ts';
import { inEnvironment } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Duration } from '../../kit/duration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page as PageFrame } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { AccountBar } from './account-bar.tsx';
import styles from './data.module.css';
import { batchLooks, verdictLooks } from './looks.ts';
import { useDatasets } from './use-data.ts';

export { messages } from './messages.ts';

/** Every dataset of a launch in a line: where it goes, what was imported, whether both sides agree, whether it was restored, what is missing before GO. */
export function Page() {
  const t = useTranslations('data');
  const { launch } = useParams({ from: '/launches/$launch/data' });
  const { environment } = useSearch({ from: '/launches/$launch/data' });
  const place: LaunchPlace = { launch, environment };
  const query = useDatasets(place);
  return (
    <PageFrame title={t('title')}>
      <Panel title={t('datasets', { environment: query.data?.environment ?? '' })} flush>
        <Answer query={query}>{({ items }) => <Datasets place={place} items={items} />}</Answer>
      </Panel>
    </PageFrame>
  );
}

function Datasets({ place, items }: { place: LaunchPlace; items: readonly Dataset[] }) {
  const t = useTranslations('data');
  const columns: Column<Dataset>[] = [
    {
      id: 'dataset',
      name: t('dataset'),
      sortBy: ({ title }) => title,
      cell: (one) => <Name place={place} one={one} />,
    },
    { id: 'way', name: t('way'), priority: 3, width: '1.4fr', cell: (one) => <Way one={one} /> },
    { id: 'import', name: t('lastImport'), priority: 2, width: '1.2fr', cell: (one) => <Import one={one} /> },
    { id: 'comparison', name: t('comparison'), width: '130px', cell: (one) => <Comparison one={one} /> },
    { id: 'drill', name: t('drill'), priority: 3, width: '150px', cell: (one) => <Drill one={one} /> },
    { id: 'go', name: t('beforeGo'), priority: 2, width: '170px', cell: (one) => <BeforeGo one={one} /> },
  ];
  const empty = <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>;
  return <Table label={t('title')} rows={items} rowKey={({ id }) => id} columns={columns} empty={empty} />;
}

function Name({ place: { launch, environment }, one }: { place: LaunchPlace; one: Dataset }) {
  return (
    <Link
      to="/launches/$launch/data/$dataset"
      params={{ launch, dataset: one.id }}
      search={inEnvironment({ environment })}
    >
      {one.title}
    </Link>
  );
}

/** Source and target of a dataset in one line. */
export function Way({ one: { source, target } }: { one: Pick<Dataset, 'source' | 'target'> }) {
  const t = useTranslations('data');
  const to = target === null ? t('archivedOnly') : `${target.on} ${target.table}`;
  return (
    <span>
      {source.on} {source.table} <span aria-hidden="true">→</span> {to}
    </span>
  );
}

function Import({ one: { batches } }: { one: Dataset }) {
  const t = useTranslations('data');
  const [batch] = batches;
  if (batch === undefined) return <span className={styles.muted}>{t('never')}</span>;
  return (
    <span className={styles.inLine}>
      <Status of={batchLooks[batch.state]}>{t(`batch.state.${batch.state}`)}</Status>
      <AccountBar batch={batch} />
    </span>
  );
}

function Comparison({ one: { reconcile } }: { one: Dataset }) {
  const t = useTranslations('data');
  if (reconcile === null) return <span className={styles.muted}>{t('never')}</span>;
  return <Status of={verdictLooks[reconcile.verdict]}>{t(`verdict.${reconcile.verdict}`)}</Status>;
}

function Drill({ one: { drills } }: { one: Dataset }) {
  const t = useTranslations('data');
  const [drill] = drills;
  if (drill === undefined) return <span className={styles.muted}>{t('never')}</span>;
  return (
    <span className={styles.inLine}>
      <Status of={drill.passed ? 'pass' : 'fail'}>{t(drill.passed ? 'drills.passed' : 'drills.failed')}</Status>
      {drill.rtoMs === null ? null : <Duration ms={drill.rtoMs} />}
    </span>
  );
}

function BeforeGo({ one: { criteria } }: { one: Dataset }) {
  const t = useTranslations('data');
  const open = criteria.filter(({ isMet }) => !isMet).length;
  if (criteria.length === 0) return <Status of="warning">{t('nobodyAsks')}</Status>;
  return <Status of={open === 0 ? 'pass' : 'open'}>{open === 0 ? t('allMet') : t('open', { count: open })}</Status>;
}
