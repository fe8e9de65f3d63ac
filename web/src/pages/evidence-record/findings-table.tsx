import { useTranslations } from 'use-intl/react';

import { Status } from '../../kit/status.tsx';
import styles from './record.module.css';
import type { Finding } from './parse-record.ts';

/** Every rule with what it wanted and what was there. */
export function FindingsTable({ label, findings }: { label: string; findings: readonly Finding[] }) {
  const t = useTranslations('evidenceRecord');
  if (findings.length === 0) return <p className={styles.muted}>{t('noFindings')}</p>;
  return (
    <ul className={styles.findings} aria-label={label}>
      {findings.map(({ rule, outcome, expected, got }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the rules of a record never change
        <li key={index}>
          <Status of={outcome} />
          <code className={styles.rule}>{rule}</code>
          <span className={styles.muted}>
            {t('expected')} <code>{expected}</code>
          </span>
          <span className={styles.muted}>
            {t('got')} <code>{got}</code>
          </span>
        </li>
      ))}
    </ul>
  );
}
