import type { ErrorComponentProps } from '@tanstack/react-router';

import { ErrorState } from '../kit/error-state.tsx';

/** Shown in the place of a page that broke as a whole; the navigation around it stays. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error} onRetry={reset} />;
}
