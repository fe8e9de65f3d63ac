import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import {
  endOtherSessions,
  endOwnSession,
  endSession,
  listOwnSessions,
  listSessions,
} from '../../../api/client.generated.ts';
import type { Session } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Button } from '../../../kit/button.tsx';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Stack } from '../../../kit/page.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Badge } from '../../../kit/status.tsx';
import type { Column } from '../../../kit/table/column.ts';
import { Table } from '../../../kit/table/table.tsx';
import { Time } from '../../../kit/time.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { useStepUp } from '../../../step-up/step-up-wish.ts';
import { useMayManage } from '../use-may-manage.ts';
import { toBrowserName } from './to-browser-name.ts';

/** Browsers in which the caller is signed in; for whoever manages accounts, those of everybody, too. */
export function SessionsTab() {
  const mayManage = useMayManage('account.manage');
  return (
    <Stack>
      <OwnSessions />
      {mayManage ? <AllSessions /> : null}
    </Stack>
  );
}

function OwnSessions() {
  const t = useTranslations('settings.sessions');
  const queryClient = useQueryClient();
  const query = useQuery({ queryKey: ['me', 'sessions'], queryFn: ({ signal }) => listOwnSessions({ signal }) });
  const [isEnding, setIsEnding] = useState(false);
  const endAll = async (): Promise<void> => {
    const { ended } = await endOtherSessions();
    showToast('pass', t('ended', { count: ended }));
    await queryClient.invalidateQueries({ queryKey: ['me', 'sessions'] });
  };
  return (
    <Panel title={t('title')} flush actions={<Button onPress={() => setIsEnding(true)}>{t('endOthers')}</Button>}>
      <Answer query={query}>
        {({ items }) => (
          <SessionTable label={t('title')} sessions={items} end={(session) => endOwnSession({ session })} />
        )}
      </Answer>
      <ConfirmDialog
        title={t('endOthersTitle')}
        verb={t('endOthers')}
        isDangerous
        isOpen={isEnding}
        onClose={() => setIsEnding(false)}
        onConfirm={endAll}
      >
        {t('endOthersWhy')}
      </ConfirmDialog>
    </Panel>
  );
}

function AllSessions() {
  const t = useTranslations('settings.sessions');
  const query = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => listSessions({ signal }) });
  return (
    <Panel title={t('all')} flush>
      <Answer query={query}>
        {({ items }) => (
          <SessionTable label={t('all')} sessions={items} end={(session) => endSession({ session })} isOfAll />
        )}
      </Answer>
    </Panel>
  );
}

interface SessionTableProps {
  label: string;
  sessions: readonly Session[];
  end: (id: string) => Promise<{ ended: number }>;
  isOfAll?: boolean;
}

function SessionTable({ label, sessions, end, isOfAll = false }: SessionTableProps) {
  const t = useTranslations('settings.sessions');
  const queryClient = useQueryClient();
  const withStepUp = useStepUp();
  const [chosen, setChosen] = useState<Session | null>(null);
  const columns = useColumns(isOfAll, setChosen);
  const confirm = async (): Promise<void> => {
    const { ended } = await withStepUp(() => end(chosen?.id ?? ''));
    showToast('pass', t('ended', { count: ended }));
    await Promise.all(
      [['me', 'sessions'], ['sessions']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
  };
  const words = { browser: toBrowserName(chosen?.userAgent ?? null) ?? t('unknown'), ip: chosen?.ip ?? t('unknown') };
  return (
    <>
      <Table
        label={label}
        rows={sessions}
        rowKey={({ id }) => id}
        columns={columns}
        empty={<EmptyState title={t('none')} />}
      />
      <ConfirmDialog
        title={t('endTitle')}
        verb={t('endTitle')}
        isDangerous
        isOpen={chosen !== null}
        onClose={() => setChosen(null)}
        onConfirm={confirm}
      >
        {t('endWhy', words)}
      </ConfirmDialog>
    </>
  );
}

function useColumns(isOfAll: boolean, onEnd: (session: Session) => void): Column<Session>[] {
  const t = useTranslations('settings.sessions');
  const who: Column<Session> = { id: 'who', name: t('who'), sortBy: ({ name }) => name, cell: ({ name }) => name };
  return [
    ...(isOfAll ? [who] : []),
    {
      id: 'browser',
      name: t('browser'),
      width: '1.4fr',
      cell: ({ userAgent, isCurrent }) => (
        <span title={userAgent ?? ''}>
          {toBrowserName(userAgent) ?? t('unknown')} {isCurrent ? <Badge tone="pass">{t('current')}</Badge> : null}
        </span>
      ),
    },
    { id: 'ip', name: t('from'), priority: 2, width: '140px', cell: ({ ip }) => ip ?? t('unknown') },
    {
      id: 'seen',
      name: t('seen'),
      priority: 2,
      width: '184px',
      sortBy: ({ seenAt }) => seenAt,
      cell: ({ seenAt }) => <Time at={seenAt} short />,
    },
    {
      id: 'started',
      name: t('started'),
      priority: 3,
      width: '184px',
      cell: ({ startedAt }) => <Time at={startedAt} short />,
    },
    { id: 'ends', name: t('ends'), priority: 3, width: '184px', cell: ({ endsAt }) => <Time at={endsAt} short /> },
    {
      id: 'end',
      name: t('end'),
      width: '84px',
      align: 'end',
      cell: (session) =>
        session.isCurrent ? null : (
          <Button look="quiet" onPress={() => onEnd(session)}>
            {t('end')}
          </Button>
        ),
    },
  ];
}
