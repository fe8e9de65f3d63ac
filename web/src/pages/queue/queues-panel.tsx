import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { messages } from './messages.ts';

import { listQueues } from '../../api/client.generated.ts';
import type { Queue } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Duration } from '../../kit/duration.tsx';
import { Unavailable } from '../../kit/error-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { Column } from '../../kit/table/column.ts';
import { Table } from '../../kit/table/table.tsx';
import { everyMs } from './every.ts';

/** How every queue is; what could not be counted is said to be unknown. */
export function QueuesPanel() {
  const t = useTranslations('queue');
  const queryKey = ['queues'];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listQueues({ signal }), refetchInterval: everyMs });
  useLive({ types: ['step', 'run'] }, queryKey);
  return (
    <Panel title={t('queues')} flush>
      <Answer query={query}>
        {(answer) =>
          answer.state === 'unknown' ? <Unavailable detail={answer.reason} /> : <QueueTable queues={answer.queues} />
        }
      </Answer>
    </Panel>
  );
}

interface Figure {
  id: 'waiting' | 'delayed' | 'active' | 'stuck' | 'dead';
  name: string;
  priority: 1 | 2;
}

function toColumn({ id, name, priority }: Figure): Column<Queue> {
  return { id, name, priority, width: '80px', align: 'end', cell: (queue) => queue[id] };
}

/** A figure that is bad news unless it is zero. */
function toBadColumn(figure: Figure): Column<Queue> {
  const cell = ({ [figure.id]: count }: Queue) => (count === 0 ? 0 : <Status of="fail">{count}</Status>);
  return { ...toColumn(figure), cell };
}

function QueueTable({ queues }: { queues: readonly Queue[] }) {
  const t = useTranslations('queue');
  const columns: Column<Queue>[] = [
    { id: 'queue', name: t('queue'), cell: ({ queue }) => (isNamed(queue) ? t(`name.${queue}`) : queue) },
    toColumn({ id: 'waiting', name: t('waiting'), priority: 1 }),
    {
      id: 'oldest',
      name: t('oldest'),
      priority: 2,
      width: '96px',
      align: 'end',
      cell: ({ oldestSeconds }) => (oldestSeconds === null ? '' : <Duration ms={oldestSeconds * 1_000} />),
    },
    toColumn({ id: 'delayed', name: t('later'), priority: 2 }),
    toColumn({ id: 'active', name: t('active'), priority: 2 }),
    toBadColumn({ id: 'stuck', name: t('stuck'), priority: 2 }),
    toBadColumn({ id: 'dead', name: t('dead'), priority: 1 }),
  ];
  return <Table label={t('queues')} rows={queues} rowKey={({ queue }) => queue} columns={columns} />;
}

function isNamed(queue: string): queue is keyof typeof messages.name {
  return Object.hasOwn(messages.name, queue);
}
