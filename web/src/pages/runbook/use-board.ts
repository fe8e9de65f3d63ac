import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { compareRuns, listLaunchRuns } from '../../api/client.generated.ts';
import type { Run } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import type { Board } from './board.ts';
import { useRunNow } from './run-clock.ts';
import { toBoard } from './to-board.ts';
import { forecastKey, useForecast } from './use-forecast.ts';
import { runKey } from './use-run.ts';

/** The board of a run, with its forecast and how long its steps took in the newest rehearsal, as far as these are known. */
export function useBoard(run: Run): Board {
  // Not with every step: a forecast is drawn hundreds of times, and is asked again by itself.
  useLive({ run: run.id, types: ['execution', 'system'] }, forecastKey(run.id));
  const { data: forecast } = useForecast(run.id);
  const rehearsed = useRehearsed(run);
  const tickMs = Math.floor(useRunNow(run) / 10_000) * 10_000;
  // While a hold is open T-0 moves away with every second; else the board is that of the last answer.
  const isOpen = run.endedAtMs === null && run.count !== null && run.count.t0Ms === null;
  const nowMs = isOpen ? Math.max(run.nowMs, tickMs) : run.nowMs;
  return useMemo(
    () =>
      toBoard(run, nowMs, {
        forecastEnds: new Map(forecast?.steps.map(({ step, endMs }) => [step, endMs.p50])),
        critical: new Set(forecast?.criticalPath),
        rehearsed,
      }),
    [run, nowMs, forecast, rehearsed],
  );
}

const nothing: ReadonlyMap<string, number> = new Map();

/** Lengths of the steps in the newest rehearsal that went through; empty for a rehearsal, which is laid beside nothing. */
function useRehearsed({ id, mode, launch, procedure }: Run): ReadonlyMap<string, number> {
  const { data } = useQuery({
    queryKey: [...runKey(id), 'rehearsed'],
    enabled: mode === 'live',
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const { items } = await listLaunchRuns({ launch, mode: 'rehearsal', limit: 50 }, { signal });
      const through = items.filter((one) => one.procedure === procedure && one.endedAtMs !== null);
      const other = through.find(({ state }) => state === 'completed') ?? through[0];
      if (other === undefined) return nothing;
      const { steps } = await compareRuns({ run: id, with: other.id }, { signal });
      return new Map(
        steps.flatMap(({ step, with: there }) => (there?.lengthMs == null ? [] : [[step, there.lengthMs]])),
      );
    },
    structuralSharing: false,
  });
  return data ?? nothing;
}
