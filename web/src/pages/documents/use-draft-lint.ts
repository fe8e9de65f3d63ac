import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { lintDraft } from '../../api/client.generated.ts';

const settleMs = 400;

/** What the API says about a text, asked when the writer pauses. It is about `text` only while `isCurrent`. */
export function useDraftLint(launch: string, path: string, text: string) {
  const settled = useSettled(text);
  const query = useQuery({
    queryKey: ['launches', launch, 'drafts', path, settled],
    queryFn: ({ signal }) => lintDraft({ launch, body: { path, text: settled } }, { signal }),
    placeholderData: (before) => before,
    gcTime: 0,
  });
  return { query, isCurrent: settled === text && !query.isPlaceholderData && query.isSuccess };
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
