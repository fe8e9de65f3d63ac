import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listRunEvents } from '../../../api/client.generated.ts';
import type { Run } from '../../../api/client.generated.ts';
import { useLive } from '../../../api/live.tsx';
import { Answer } from '../../../kit/answer.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Time } from '../../../kit/time.tsx';
import { runKey } from '../use-run.ts';
import styles from './step-panel.module.css';

/** Events of one page; a run of many steps has more, and its audit has them all. */
const limit = 1_000;

/** What happened to a run, or to one step of it, oldest first. */
export function StepEvents({ run, step }: { run: Run; step?: string }) {
  const t = useTranslations('runbook.step');
  const queryKey = [...runKey(run.id), 'events', step ?? ''];
  useLive({ run: run.id }, queryKey);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => listRunEvents({ run: run.id, limit, ...(step === undefined ? {} : { step }) }, { signal }),
  });
  return (
    <Answer query={query}>
      {({ items, more }) =>
        items.length === 0 ? (
          <EmptyState title={t('noEvents')} />
        ) : (
          <ol className={styles.events}>
            {items.map(({ cursor, part, atMs, text, type }) => (
              <li key={`${cursor} ${part}`}>
                <Time at={atMs} short />
                <code>{type}</code>
                <span>{text}</span>
              </li>
            ))}
            {more ? <li>{t('moreEvents')}</li> : null}
          </ol>
        )
      }
    </Answer>
  );
}
