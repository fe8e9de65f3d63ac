import { useState } from 'react';

/** Something that a window does: at work, what went wrong, and beginning it. `onDone` only where it was done. */
export function useAction(action: () => Promise<unknown>, onDone: () => void) {
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = (): void => {
    setIsPending(true);
    setError(null);
    action().then(onDone, (reason: unknown) => {
      setError(reason ?? new Error('unknown'));
      setIsPending(false);
    });
  };
  return { isPending, error, run };
}
