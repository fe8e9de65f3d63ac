import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';

import { forecastRun } from '../../api/client.generated.ts';
import type { Forecast } from '../../api/client.generated.ts';
import { runKey } from './use-run.ts';

/** Samples that are enough for a page that is asked again all the time; the command line draws more. */
const samples = 300;

/** The key under which the forecast of a run is kept; whoever shows the run follows it live, once for all who draw it. */
export function forecastKey(run: string): readonly string[] {
  return [...runKey(run), 'forecast'];
}

/** When a run will be through, drawn from measured lengths. */
export function useForecast(run: string): UseQueryResult<Forecast> {
  return useQuery({
    queryKey: forecastKey(run),
    queryFn: ({ signal }) => forecastRun({ run, samples }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}
