import { useState } from 'react';

/** A deed that may be refused: what became of the last try, and a way to try. */
export function useTry(): { error: unknown; isPending: boolean; attempt: (deed: () => Promise<unknown>) => void } {
  const [error, setError] = useState<unknown>(null);
  const [isPending, setIsPending] = useState(false);
  const attempt = (deed: () => Promise<unknown>): void => {
    setIsPending(true);
    setError(null);
    deed().then(
      () => setIsPending(false),
      (fault: unknown) => {
        setError(fault);
        setIsPending(false);
      },
    );
  };
  return { error, isPending, attempt };
}
