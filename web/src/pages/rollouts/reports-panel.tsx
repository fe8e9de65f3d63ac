import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';
import { Duration } from '../../kit/duration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Exposed } from './exposed.tsx';

type Report = Shift['reports'][number];

/** Phases that are over, with how they ended. */
export function ReportsPanel({ shift }: { shift: Shift }) {
  const t = useTranslations('rollouts.reports');
  const exposed = useTranslations('rollouts')('exposed');
  const columns: Column<Report>[] = [
    { id: 'phase', name: t('phase'), cell: ({ phase }) => phase },
    {
      id: 'ended',
      name: t('ended'),
      width: '1.4fr',
      cell: ({ ended, by }) => (
        <Status of={({ passed: 'pass', promoted: 'waived', left: 'undone' } as const)[ended]}>
          {t(ended, { person: by ?? '' })}
        </Status>
      ),
    },
    {
      id: 'took',
      name: t('took'),
      width: '90px',
      align: 'end',
      cell: ({ from, to }) => <Duration ms={Date.parse(to) - Date.parse(from)} />,
    },
    {
      id: 'seen',
      name: t('seen'),
      width: '4fr',
      priority: 2,
      cell: ({ verdicts }) => verdicts.map(({ measure, text }) => <p key={measure}>{`${measure}: ${text}`}</p>),
    },
    { id: 'exposed', name: exposed, priority: 2, align: 'end', cell: (one) => <Exposed of={one.exposed} /> },
  ];
  return (
    <Panel title={t('title')} flush>
      <Table
        label={t('title')}
        rows={shift.reports}
        rowKey={({ phase, from }) => `${phase} ${from}`}
        columns={columns}
        empty={<EmptyState title={t('none')} />}
      />
    </Panel>
  );
}
