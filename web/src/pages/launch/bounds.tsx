import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Launch } from '../../api/client.generated.ts';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import styles from './launch.module.css';

/** What ends the way back, what stops the count, and what has to be done before. */
export function Bounds({ launch }: { launch: Launch }) {
  const t = useTranslations('launch.bounds');
  const { pointsOfNoReturn, stops, dependencies, id } = launch;
  return (
    <Panel title={t('title')} flush>
      <Quotes launch={id} title={t('returns')} none={t('noReturn')} quotes={pointsOfNoReturn} />
      <Quotes launch={id} title={t('stops')} none={t('noStop')} quotes={stops} />
      <section className={styles.group}>
        <h3 className={styles.groupTitle}>{t('dependencies')}</h3>
        {dependencies.length === 0 ? <p className={styles.none}>{t('noDependency')}</p> : null}
        <ul className={styles.rows}>
          {dependencies.map((dependency) => (
            <li key={dependency.id} className={styles.row}>
              <Status of={dependency.state === 'done' ? 'done' : 'open'} />
              <span className={styles.grow}>{dependency.id}</span>
            </li>
          ))}
        </ul>
      </section>
    </Panel>
  );
}

function Quotes({
  launch,
  title,
  none,
  quotes,
}: {
  launch: string;
  title: string;
  none: string;
  quotes: Launch['stops'];
}) {
  const t = useTranslations('launch.bounds');
  return (
    <section className={styles.group}>
      <h3 className={styles.groupTitle}>{title}</h3>
      {quotes.length === 0 ? <p className={styles.none}>{none}</p> : null}
      <ul className={styles.rows}>
        {quotes.map(({ text, detected, at }) => (
          <li key={`${at.file} ${at.line}`} className={styles.row}>
            <span className={styles.grow}>
              <Link
                to="/launches/$launch/documents/$"
                params={{ launch, _splat: at.file }}
                hash={`L${at.line}`}
                className={styles.plainLink ?? ''}
              >
                {text}
              </Link>
            </span>
            <Badge>{detected ? t('watched') : t('people')}</Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
