import { useTranslations } from 'use-intl/react';

import type { Run } from '../../api/client.generated.ts';
import { Icon } from '../../kit/icon.tsx';
import styles from './mode-strip.module.css';

/** Says over the whole width whether this is the real thing: nobody may mistake a rehearsal for it, or it for a rehearsal. */
export function ModeStrip({ run: { mode, environment, production } }: { run: Run }) {
  const t = useTranslations('runbook.mode');
  const isReal = mode === 'live' && production;
  return (
    <p className={styles.strip} data-mode={isReal ? 'real' : mode}>
      <Icon name={isReal ? 'launch' : mode === 'rehearsal' ? 'refresh' : 'info'} />
      <strong>{t(isReal ? 'real' : mode)}</strong>
      <span>{t(isReal ? 'realWhat' : mode === 'rehearsal' ? 'rehearsalWhat' : 'liveWhat', { environment })}</span>
    </p>
  );
}
