import { useTranslations } from 'use-intl/react';

import { CodeBlock } from '../../../kit/code-block.tsx';
import styles from '../settings.module.css';

/** Recovery codes, shown once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const t = useTranslations('settings');
  return (
    <div className={styles.form}>
      <p className={styles.why}>
        {t('totp.recoveryWhy')} {t('once')}
      </p>
      <CodeBlock label={t('totp.recovery')} text={codes.join('\n')} />
    </div>
  );
}
