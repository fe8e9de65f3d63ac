import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { startRollback } from '../../api/client.generated.ts';
import type { WayBackAnswer } from '../../api/client.generated.ts';
import { inEnvironment } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Duration } from '../../kit/duration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './rollouts.module.css';
import { useRollouts } from './use-shifts.ts';
import { Watched } from './watched.tsx';
import { useWayBack, WayBackPanel } from './way-back-panel.tsx';

export { messages } from './messages.ts';

type Declared = WayBackAnswer['rollbacks'][number];

/** Whether the launch can still go back, and every way back that it declares: its limit, its drills, its clock while it runs, and the button that begins it. */
export function Page() {
  const t = useTranslations('rollouts');
  const { launch } = useParams({ from: '/launches/$launch/rollback' });
  const { environment } = useSearch({ from: '/launches/$launch/rollback' });
  const place: LaunchPlace = { launch, environment };
  const rights = useRollouts(place).data?.rights ?? [];
  const query = useWayBack(place);
  return (
    <PageFrame title={t('rollback.title')}>
      <Stack>
        <WayBackPanel place={place} mayTakeBack={rights.includes('run.hold')} />
        <Panel title={t('rollback.declared')} flush>
          <Answer query={query} rows={3}>
            {({ rollbacks }) => (
              <Rollbacks place={place} rollbacks={rollbacks} mayStart={rights.includes('run.start')} />
            )}
          </Answer>
        </Panel>
      </Stack>
    </PageFrame>
  );
}

function Rollbacks({
  place,
  rollbacks,
  mayStart,
}: {
  place: LaunchPlace;
  rollbacks: readonly Declared[];
  mayStart: boolean;
}) {
  const t = useTranslations('rollouts.rollback');
  const columns: Column<Declared>[] = [
    { id: 'title', name: t('which'), width: '1.4fr', cell: ({ title }) => title },
    { id: 'kind', name: t('kind'), priority: 2, width: '110px', cell: ({ kind }) => t(`kinds.${kind}`) },
    {
      id: 'within',
      name: t('within'),
      width: '90px',
      cell: ({ withinMs }) => <Duration ms={withinMs} />,
    },
    { id: 'drill', name: t('drill'), width: '1.6fr', cell: (one) => <Drills place={place} one={one} /> },
    { id: 'now', name: t('now'), width: '1.4fr', cell: (one) => <Running place={place} one={one} /> },
    {
      id: 'start',
      name: t('start'),
      width: '110px',
      align: 'end',
      cell: (one) => (mayStart && one.running === null ? <Start place={place} one={one} /> : null),
    },
  ];
  return (
    <Table
      label={t('declared')}
      rows={rollbacks}
      rowKey={({ procedure }) => procedure}
      columns={columns}
      empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
    />
  );
}

/** The newest with how it went, and how long the ones before took. */
function Drills({ place, one }: { place: LaunchPlace; one: Declared }) {
  const t = useTranslations('rollouts.rollback');
  const [newest, ...older] = one.drills;
  if (newest === undefined) return <Status of="missing">{t('never')}</Status>;
  const { passed, current, tookMs, at, findings } = newest;
  const before = older.flatMap((drill) => drill.tookMs ?? []);
  return (
    <span className={styles.inLine} title={findings.join('\n')}>
      <Status of={passed && current ? 'pass' : passed ? 'stale' : 'fail'}>
        {t(passed ? (current ? 'passed' : 'otherCandidate') : 'failed')}
      </Status>
      {tookMs === null ? null : <Duration ms={tookMs} />}
      <Time at={at} short />
      {one.observer !== null && passed && current ? <Watched place={place} title={one.title} drill={newest} /> : null}
      {before.length === 0 ? null : (
        <span className={styles.muted}>
          {t('before')}{' '}
          {before.map((ms, index) => (
            <span key={index}>
              {index > 0 ? ', ' : ''}
              <Duration ms={ms} />
            </span>
          ))}
        </span>
      )}
    </span>
  );
}

function Running({ place, one: { running, withinMs } }: { place: LaunchPlace; one: Declared }) {
  const t = useTranslations('rollouts.rollback');
  if (running === null) return <span className={styles.muted}>{t('notRunning')}</span>;
  const { run, since, done, steps, next } = running;
  const isLate = Date.now() - Date.parse(since) > withinMs;
  return (
    <span className={styles.inLine}>
      <Status of={isLate ? 'fail' : 'running'}>{t(isLate ? 'late' : 'running')}</Status>
      <Link to="/launches/$launch/runs/$run" params={{ launch: place.launch, run }}>
        {t('steps', { done, steps })}
      </Link>
      <Time at={since} short />
      {next === null ? null : t('next', { next })}
    </span>
  );
}

function Start({ place, one: { procedure, title, kind } }: { place: LaunchPlace; one: Declared }) {
  const t = useTranslations('rollouts.rollback');
  const client = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const verb = t(kind === 'switch' ? 'kill' : 'start');
  const close = (): void => {
    setIsAsked(false);
    void client.invalidateQueries({ queryKey: ['launches', place.launch] });
  };
  return (
    <>
      <Button look="danger" icon="undo" onPress={() => setIsAsked(true)}>
        {verb}
      </Button>
      <ConfirmDialog
        title={t('startTitle', { title })}
        verb={verb}
        isDangerous
        reasonLabel={t('why')}
        isOpen={isAsked}
        onClose={close}
        onConfirm={async (reason) => {
          await startRollback({ launch: place.launch, procedure, ...inEnvironment(place), body: { reason } });
        }}
      >
        {t(`startText.${kind}`)}
      </ConfirmDialog>
    </>
  );
}
