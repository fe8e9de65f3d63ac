import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { listGates, readOutlook } from '../../api/client.generated.ts';
import type { GateLine } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { CheckPanel } from '../../decide/check-panel.tsx';
import { messages as decide } from '../../decide/messages.ts';
import { Outcome } from '../../decide/outcome.tsx';
import { toOffset } from '../../decide/to-offset.ts';
import { inEnvironment, launchKey } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page as PageFrame } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Progress } from '../../kit/progress.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';

export { messages } from './messages.ts';
export const more = { decide };

/** Every gate of a launch as it is decided now, and the checks that they rest on. */
export function Page() {
  const t = useTranslations('gates');
  const { launch } = useParams({ from: '/launches/$launch/gates' });
  const { environment } = useSearch({ from: '/launches/$launch/gates' });
  const place: LaunchPlace = { launch, environment };
  const queryKey = launchKey(place, 'gates');
  useLive({ launch }, queryKey);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => listGates({ launch, ...inEnvironment(place) }, { signal }),
    refetchInterval: 15_000,
  });
  const outlook = useQuery({
    queryKey: launchKey(place, 'outlook'),
    queryFn: ({ signal }) => readOutlook({ launch, ...inEnvironment(place) }, { signal }),
  });
  return (
    <PageFrame title={t('title')}>
      <Panel title={t('gates', { launch })} flush>
        <Answer query={query}>{({ items }) => <Gates place={place} gates={items} />}</Answer>
      </Panel>
      <CheckPanel place={place} mayRun={outlook.data?.rights.includes('check.run') ?? false} />
    </PageFrame>
  );
}

function Gates({ place, gates }: { place: LaunchPlace; gates: readonly GateLine[] }) {
  const t = useTranslations('gates');
  const columns: Column<GateLine>[] = [
    { id: 'gate', name: t('gate'), width: '2fr', sortBy: ({ title }) => title, cell: (gate) => gateCell(place, gate) },
    {
      id: 'decision',
      name: t('decision'),
      width: '160px',
      sortBy: ({ outcome }) => outcome,
      cell: ({ outcome }) => <Outcome of={outcome} />,
    },
    {
      id: 'before',
      name: t('before'),
      width: '120px',
      priority: 3,
      sortBy: ({ offsetMs }) => offsetMs,
      cell: ({ offsetMs, phase }) => (offsetMs === null ? phase : toOffset(offsetMs)),
    },
    {
      id: 'criteria',
      name: t('criteria'),
      priority: 2,
      width: '180px',
      cell: ({ met, criteria }) => <Progress label={t('met')} done={met} total={criteria} />,
    },
    {
      id: 'way',
      name: t('way'),
      priority: 2,
      width: '120px',
      align: 'end',
      sortBy: ({ actions }) => actions?.length ?? null,
      cell: ({ actions }) => (actions === null ? t('noWay') : t('left', { count: actions.length })),
    },
  ];
  const empty = <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>;
  return <Table label={t('title')} rows={gates} rowKey={({ id }) => id} columns={columns} empty={empty} />;
}

function gateCell({ launch, environment }: LaunchPlace, { id, title }: GateLine) {
  return (
    <Link to="/launches/$launch/gates/$gate" params={{ launch, gate: id }} search={inEnvironment({ environment })}>
      {title}
    </Link>
  );
}
