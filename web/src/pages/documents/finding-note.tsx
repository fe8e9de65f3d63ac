import { useTranslations } from 'use-intl/react';

import type { Finding } from '../../api/client.generated.ts';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import styles from './writing.module.css';

const looks = { blocking: 'error', warning: 'warning', info: 'info' } as const satisfies Record<string, StatusName>;

/** What lint says about a line: how much it weighs, what is wrong, what was wanted, and what to do. */
export function FindingNote({ finding, onGo }: { finding: Finding; onGo?: (line: number) => void }) {
  const t = useTranslations('documents');
  const { severity, message, expected, got, hint, code, line } = finding;
  return (
    <div className={styles.note} data-severity={severity}>
      <p className={styles.noteHead}>
        <Status of={looks[severity]}>{t(`severity.${severity}`)}</Status>
        {onGo === undefined ? null : (
          <button type="button" className={styles.go} onClick={() => onGo(line)}>
            {t('line', { line: String(line) })}
          </button>
        )}
        <code className={styles.code}>{code}</code>
      </p>
      <p>{message}</p>
      <p className={styles.muted}>{t('expectedGot', { expected, got })}</p>
      {hint === '' ? null : <p className={styles.muted}>{hint}</p>}
    </div>
  );
}
