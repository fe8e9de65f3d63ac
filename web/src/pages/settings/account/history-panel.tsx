import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listOwnEvents } from '../../../api/client.generated.ts';
import type { AccountEvent } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Panel } from '../../../kit/panel.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { Time } from '../../../kit/time.tsx';

/** What happened to one's account, so that whoever did not do it themselves sees it. */
export function HistoryPanel() {
  const t = useTranslations('settings.history');
  const query = useQuery({ queryKey: ['me', 'events'], queryFn: ({ signal }) => listOwnEvents({ signal }) });
  const columns: Column<AccountEvent>[] = [
    { id: 'what', name: t('what'), cell: ({ what, detail }) => <span title={detail}>{what}</span> },
    { id: 'ip', name: t('from'), width: '110px', priority: 2, cell: ({ ip }) => ip ?? '' },
    { id: 'at', name: t('when'), width: '176px', cell: ({ at }) => <Time at={at} short /> },
  ];
  return (
    <Panel title={t('title')} flush>
      <Answer query={query}>
        {({ items }) => (
          <Table
            label={t('title')}
            rows={items.slice(0, 12)}
            rowKey={({ id }) => id}
            columns={columns}
            empty={<EmptyState title={t('none')} />}
          />
        )}
      </Answer>
    </Panel>
  );
}
