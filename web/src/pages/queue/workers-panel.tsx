import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { listWorkers } from '../../api/client.generated.ts';
import type { Worker } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { everyMs } from './every.ts';
import styles from './queue.module.css';
import { WorkerDeed } from './worker-deed.tsx';
import type { WorkerAct } from './worker-deed.tsx';
import { WorkerEntry } from './worker-entry.tsx';

/** Workers of every machine: what each does, and what people want of it. */
export function WorkersPanel() {
  const t = useTranslations('queue');
  const queryKey = ['workers'];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listWorkers({ signal }), refetchInterval: everyMs });
  useLive({ types: ['step'] }, queryKey);
  const [meant, setMeant] = useState<{ act: WorkerAct; worker: Worker } | null>(null);
  return (
    <Panel title={t('workers')} flush aside={query.data?.items.length}>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('noWorker')}>{t('noWorkerHint')}</EmptyState>
          ) : (
            <ul className={styles.list}>
              {items.map((worker) => (
                <WorkerEntry key={worker.id} worker={worker} onAct={(act) => setMeant({ act, worker })} />
              ))}
            </ul>
          )
        }
      </Answer>
      {meant === null ? null : <WorkerDeed {...meant} onClose={() => setMeant(null)} />}
    </Panel>
  );
}
