import { useTranslations } from 'use-intl/react';

import type { Fix } from '../../api/client.generated.ts';
import styles from './data.module.css';
import { ValuePair } from './value-pair.tsx';

type FixRow = Fix['rows'][number];

/** Rows that a fix changes, each before and after with its reason, and what is left to people. */
export function FixRows({ fix }: { fix: Fix }) {
  const t = useTranslations('data.fix');
  return (
    <>
      <section aria-label={t('rows')}>
        {fix.rows.length < fix.changes ? (
          <p className={styles.part}>{t('shown', { shown: fix.rows.length, count: fix.changes })}</p>
        ) : null}
        <ul className={styles.pairs}>
          {fix.rows.map((row) => (
            <li key={JSON.stringify(row.key)}>
              <ChangedRow row={row} />
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t('left')} className={styles.part}>
        <h3>{t('left')}</h3>
        {fix.reviewRows.length === 0 ? (
          <p className={styles.muted}>{t('nothingLeft')}</p>
        ) : (
          <ul className={styles.list}>
            {fix.reviewRows.map(({ key, repairs, reason }) => (
              <li key={`${JSON.stringify(key)} ${repairs}`}>
                <span className={styles.value}>{key?.join(', ') ?? ''}</span> {reason}
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function ChangedRow({ row: { operation, key, reason, fixes, values } }: { row: FixRow }) {
  const t = useTranslations('data.fix');
  return (
    <>
      <div className={styles.pair}>
        <span>
          <span className={styles.name}>{t(`does.${operation}`)}</span>{' '}
          <span className={styles.value}>{key.join(', ')}</span>
        </span>
        <span className={styles.muted}>{reason}</span>
        <span className={styles.muted}>{fixes.join(', ')}</span>
      </div>
      {values.map(({ column, before, after, shown }) => (
        <div key={column} className={styles.pair}>
          <span className={styles.value}>{column}</span>
          {shown === 'value' ? (
            <ValuePair names={[t('before'), t('after')]} values={[before, after]} />
          ) : (
            <span className={styles.muted}>{t(shown === 'redacted' ? 'hidden' : 'generated')}</span>
          )}
        </div>
      ))}
    </>
  );
}
