import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { planFix, readFix } from '../../api/client.generated.ts';
import type { FixLine } from '../../api/client.generated.ts';
import { launchKey } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './data.module.css';
import { FixDeeds } from './fix-deeds.tsx';
import { FixRows } from './fix-rows.tsx';
import { fixLooks } from './looks.ts';
import { useFixes } from './use-data.ts';
import type { DatasetPlace } from './use-data.ts';
import { useDeed } from './use-deed.ts';

/** Fixes of a dataset: the newest row by row with what can be done with it, and earlier ones. */
export function FixPanel(here: DatasetPlace) {
  const t = useTranslations('data.fix');
  const { at, place, dataset, rights } = here;
  const { isPending, attempt } = useDeed(place);
  const query = useFixes(here);
  const [opened, setOpened] = useState<string | null>(null);
  const isBusy = dataset.work?.endedAtMs === null;
  const plan =
    rights.includes('check.run') && dataset.fixes.length > 0 ? (
      <Button isPending={isPending} isDisabled={isBusy} onPress={() => attempt(() => planFix({ ...at, body: {} }))}>
        {t('plan')}
      </Button>
    ) : undefined;
  return (
    <Panel title={t('title')} actions={plan} flush>
      <Answer query={query}>
        {({ items }) => {
          const open = items.find(({ id }) => id === opened) ?? items[0];
          if (open === undefined)
            return (
              <EmptyState title={t(dataset.fixes.length === 0 ? 'undeclared' : 'none')}>{t('noneHint')}</EmptyState>
            );
          return (
            <>
              <OneFix key={open.id} here={here} fix={open} />
              {items.length < 2 ? null : <Earlier items={items} opened={open.id} onOpen={setOpened} />}
            </>
          );
        }}
      </Answer>
    </Panel>
  );
}

function OneFix({ here, fix }: { here: DatasetPlace; fix: FixLine }) {
  const t = useTranslations('data.fix');
  const { dataset, rights } = here;
  const { state, changes, review, counts, faults, notes, outcome, requester, createdAt, policy } = fix;
  return (
    <>
      <div className={styles.part}>
        <span className={styles.inLine}>
          <Status of={fixLooks[state]}>{t(`state.${state}`)}</Status>
          <span>{t('changes', { count: changes })}</span>
          <span>{t('leftCount', { count: review })}</span>
          <span className={styles.muted}>
            {requester} <Time at={createdAt} short />
          </span>
          <Badge>{t('policy', { policy })}</Badge>
        </span>
        <span className={styles.inLine}>
          {counts.map(({ fix: id, operation, rows }) => (
            <Badge key={`${id} ${operation}`}>
              {id}: {t(`does.${operation}`)} {rows}
            </Badge>
          ))}
        </span>
        {outcome === null ? null : <p className={styles.muted}>{outcome}</p>}
        {faults.length + notes.length === 0 ? null : (
          <ul className={styles.list}>
            {[...faults, ...notes].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {dataset.work?.endedAtMs === null ? null : <FixDeeds here={here} fix={fix} />}
      </div>
      {rights.includes('data.view') ? <Rows here={here} fix={fix} /> : null}
    </>
  );
}

function Rows({ here: { at, place, dataset }, fix: { id, state } }: { here: DatasetPlace; fix: FixLine }) {
  const query = useQuery({
    queryKey: launchKey(place, 'datasets', dataset.id, 'fixes', id, state),
    queryFn: ({ signal }) => readFix({ ...at, fix: id }, { signal }),
  });
  return <Answer query={query}>{(fix) => <FixRows fix={fix} />}</Answer>;
}

function Earlier({
  items,
  opened,
  onOpen,
}: {
  items: readonly FixLine[];
  opened: string;
  onOpen: (id: string) => void;
}) {
  const t = useTranslations('data.fix');
  const columns: Column<FixLine>[] = [
    { id: 'state', name: t('title'), cell: ({ state }) => <Status of={fixLooks[state]}>{t(`state.${state}`)}</Status> },
    { id: 'changes', name: t('rows'), width: '90px', align: 'end', cell: ({ changes }) => changes },
    {
      id: 'when',
      name: t('earlier'),
      width: '190px',
      priority: 2,
      cell: ({ createdAt }) => <Time at={createdAt} short />,
    },
  ];
  return (
    <Table
      label={t('earlier')}
      rows={items}
      rowKey={({ id }) => id}
      columns={columns}
      selected={opened}
      onOpen={({ id }) => onOpen(id)}
    />
  );
}
