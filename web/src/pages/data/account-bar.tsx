import { useTranslations } from 'use-intl/react';

import type { ImportBatch } from '../../api/client.generated.ts';
import styles from './data.module.css';
import { toSums } from './to-account.ts';

/** The records of a source as one bar: imported, left out by reason, and what nobody accounts for. Figures say the same. */
export function AccountBar({ batch }: { batch: ImportBatch }) {
  const t = useTranslations('data.batch');
  const { source, imported, left } = toSums(batch);
  const parts = [
    { id: 'imported', count: imported },
    { id: 'left', count: left },
    { id: 'lost', count: Math.max(0, source - imported - left) },
  ];
  return (
    <div className={styles.account} role="img" aria-label={t('of', { imported, source, left })}>
      {parts.map(({ id, count }) =>
        count === 0 ? null : <span key={id} className={styles[id]} style={{ flexGrow: count }} />,
      )}
    </div>
  );
}
