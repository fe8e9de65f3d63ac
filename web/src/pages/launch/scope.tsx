import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Launch } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import styles from './launch.module.css';

type Item = Launch['scope'][number];

const classes = ['critical', 'adjacent', 'post-launch', 'unsupported'] as const;
const looks: Record<Item['state'], StatusName> = { open: 'open', closed: 'done', deferred: 'condition' };

/** What is part of the launch and what is not, by class, each with what is left of it. */
export function Scope({ launch }: { launch: Launch }) {
  const t = useTranslations('launch.scope');
  const groups = [...classes, null]
    .map((of) => ({ of, items: launch.scope.filter((item) => item.class === of) }))
    .filter(({ items }) => items.length > 0);
  return (
    <Panel title={t('title')} aside={launch.scope.length} flush>
      {groups.length === 0 ? <EmptyState title={t('none')} /> : null}
      {groups.map(({ of, items }) => (
        <section key={of ?? ''} className={styles.group}>
          <h3 className={styles.groupTitle}>{of === null ? t('unclassified') : t(of)}</h3>
          <ul className={styles.rows}>
            {items.map((item) => (
              <li key={item.id} className={styles.row}>
                <Status of={of === 'unsupported' ? 'skipped' : looks[item.state]}>{t(item.state)}</Status>
                <span className={styles.grow}>
                  <Link
                    to="/launches/$launch/documents/$"
                    params={{ launch: launch.id, _splat: item.at.file }}
                    hash={`L${item.at.line}`}
                    className={styles.plainLink ?? ''}
                  >
                    {item.title}
                  </Link>
                </span>
                <FollowUp item={item} />
                <span className={styles.muted}>{item.owner}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Panel>
  );
}

function FollowUp({ item }: { item: Item }) {
  const t = useTranslations('launch.scope');
  if (item.followUp !== null) return <Badge>{item.followUp}</Badge>;
  const isWanted = item.state !== 'closed' && item.class !== 'critical';
  return isWanted ? <Badge tone="held">{t('noLink')}</Badge> : null;
}
