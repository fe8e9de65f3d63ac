import type { HomeLane, HomePlace } from '../core/home/home-item.ts';
import type { Shown } from '../engine/acceptance/sight-desk.ts';
import type { Sight } from '../store/acceptance.ts';

/** Somebody was shown a piece of work. */
export function toWork(launch: string, subject: string): Shown {
  return { launch, toSight: () => ({ kind: 'work', subject }) };
}

interface ShownHome {
  items: readonly { launch: string | null; mine: boolean; place: HomePlace }[];
  lanes: readonly { lane: HomeLane; unavailable: readonly unknown[] }[];
}

const waitingLanes: readonly HomeLane[] = ['follow-up', 'waiting'];

/** What Home showed of a launch: the work for whoever looked, and whether what waits was known in full. */
export function toHomeSight({ items, lanes }: ShownHome, launch: string): Sight {
  const mine = items.filter((item) => item.mine && item.launch === launch);
  const waiting = lanes.filter(({ lane }) => waitingLanes.includes(lane));
  const isWaitingKnown =
    waiting.length === waitingLanes.length && waiting.every(({ unavailable }) => unavailable.length === 0);
  return { kind: 'home', isWaitingKnown, work: mine.map(({ place }) => subjectsOf(place)).filter(isNamed) };
}

function isNamed(subjects: readonly string[]): boolean {
  return subjects.length > 0;
}

/** Everything that a piece of work is known by, the page on which it is done first. */
function subjectsOf(place: HomePlace): string[] {
  if (place.kind === 'run')
    return [`run:${place.run}`, ...(place.step === null ? [] : [`step:${place.run}/${place.step}`])];
  if (place.kind === 'gate')
    return [`gate:${place.gate}`, ...(place.criterion === null ? [] : [`criterion:${place.criterion}`])];
  return [];
}
