import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';

import { readRunLog } from '../../../api/client.generated.ts';
import type { LogPart } from '../../../api/client.generated.ts';
import { useLive } from '../../../api/live.tsx';
import { runKey } from '../use-run.ts';

/** Pieces that are asked for at once, and how many are kept: older ones of a very long log are left out, which is said. */
const pageSize = 1_000;
const mostParts = 20_000;

/** What a step said so far. */
export interface Log {
  parts: LogPart[];
  /** Where to go on. */
  cursor: string | null;
  /** Its beginning is not among the pieces. */
  isCut: boolean;
}

/** The log of a step. While it runs only what is new is asked for, every second. */
export function useStepLog(run: string, step: string, isRunning: boolean): UseQueryResult<Log> {
  const queryKey = [...runKey(run), 'log', step];
  useLive({ run, types: ['step'] }, queryKey);
  return useQuery<Log>({
    queryKey,
    queryFn: async ({ signal, client }) => {
      let log = client.getQueryData<Log>(queryKey) ?? { parts: [], cursor: null, isCut: false };
      for (let more = true; more;) {
        const page = await readRunLog({ run, step, limit: pageSize, ...cursorOf(log) }, { signal });
        const parts = [...log.parts, ...page.items];
        log = { parts: parts.slice(-mostParts), cursor: page.cursor, isCut: log.isCut || parts.length > mostParts };
        more = page.more;
      }
      return log;
    },
    refetchInterval: isRunning ? 1_000 : false,
    structuralSharing: false,
  });
}

function cursorOf({ cursor }: Log): { cursor?: string } {
  return cursor === null ? {} : { cursor };
}
