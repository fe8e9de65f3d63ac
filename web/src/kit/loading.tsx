import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import styles from './states.module.css';

/** Answers that come sooner than this would only make the page flicker. */
const patienceMs = 150;

/** Bars in the place of what is being asked for, after 150 ms. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const t = useTranslations('kit');
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.bars} role="status" aria-label={t('loading')}>
      {isLate ? Array.from({ length: rows }, (_, row) => <div key={row} className={styles.bar} />) : null}
    </div>
  );
}
