import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';

import { readRun } from '../../api/client.generated.ts';
import type { Run } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';

/** The key under which everything of a run is kept: what is invalidated with it covers steps, log and approvals. */
export function runKey(run: string): readonly string[] {
  return ['runs', run];
}

/** A run as it stands, asked again after everything that happens to it. */
export function useRun(run: string): UseQueryResult<Run> {
  const queryKey = [...runKey(run), 'state'];
  useLive({ run, types: ['execution', 'step', 'approval', 'system'] }, queryKey);
  return useQuery({ queryKey, queryFn: ({ signal }) => readRun({ run }, { signal }) });
}
