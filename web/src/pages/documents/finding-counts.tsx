import { useTranslations } from 'use-intl/react';

import { Status } from '../../kit/status.tsx';
import styles from './documents.module.css';

/** How many findings a document has, by weight; what there is none of is left out. */
export function FindingCounts({ of }: { of: { blocking: number; warning: number; info: number } }) {
  const t = useTranslations('documents');
  if (of.blocking + of.warning + of.info === 0) return <Status of="pass">{t('clean')}</Status>;
  return (
    <span className={styles.counts}>
      {of.blocking === 0 ? null : <Status of="error">{t('blocking', { count: of.blocking })}</Status>}
      {of.warning === 0 ? null : <Status of="warning">{t('warnings', { count: of.warning })}</Status>}
      {of.info === 0 ? null : <Status of="info">{t('notices', { count: of.info })}</Status>}
    </span>
  );
}
