import { useMemo } from 'react';

import type { Run } from '../../api/client.generated.ts';
import { useNow } from '../../kit/clock.ts';

/** Less than this is the way of the answer, and no other clock. */
const leastSkewMs = 5_000;

/** How far the clock of a run is ahead of that on the wall: a rehearsal does not wait for days. `receivedMs` is when the answer came. */
export function skewOf({ nowMs, endedAtMs }: Pick<Run, 'nowMs' | 'endedAtMs'>, receivedMs: number): number {
  if (endedAtMs !== null) return 0;
  const skew = nowMs - receivedMs;
  return Math.abs(skew) < leastSkewMs ? 0 : skew;
}

/** Now, by the clock of the run, ticking; the end of a run that has ended. */
export function useRunNow(run: Pick<Run, 'nowMs' | 'endedAtMs'>): number {
  const now = useNow();
  // The answer and the tick of the same second: only a new answer moves it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const skew = useMemo(() => skewOf(run, now), [run.nowMs, run.endedAtMs]);
  return run.endedAtMs ?? now + skew;
}
