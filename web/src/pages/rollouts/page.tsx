import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { startRollout } from '../../api/client.generated.ts';
import type { Rollouts as RolloutList } from '../../api/client.generated.ts';
import { inEnvironment } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { TextArea } from '../../kit/text-field.tsx';
import { Time } from '../../kit/time.tsx';
import { Exposed } from './exposed.tsx';
import { isOver, standingLooks } from './looks.ts';
import styles from './rollouts.module.css';
import { useRollouts } from './use-shifts.ts';
import { WayBackPanel } from './way-back-panel.tsx';

export { messages } from './messages.ts';

type Item = RolloutList['items'][number];

/** Every rollout of a launch: which phases, which routers, and where its newest shift stands. */
export function Page() {
  const t = useTranslations('rollouts');
  const { launch } = useParams({ from: '/launches/$launch/rollouts' });
  const { environment } = useSearch({ from: '/launches/$launch/rollouts' });
  const place: LaunchPlace = { launch, environment };
  const query = useRollouts(place);
  const mayStart = query.data?.rights.includes('run.start') ?? true;
  return (
    <PageFrame
      title={t('title')}
      {...(mayStart
        ? {}
        : {
            banner: (
              <Banner tone="waiting" icon="info" title={t('title')}>
                {t('noRight')}
              </Banner>
            ),
          })}
    >
      <Stack>
        <Panel title={t('declared', { environment: query.data?.environment ?? '' })} flush>
          <Answer query={query}>{(answer) => <Rollouts place={place} answer={answer} />}</Answer>
        </Panel>
        {query.data === undefined || query.data.items.length === 0 ? null : (
          <WayBackPanel place={place} mayTakeBack={query.data.rights.includes('run.hold')} />
        )}
      </Stack>
    </PageFrame>
  );
}

function Rollouts({ place, answer }: { place: LaunchPlace; answer: RolloutList }) {
  const t = useTranslations('rollouts');
  const mayStart = answer.rights.includes('run.start');
  const columns: Column<Item>[] = [
    {
      id: 'rollout',
      name: t('rollout'),
      sortBy: ({ declared }) => declared.title,
      cell: ({ declared }) => declared.title,
    },
    {
      id: 'routers',
      name: t('routers'),
      priority: 3,
      cell: ({ declared }) => declared.routers.map(({ id, kind }) => `${id} (${kind})`).join(', '),
    },
    {
      id: 'phases',
      name: t('phases'),
      priority: 2,
      cell: ({ declared }) => declared.phases.map(({ weight }) => weight).join(' → '),
    },
    { id: 'newest', name: t('newest'), width: '1.4fr', cell: (item) => <Newest place={place} item={item} /> },
    {
      id: 'exposed',
      name: t('exposed'),
      priority: 3,
      width: '140px',
      cell: ({ shifts: [shift] }) => (shift === undefined ? null : <Exposed of={shift.exposed} />),
    },
    {
      id: 'start',
      name: t('start'),
      width: '90px',
      align: 'end',
      cell: (item) =>
        mayStart && item.shifts.every(isOver) ? (
          <Start place={place} item={item} mayBeBlind={answer.rights.includes('rollout.promote')} />
        ) : null,
    },
  ];
  return (
    <Table
      label={t('title')}
      rows={answer.items}
      rowKey={({ declared }) => declared.id}
      columns={columns}
      empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
    />
  );
}

function Newest({ place: { launch, environment }, item: { shifts } }: { place: LaunchPlace; item: Item }) {
  const t = useTranslations('rollouts');
  const [shift] = shifts;
  if (shift === undefined) return <span className={styles.muted}>{t('never')}</span>;
  return (
    <span className={styles.inLine}>
      <Link
        to="/launches/$launch/rollouts/$shift"
        params={{ launch, shift: shift.id }}
        search={inEnvironment({ environment })}
      >
        {t('percent', { weight: shift.weight })}
      </Link>
      <Status of={standingLooks[shift.stands]}>{t(`stands.${shift.stands}`)}</Status>
      <Time at={shift.createdAt} short />
    </span>
  );
}

function Start({
  place,
  item: { declared },
  mayBeBlind,
}: {
  place: LaunchPlace;
  item: Item;
  /** Whether this person may let it begin although it cannot see its own limit. */
  mayBeBlind: boolean;
}) {
  const t = useTranslations('rollouts');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isAsked, setIsAsked] = useState(false);
  const [blind, setBlind] = useState('');
  const start = async (reason: string): Promise<void> => {
    const at = { launch: place.launch, rollout: declared.id, ...inEnvironment(place) };
    const shift = await startRollout({ ...at, body: { reason, labels: [], blind: blind.trim() || null } });
    await client.invalidateQueries({ queryKey: ['launches', place.launch, 'rollouts'] });
    await navigate({
      to: '/launches/$launch/rollouts/$shift',
      params: { launch: place.launch, shift: shift.id },
      search: inEnvironment(place),
    });
  };
  return (
    <>
      <Button onPress={() => setIsAsked(true)}>{t('start')}</Button>
      <ConfirmDialog
        title={t('startTitle', { id: declared.title })}
        verb={t('start')}
        reasonLabel={t('why')}
        isOpen={isAsked}
        onClose={() => {
          setIsAsked(false);
          setBlind('');
        }}
        onConfirm={start}
      >
        <Stack>
          <p>{t('startText')}</p>
          {mayBeBlind ? (
            <TextArea label={t('blind')} help={t('blindHelp')} value={blind} onChange={setBlind} rows={2} />
          ) : null}
        </Stack>
      </ConfirmDialog>
    </>
  );
}
