import { useTranslations } from 'use-intl/react';

import { useConnection } from '../api/live.tsx';
import { Icon } from '../kit/icon.tsx';
import styles from './shell.module.css';

const icons = { connecting: 'refresh', live: 'checkCircle', waiting: 'refresh', failed: 'warning' } as const;

/** Whether this page hears of changes by itself. */
export function ConnectionMark() {
  const t = useTranslations('shell.connection');
  const { phase } = useConnection();
  return (
    <span className={styles.connection} data-phase={phase} role="status">
      <Icon name={icons[phase]} />
      <span>{t(phase === 'failed' ? 'lost' : phase)}</span>
    </span>
  );
}
