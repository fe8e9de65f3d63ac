import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { listDatasets, listFixes } from '../../api/client.generated.ts';
import type { Dataset, ListDatasetsAnswer } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { inEnvironment, launchKey } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';

/** Everything that a part of the page of a dataset needs to act on it. */
export interface DatasetPlace {
  at: { launch: string; dataset: string; environment?: string };
  place: LaunchPlace;
  dataset: Dataset;
  rights: ListDatasetsAnswer['rights'];
  production: boolean;
}

/** The datasets of a launch; asked often while anything is under way with one of them. */
export function useDatasets(place: LaunchPlace) {
  const queryKey = launchKey(place, 'datasets');
  useLive({ launch: place.launch, types: ['evidence', 'changed'] }, queryKey);
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => listDatasets({ launch: place.launch, ...inEnvironment(place) }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(({ work }) => work?.endedAtMs === null) ? 500 : 15_000),
  });
}

/** The fixes of a dataset, the newest first. */
export function useFixes({ at, place }: Pick<DatasetPlace, 'at' | 'place'>) {
  const queryKey = launchKey(place, 'datasets', at.dataset, 'fixes');
  return useQuery({ queryKey, queryFn: ({ signal }) => listFixes(at, { signal }) });
}

/** Asks everything about a dataset again as soon as work on it has ended: then it is another one. */
export function useRefreshAfterWork({ place, dataset }: Pick<DatasetPlace, 'place' | 'dataset'>): void {
  const client = useQueryClient();
  const ended = dataset.work?.endedAtMs ?? null;
  const { launch } = place;
  useEffect(() => {
    if (ended !== null) void client.invalidateQueries({ queryKey: ['launches', launch, 'datasets', dataset.id] });
  }, [client, ended, launch, dataset.id]);
}
