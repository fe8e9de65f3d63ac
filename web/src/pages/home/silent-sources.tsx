import { useTranslations } from 'use-intl/react';

import type { HomeSource } from '../../api/client.generated.ts';
import { Banner } from '../../kit/banner.tsx';
import styles from './home.module.css';

/** Sources that did not answer, each with why: what is in them is unknown, and not nothing. */
export function SilentSources({ sources }: { sources: readonly HomeSource[] }) {
  const t = useTranslations('home');
  return (
    <Banner tone="unknown" icon="unknown" title={t('unavailable')}>
      <ul className={styles.sources}>
        {sources.map(({ kind, launch, trouble }) => (
          <li key={`${kind} ${launch ?? ''}`}>
            {t('sourceOf', { source: t(`source.${kind}`), launch: launch ?? t('installation') })}: {trouble}
          </li>
        ))}
      </ul>
    </Banner>
  );
}
