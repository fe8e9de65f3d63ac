import { useTranslations } from 'use-intl/react';

import { ApiError, isProblem } from '../../api/api-error.ts';
import { ErrorState } from '../../kit/error-state.tsx';
import { BareAlert } from '../../shell/bare-page.tsx';

/** Why nobody was signed in, in plain words where there are some. */
export function Refusal({ error, words }: { error: unknown; words: string }) {
  const t = useTranslations('signIn');
  if (error === null) return null;
  if (isProblem(error, 'sign_in_refused')) return <BareAlert>{words}</BareAlert>;
  if (error instanceof ApiError && error.problem.code === 'too_many_requests') {
    const minutes = Math.max(1, Math.ceil((error.problem.retryAfterS ?? 60) / 60));
    return <BareAlert>{t('tooMany', { minutes })}</BareAlert>;
  }
  return <ErrorState error={error} />;
}
