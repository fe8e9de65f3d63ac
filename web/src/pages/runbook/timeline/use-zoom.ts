import { useCallback, useState } from 'react';
import type { KeyboardEvent } from 'react';

import { leastZoom, mostZoom } from './sizes.ts';

/** By how much one press goes nearer. */
export const zoomStep = 1.6;

/** How near one looks: 1 is all of it. `zoomBy(0)` goes back to that. */
export function useZoom(): { zoom: number; zoomBy: (factor: number) => void } {
  const [zoom, setZoom] = useState(1);
  const zoomBy = useCallback((factor: number) => {
    setZoom((now) => Math.max(leastZoom, Math.min(mostZoom, factor === 0 ? 1 : now * factor)));
  }, []);
  return { zoom, zoomBy };
}

/** The keys of the timeline: + and - for nearer and farther, 0 for all of it, n for now; what is none of them is handed on. */
export function toKeys(
  zoomBy: (factor: number) => void,
  goToNow: () => void,
  other: (event: KeyboardEvent) => void,
): (event: KeyboardEvent) => void {
  const keys: { [key: string]: () => void } = {
    '+': () => zoomBy(zoomStep),
    '-': () => zoomBy(1 / zoomStep),
    '0': () => zoomBy(0),
    n: goToNow,
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (Object.hasOwn(keys, event.key)) keys[event.key]?.();
    else other(event);
  };
}
