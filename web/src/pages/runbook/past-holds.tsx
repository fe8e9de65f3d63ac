import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listRunHolds } from '../../api/client.generated.ts';
import type { PastHold, Run } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { runKey } from './use-run.ts';

/** Every hold that a run was under, also those that were lifted: who put it and why, and who lifted it and why. */
export function PastHolds({ run }: { run: Run }) {
  const t = useTranslations('runbook.pastHolds');
  const queryKey = [...runKey(run.id), 'holds'];
  useLive({ run: run.id }, queryKey);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listRunHolds({ run: run.id }, { signal }) });
  const columns = useColumns();
  return (
    <Answer query={query}>
      {({ items }) => (
        <Table
          label={t('title')}
          rows={items}
          rowKey={({ id, sinceMs }) => `${id} ${sinceMs}`}
          columns={columns}
          empty={<EmptyState title={t('none')} />}
        />
      )}
    </Answer>
  );
}

function useColumns(): Column<PastHold>[] {
  const t = useTranslations('runbook.pastHolds');
  const scopeOf = useTranslations('runbook.banner.scope');
  return [
    {
      id: 'what',
      name: t('what'),
      width: '1fr',
      cell: ({ scope, subject }) => (subject === null ? scopeOf(scope) : `${scopeOf(scope)} ${subject}`),
    },
    {
      id: 'since',
      name: t('since'),
      width: '184px',
      sortBy: ({ sinceMs }) => sinceMs,
      cell: ({ sinceMs }) => <Time at={sinceMs} short />,
    },
    {
      id: 'why',
      name: t('why'),
      priority: 2,
      width: '2fr',
      cell: ({ by, watch, cause, reason }) => `${by ?? watch ?? cause}: ${reason}`,
    },
    {
      id: 'lifted',
      name: t('lifted'),
      width: '2fr',
      cell: ({ lifted }) =>
        lifted === null ? (
          <Status of="held">{t('isOn')}</Status>
        ) : (
          <span>
            <Time at={lifted.atMs} short /> {lifted.by ?? t('byItself')}: {lifted.reason}
          </span>
        ),
    },
  ];
}
