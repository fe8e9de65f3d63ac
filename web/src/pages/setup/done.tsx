import { useTranslations } from 'use-intl/react';

import type { CompleteSetupAnswer } from '../../api/client.generated.ts';
import { Status } from '../../kit/status.tsx';
import { BarePage, bareStyles } from '../../shell/bare-page.tsx';

/** What the first account may do, and what to do next. Plain links: the pages begin anew, as somebody who is signed in. */
export function Done({ made }: { made: CompleteSetupAnswer }) {
  const t = useTranslations('setup');
  return (
    <BarePage title={t('doneTitle')} lead={made.email}>
      {made.admins.map(({ launch, named, why }) => (
        <Status key={launch} of={named ? 'pass' : 'warning'}>
          {named ? t('isAdmin', { launch }) : t('isNoAdmin', { launch, why })}
        </Status>
      ))}
      {made.admins.length === 0 ? <p>{t('noPersonHint')}</p> : null}
      <p>{t('factorHint')}</p>
      <div className={bareStyles.block}>
        <a href="/settings">{t('toFactors')}</a>
        <a href="/">{t('toHome')}</a>
      </div>
    </BarePage>
  );
}
