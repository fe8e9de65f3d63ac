import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { LogEntryLine } from '../../api/client.generated.ts';
import { Badge, Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { EntryStatus } from './entry-status.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';

/** Entries of the log; Enter or a press opens one. */
export function EntryTable({
  launch,
  entries,
  size,
}: {
  launch: string;
  entries: readonly LogEntryLine[];
  size: number;
}) {
  const t = useTranslations('evidence');
  const navigate = useNavigate();
  const columns: Column<LogEntryLine>[] = [
    { id: 'about', name: t('about'), width: '1.4fr', cell: (entry) => <About launch={launch} entry={entry} /> },
    { id: 'outcome', name: t('outcome'), width: '150px', cell: ({ word }) => <EntryStatus word={word} /> },
    { id: 'state', name: t('state'), width: '110px', priority: 2, cell: (entry) => <State entry={entry} /> },
    {
      id: 'kind',
      name: t('kind'),
      width: '150px',
      priority: 3,
      cell: ({ kind, check }) => check ?? t(`kinds.${kind}`),
    },
    { id: 'by', name: t('by'), width: '160px', priority: 3, cell: ({ by }) => by ?? '' },
    { id: 'when', name: t('when'), width: '190px', priority: 2, cell: ({ at }) => <Time at={at} short /> },
    { id: 'place', name: t('place'), width: '72px', align: 'end', priority: 3, cell: ({ index }) => index },
  ];
  const empty =
    size === 0 ? (
      <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
    ) : (
      <EmptyState title={t('noMatch')}>{t('noMatchHint')}</EmptyState>
    );
  return (
    <Table
      label={t('title')}
      rows={entries}
      rowKey={({ id }) => id}
      columns={columns}
      empty={empty}
      onOpen={({ id }) => void navigate({ to: '/launches/$launch/evidence/$id', params: { launch, id } })}
    />
  );
}

function About({ launch, entry: { id, about } }: { launch: string; entry: LogEntryLine }) {
  return (
    <Link to="/launches/$launch/evidence/$id" params={{ launch, id }}>
      {about}
    </Link>
  );
}

function State({ entry: { supersededBy, mode } }: { entry: LogEntryLine }) {
  const t = useTranslations('evidence');
  if (supersededBy !== null) return <Status of="superseded">{t('superseded')}</Status>;
  return mode === 'simulated' ? <Badge tone="unknown">{t('simulated')}</Badge> : null;
}
