import { useTranslations } from 'use-intl/react';

import { useKeptAt } from '../api/kept.ts';
import { useConnection } from '../api/live.tsx';
import { Banner } from '../kit/banner.tsx';
import { Button } from '../kit/button.tsx';
import { useNow } from '../kit/clock.ts';
import { Time } from '../kit/time.tsx';
import styles from './shell.module.css';

/** Without news for this long, what is on the page has to be doubted (T18). */
const staleAfterMs = 5 * 60_000;

/** Says that the server does not answer and that what is read is older, and from when. */
export function OfflineBanner() {
  const t = useTranslations('shell.connection');
  const keptAtMs = useKeptAt();
  if (keptAtMs === null) return null;
  return (
    <div className={styles.banner}>
      <Banner tone="held" icon="stale" title={t('offlineTitle')}>
        {t('offline')} <Time at={keptAtMs} />
      </Banner>
    </div>
  );
}

/** Says that the page may be out of date: no connection, or one without a sign of life for five minutes. */
export function ConnectionBanner() {
  const t = useTranslations('shell.connection');
  const { phase, tries, newsAtMs, retry } = useConnection();
  useNow();
  // Both by this machine's clock, which may be wrong, but not against itself.
  const silentMs = Date.now() - newsAtMs;
  if (phase !== 'failed' && silentMs < staleAfterMs) return null;
  const isFailed = phase === 'failed';
  return (
    <div className={styles.banner}>
      <Banner
        tone="unknown"
        icon="stale"
        title={isFailed ? t('failedTitle') : t('staleTitle')}
        actions={<Button onPress={retry}>{t('reconnect')}</Button>}
      >
        {isFailed ? t('failed', { tries }) : t('stale', { minutes: Math.floor(silentMs / 60_000) })}
      </Banner>
    </div>
  );
}
