import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { launchKey } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { showToast } from '../../kit/toast.tsx';

/** Something that a button begins: whether it is being asked for, and asking for it. The dataset is read again afterwards, whatever came of it. */
export function useDeed(place: LaunchPlace) {
  const client = useQueryClient();
  const [isPending, setIsPending] = useState(false);
  const refresh = (): void => void client.invalidateQueries({ queryKey: launchKey(place, 'datasets').slice(0, 3) });
  const attempt = async (deed: () => Promise<unknown>): Promise<void> => {
    setIsPending(true);
    try {
      await deed();
    } catch (error) {
      showToast('fail', error instanceof Error ? error.message : String(error));
    } finally {
      setIsPending(false);
      refresh();
    }
  };
  return { isPending, refresh, attempt: (deed: () => Promise<unknown>) => void attempt(deed) };
}
