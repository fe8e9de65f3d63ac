import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';

import { listChecks, readGate, readLaunch } from '../api/client.generated.ts';
import { useLive, useLiveEach } from '../api/live.tsx';

/** A gate that is looked at. */
export interface GatePlace {
  launch: string;
  gate: string;
  /** The launch's own where it is undefined. */
  environment: string | undefined;
}

/** A launch in an environment. */
export type LaunchPlace = Omit<GatePlace, 'gate'>;

/** The environment as calls take it. */
export function inEnvironment({ environment }: { environment: string | undefined }): { environment?: string } {
  return environment === undefined ? {} : { environment };
}

/** Key of everything that is asked about a launch. */
export function launchKey({ launch, environment }: LaunchPlace, ...more: string[]): QueryKey {
  return ['launches', launch, ...more, environment ?? ''];
}

/** How a gate is asked for; the same wherever it is shown. */
export function gateQuery(place: GatePlace) {
  const { launch, gate } = place;
  return queryOptions({
    queryKey: launchKey(place, 'gates', gate),
    queryFn: ({ signal }) => readGate({ launch, gate, ...inEnvironment(place) }, { signal }),
    // Freshness goes by the clock: evidence gets stale without anybody doing anything.
    refetchInterval: 15_000,
  });
}

/** The gate as it is decided now, asked again when anything of its launch changes. */
export function useGate(place: GatePlace) {
  const query = gateQuery(place);
  useLive({ launch: place.launch }, query.queryKey);
  return useQuery(query);
}

/** Several gates of a launch, each as `useGate` has it. */
export function useGates(place: LaunchPlace, gates: readonly string[]) {
  const queries = gates.map((gate) => gateQuery({ ...place, gate }));
  useLiveEach(
    { launch: place.launch },
    queries.map(({ queryKey }) => queryKey),
  );
  return useQueries({ queries });
}

/** The launch as its documents declare it. */
export function useLaunch(place: LaunchPlace) {
  const { launch } = place;
  const queryKey = launchKey(place, 'declared');
  useLive({ launch, types: ['changed'] }, queryKey);
  return useQuery({ queryKey, queryFn: ({ signal }) => readLaunch({ launch, ...inEnvironment(place) }, { signal }) });
}

/** Checks of a launch and the newest round; asked often while one is under way. */
export function useChecks(place: LaunchPlace) {
  const { launch } = place;
  const queryKey = launchKey(place, 'checks');
  useLive({ launch, types: ['changed'] }, queryKey);
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => listChecks({ launch, ...inEnvironment(place) }, { signal }),
    refetchInterval: ({ state }) => (state.data?.round?.endedAtMs === null ? 500 : false),
  });
}
