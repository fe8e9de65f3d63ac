import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listBrowserReports } from '../../../api/client.generated.ts';
import type { BrowserReport } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Panel } from '../../../kit/panel.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { Time } from '../../../kit/time.tsx';

/** What browsers refused to do under the policy of our pages. */
export function ReportsTab() {
  const t = useTranslations('settings.reports');
  const query = useQuery({ queryKey: ['browser-reports'], queryFn: ({ signal }) => listBrowserReports({ signal }) });
  const columns: Column<BrowserReport>[] = [
    { id: 'kind', name: t('kind'), width: '160px', sortBy: ({ kind }) => kind, cell: ({ kind }) => kind },
    { id: 'page', name: t('page'), sortBy: ({ page }) => page, cell: ({ page }) => page },
    { id: 'detail', name: t('detail'), priority: 3, width: '2fr', cell: ({ detail }) => <Detail detail={detail} /> },
    { id: 'seen', name: t('seen'), width: '72px', align: 'end', sortBy: ({ seen }) => seen, cell: ({ seen }) => seen },
    {
      id: 'at',
      name: t('when'),
      priority: 2,
      width: '184px',
      sortBy: ({ at }) => at,
      cell: ({ at }) => <Time at={at} short />,
    },
  ];
  return (
    <Panel title={t('title')} flush>
      <Answer query={query}>
        {({ items }) => (
          <Table
            label={t('title')}
            rows={items}
            rowKey={({ id }) => id}
            columns={columns}
            empty={<EmptyState title={t('none')}>{t('why')}</EmptyState>}
          />
        )}
      </Answer>
    </Panel>
  );
}

function Detail({ detail }: { detail: BrowserReport['detail'] }) {
  const text = Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' || typeof value === 'number' ? value : ''}`)
    .join(', ');
  return <span title={text}>{text}</span>;
}
