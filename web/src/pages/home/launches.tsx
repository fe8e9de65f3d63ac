import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { listLaunches } from '../../api/client.generated.ts';
import type { LaunchLine } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Countdown } from '../../kit/countdown.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import styles from './home.module.css';

const queryKey = ['launches'];

/** Launches that are served here, those that cannot be read, too. */
export function Launches() {
  const t = useTranslations('home');
  useLive({ types: ['changed'] }, queryKey);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listLaunches({ signal }) });
  return (
    <Panel title={t('launches')} flush>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('noLaunch')}>{t('noLaunchHint')}</EmptyState>
          ) : (
            <ul className={styles.items}>
              {items.map((launch) => (
                <Line key={launch.id} launch={launch} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}

function Line({ launch: { id, title, t0, trouble } }: { launch: LaunchLine }) {
  const t = useTranslations('home');
  return (
    <li className={styles.launch}>
      <Link to="/launches/$launch" params={{ launch: id }}>
        {title ?? id}
      </Link>
      {t0 === null ? null : <Countdown isSmall count={{ kind: 'moving', t0Ms: Date.parse(t0) }} />}
      {trouble === null ? null : (
        <span className={styles.trouble}>
          <Status of="unknown">{t('trouble', { trouble })}</Status>
        </span>
      )}
    </li>
  );
}
