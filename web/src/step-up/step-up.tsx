import { lazy, Suspense, useSyncExternalStore } from 'react';

import { readWish, subscribeToWish } from './step-up-wish.ts';

const StepUpDialog = lazy(async () => ({ default: (await import('./step-up-dialog.tsx')).StepUpDialog }));

/** The window that asks for a second factor where a request wants one; the shell has the one that there is. */
export function StepUp() {
  const wish = useSyncExternalStore(subscribeToWish, readWish);
  if (wish === null) return null;
  return (
    <Suspense fallback={null}>
      <StepUpDialog wish={wish} />
    </Suspense>
  );
}
