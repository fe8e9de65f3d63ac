import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { AcceptancePass } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';

/** The passes of everybody, the newest first. */
export function PassTable({ launch, passes }: { launch: string; passes: readonly AcceptancePass[] }) {
  const t = useTranslations('acceptance');
  const columns: Column<AcceptancePass>[] = [
    { id: 'person', name: t('person'), sortBy: ({ person }) => person, cell: ({ person }) => person },
    { id: 'state', name: t('state'), width: '150px', cell: (pass) => <PassState pass={pass} /> },
    { id: 'environment', name: t('environment'), priority: 2, cell: ({ environment }) => environment },
    {
      id: 'began',
      name: t('began'),
      priority: 2,
      width: '190px',
      sortBy: ({ startedAt }) => startedAt,
      cell: ({ startedAt }) => <Time at={startedAt} short />,
    },
    {
      id: 'record',
      name: t('record'),
      width: '110px',
      cell: ({ entry }) =>
        entry === null ? null : (
          <Link to="/launches/$launch/evidence/$id" params={{ launch, id: entry }}>
            {entry.slice(0, 12)}
          </Link>
        ),
    },
  ];
  return (
    <Table
      label={t('others')}
      rows={passes}
      rowKey={({ id }) => id}
      columns={columns}
      empty={<EmptyState title={t('noOthers')} />}
    />
  );
}

function PassState({ pass: { acts, endedAt, entry } }: { pass: AcceptancePass }) {
  const t = useTranslations('acceptance.stateOf');
  if (entry !== null) return <Status of="pass">{t('signed')}</Status>;
  if (endedAt !== null) return <Status of="cancelled">{t('givenUp')}</Status>;
  return (
    <Status of="open">{t('open', { done: acts.filter(({ done }) => done !== null).length, all: acts.length })}</Status>
  );
}
