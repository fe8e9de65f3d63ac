import { useTranslations } from 'use-intl/react';

import { EmptyState } from '../kit/empty-state.tsx';
import { LinkButton } from '../kit/link-button.tsx';
import { Page } from '../kit/page.tsx';

/** Shown for an address that leads nowhere. */
export function NotFound() {
  const t = useTranslations('shell');
  return (
    <Page title={t('notFound')}>
      <EmptyState title={t('notFoundHint')} />
      <div>
        <LinkButton to="/" icon="home">
          {t('home')}
        </LinkButton>
      </div>
    </Page>
  );
}
