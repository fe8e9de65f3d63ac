import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { meQuery } from '../../api/me.ts';
import type { DatasetPlace } from './use-data.ts';
import { useDeed } from './use-deed.ts';

/** Which deed a dialog asks about, and who looks; the dataset is read again as soon as the dialog has closed. */
export function useAsked<Deed extends string>({ place, rights }: DatasetPlace, requester: string) {
  const { refresh } = useDeed(place);
  const [asked, ask] = useState<Deed | null>(null);
  const me = useQuery(meQuery).data?.identity?.person ?? null;
  const close = (): void => {
    ask(null);
    refresh();
  };
  // Whoever asked for something does not approve it.
  return { asked, ask, close, canApprove: rights.includes('approval.vote') && me !== requester };
}
