import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';

/** How many requests went to the new version; never a number that nobody counted. */
export function Exposed({ of: { requests, exact } }: { of: Shift['exposed'] }) {
  const t = useTranslations('rollouts');
  if (exact === null) return <span>{t('uncounted')}</span>;
  return <span>{t(exact ? 'requests' : 'atLeast', { count: requests })}</span>;
}
