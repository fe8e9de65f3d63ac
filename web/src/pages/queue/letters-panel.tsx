import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { listDeadLetters } from '../../api/client.generated.ts';
import type { DeadLetter } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { Time } from '../../kit/time.tsx';
import { everyMs } from './every.ts';
import { LetterDeed } from './letter-deed.tsx';
import type { LetterAct } from './letter-deed.tsx';
import { useWorkText } from './work-text.tsx';

/** Letters that somebody is about to act on. */
interface Meant {
  act: LetterAct;
  letters: readonly DeadLetter[];
}

/** Jobs that nobody could carry out, with what would happen if they were sent again. */
export function LettersPanel() {
  const t = useTranslations('queue');
  const queryKey = ['dead-letters'];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listDeadLetters({ signal }), refetchInterval: everyMs });
  useLive({ types: ['step', 'run'] }, queryKey);
  const [meant, setMeant] = useState<Meant | null>(null);
  const all = query.data?.items ?? [];
  const columns = useColumns((act, letter) => setMeant({ act, letters: [letter] }));
  const actions =
    all.length > 1 ? (
      <Button onPress={() => setMeant({ act: 'requeue', letters: all })}>{t('requeueAll')}</Button>
    ) : null;
  const count = query.data === undefined ? null : all.length;
  return (
    <Panel
      title={t('letters')}
      flush
      aside={count === null || count === 0 ? count : <Status of="dead">{count}</Status>}
      actions={actions}
    >
      <Answer query={query} rows={1}>
        {({ items, hidden }) => (
          <>
            <Table
              label={t('letters')}
              rows={items}
              rowKey={({ id }) => id}
              columns={columns}
              empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
            />
            {hidden === 0 ? null : <EmptyState title={t('hidden', { count: hidden })} />}
          </>
        )}
      </Answer>
      {meant === null ? null : <LetterDeed {...meant} onClose={() => setMeant(null)} />}
    </Panel>
  );
}

function useColumns(onAct: (act: LetterAct, letter: DeadLetter) => void): Column<DeadLetter>[] {
  const t = useTranslations('queue');
  const textOf = useWorkText();
  return [
    {
      id: 'work',
      name: t('work'),
      width: '1.4fr',
      sortBy: ({ work }) => textOf(work),
      cell: ({ work }) => <span title={textOf(work)}>{textOf(work)}</span>,
    },
    { id: 'run', name: t('run'), priority: 2, width: '1fr', cell: (letter) => <RunLink letter={letter} /> },
    {
      id: 'reason',
      name: t('reason'),
      priority: 2,
      width: '2fr',
      cell: ({ reason }) => <span title={reason}>{reason}</span>,
    },
    { id: 'tries', name: t('tries'), priority: 3, width: '64px', align: 'end', cell: ({ attempts }) => attempts },
    {
      id: 'since',
      name: t('since'),
      priority: 3,
      width: '184px',
      sortBy: ({ at }) => at,
      cell: ({ at }) => <Time at={at} short />,
    },
    {
      id: 'archive',
      name: t('archive'),
      priority: 2,
      width: '104px',
      align: 'end',
      cell: (letter) => (
        <Button look="quiet" onPress={() => onAct('archive', letter)}>
          {t('archive')}
        </Button>
      ),
    },
    {
      id: 'requeue',
      name: t('requeue'),
      width: '104px',
      align: 'end',
      cell: (letter) => (
        <Button look="quiet" onPress={() => onAct('requeue', letter)}>
          {t('requeue')}
        </Button>
      ),
    },
  ];
}

function RunLink({ letter: { work, key } }: { letter: DeadLetter }) {
  if (work.run === null || work.place === null) return key;
  const { launch, environment } = work.place;
  return (
    <Link to="/launches/$launch/runs/$run" params={{ launch, run: work.run }} title={`${work.run}, ${environment}`}>
      {work.run}
    </Link>
  );
}
