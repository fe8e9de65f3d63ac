import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { listRehearsals } from '../../api/client.generated.ts';
import type { RehearsalLine } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { RehearsalReport } from './rehearsal-report.tsx';
import { Round } from './round.tsx';

/** Rounds that are under way with their passes, and what earlier ones came to. */
export function Rehearsals({ launch }: { launch: string }) {
  const t = useTranslations('runs.rehearsal');
  const [opened, setOpened] = useState<string | null>(null);
  const queryKey = ['launches', launch, 'rehearsals'];
  useLive({ launch, types: ['execution', 'step', 'evidence'] }, queryKey);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => listRehearsals({ launch }, { signal }),
    refetchInterval: ({ state }) => (state.data?.rounds.some(({ endedAtMs }) => endedAtMs === null) ? 1_000 : false),
  });
  return (
    <Panel title={t('title')} flush>
      <Answer query={query}>
        {({ items, rounds }) => (
          <>
            {rounds
              .filter(({ endedAtMs, trouble }) => endedAtMs === null || trouble !== null)
              .map((round) => (
                <Round key={round.id} launch={launch} round={round} />
              ))}
            <Lines items={items} opened={opened} onOpen={setOpened} />
          </>
        )}
      </Answer>
      {opened === null ? null : <RehearsalReport launch={launch} id={opened} onClose={() => setOpened(null)} />}
    </Panel>
  );
}

function Lines({
  items,
  opened,
  onOpen,
}: {
  items: readonly RehearsalLine[];
  opened: string | null;
  onOpen: (id: string) => void;
}) {
  const t = useTranslations('runs.rehearsal');
  const columns: Column<RehearsalLine>[] = [
    {
      id: 'result',
      name: t('result'),
      width: '148px',
      sortBy: ({ passed }) => Number(passed),
      cell: ({ passed }) => <Status of={passed ? 'pass' : 'fail'}>{t(passed ? 'passed' : 'failed')}</Status>,
    },
    { id: 'procedure', name: t('procedure'), width: '1.4fr', cell: ({ procedure, id }) => `${procedure} ${id}` },
    { id: 'depth', name: t('depth'), width: '84px', priority: 2, cell: ({ depth }) => t(`depthOf.${depth}`) },
    { id: 'environment', name: t('environment'), width: '128px', priority: 2, cell: ({ environment }) => environment },
    {
      id: 'plan',
      name: t('plan'),
      width: '148px',
      priority: 2,
      cell: ({ current }) => (
        <Badge {...(current ? {} : { tone: 'unknown' as const })}>{t(current ? 'current' : 'old')}</Badge>
      ),
    },
    {
      id: 'when',
      name: t('when'),
      width: '190px',
      priority: 2,
      sortBy: ({ at }) => at,
      cell: ({ at }) => <Time at={at} short />,
    },
  ];
  return (
    <Table
      label={t('title')}
      rows={items}
      rowKey={({ id }) => id}
      columns={columns}
      selected={opened}
      onOpen={({ id }) => onOpen(id)}
      empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
    />
  );
}
