import { useTranslations } from 'use-intl/react';

import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { Time } from './time.tsx';

/** Says from when the answer below is, where a newer one could not be had. */
export function StaleBanner({ sinceMs, onRetry }: { sinceMs: number; onRetry?: () => void }) {
  const t = useTranslations('kit');
  return (
    <Banner
      tone="unknown"
      icon="stale"
      title={t('staleAnswer')}
      actions={onRetry ? <Button onPress={onRetry}>{t('retry')}</Button> : null}
    >
      {t('answerOf')} <Time at={sinceMs} />
    </Banner>
  );
}
