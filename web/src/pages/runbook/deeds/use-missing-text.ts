import { useCallback } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Missing } from '../what-i-can.ts';

/** Says what keeps a person from a deed: who may, or which right it wants; null where nothing does. */
export function useMissingText(): (missing: Missing) => string | null {
  const t = useTranslations('runbook.deed');
  return useCallback(
    (missing) => {
      if (missing === null) return null;
      if ('right' in missing) return t('lacksRight', { right: missing.right });
      return missing.people.length === 0 ? t('nobodyCan') : t('othersCan', { people: missing.people.join(', ') });
    },
    [t],
  );
}
