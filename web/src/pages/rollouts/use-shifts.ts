import { useQuery } from '@tanstack/react-query';

import { listRollouts, readShift, readShiftJournal, readShiftPoints } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { inEnvironment, launchKey } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';

/** A shift that is looked at. */
export interface ShiftPlace {
  place: LaunchPlace;
  shift: string;
}

/** The rollouts of a launch with what was begun of them. */
export function useRollouts(place: LaunchPlace) {
  const queryKey = launchKey(place, 'rollouts');
  useLive({ launch: place.launch, types: ['rollout', 'shift', 'changed'] }, queryKey);
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => listRollouts({ launch: place.launch, ...inEnvironment(place) }, { signal }),
    refetchInterval: 15_000,
  });
}

/** How often a shift under way is asked for again: a look that changes nothing sends no event. */
const lookMs = 2_000;

/** Under which one shift is kept in the page. */
export function shiftKey({ place, shift }: ShiftPlace) {
  return launchKey(place, 'shifts', shift);
}

/** One shift as it stands. */
export function useShift({ place, shift }: ShiftPlace) {
  const queryKey = shiftKey({ place, shift });
  useLive({ launch: place.launch, types: ['rollout', 'shift', 'changed'] }, queryKey);
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => readShift({ launch: place.launch, shift, ...inEnvironment(place) }, { signal }),
    refetchInterval: ({ state }) => (state.data?.endedAt === null ? lookMs : false),
  });
}

/** Weights and evidence of a shift against time. */
export function useShiftPoints({ place, shift }: ShiftPlace, isOpen: boolean) {
  return useQuery({
    // Asked for once more when it has ended: the last look says that the weight is back.
    queryKey: [...launchKey(place, 'shifts', shift, 'points'), isOpen],
    queryFn: ({ signal }) => readShiftPoints({ launch: place.launch, shift, ...inEnvironment(place) }, { signal }),
    refetchInterval: isOpen ? 2 * lookMs : false,
    placeholderData: (before) => before,
  });
}

/** What was seen, decided and set, from the beginning. */
export function useShiftJournal({ place, shift }: ShiftPlace, entries: number) {
  return useQuery({
    queryKey: [...launchKey(place, 'shifts', shift, 'journal'), entries],
    queryFn: ({ signal }) => readShiftJournal({ launch: place.launch, shift, ...inEnvironment(place) }, { signal }),
    placeholderData: (before) => before,
  });
}
