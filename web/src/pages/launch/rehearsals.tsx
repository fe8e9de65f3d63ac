import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listRehearsals } from '../../api/client.generated.ts';
import type { RehearsalLine } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { launchKey } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Disclosure } from '../../kit/disclosure.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './launch.module.css';

const shown = 3;

/** When it was last rehearsed, how it went, and whether that was this very plan. */
export function Rehearsals({ place }: { place: LaunchPlace }) {
  const t = useTranslations('launch.rehearsal');
  const { launch } = place;
  const queryKey = launchKey(place, 'rehearsals');
  useLive({ launch }, queryKey);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listRehearsals({ launch, limit: 50 }, { signal }) });
  return (
    <Panel title={t('title')} flush>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
          ) : (
            <>
              <Lines items={items.slice(0, shown)} />
              {items.length <= shown ? null : (
                <Disclosure title={t('more', { count: items.length })}>
                  <Lines items={items.slice(shown)} />
                </Disclosure>
              )}
            </>
          )
        }
      </Answer>
    </Panel>
  );
}

function Lines({ items }: { items: readonly RehearsalLine[] }) {
  const t = useTranslations('launch.rehearsal');
  return (
    <ul className={styles.rows}>
      {items.map(({ id, procedure, environment, passed, current, at }) => (
        <li key={id} className={styles.row}>
          <Status of={passed ? 'pass' : 'fail'}>{passed ? t('passed') : t('failed')}</Status>
          <span className={styles.grow}>{t('in', { procedure, environment })}</span>
          <Badge {...(current ? {} : { tone: 'held' as const })}>{current ? t('current') : t('other')}</Badge>
          <span className={styles.muted}>
            <Time at={at} short />
          </span>
        </li>
      ))}
    </ul>
  );
}
