import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';

import { axisHeight, rowHeight } from './sizes.ts';
import type { Row } from './to-rows.ts';

/** Which lines are in the page (those in sight, and the one that Tab leads to), and the keys that walk from step to step. */
export function useRows(rows: readonly Row[], scroller: RefObject<HTMLDivElement | null>) {
  const [wanted, setWanted] = useState(0);
  const moved = useRef(false);
  const steps = rows.flatMap(({ kind }, index) => (kind === 'step' ? [index] : []));
  const active = steps.includes(wanted) ? wanted : (steps[0] ?? -1);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    paddingStart: axisHeight,
    scrollPaddingStart: axisHeight,
    useFlushSync: false,
  });
  const seen = virtualizer.getVirtualItems().map(({ index }) => index);
  const shown = active === -1 || seen.includes(active) ? seen : [...seen, active];
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true });
  });
  const go = (index: number): void => {
    moved.current = true;
    virtualizer.scrollToIndex(index);
    setWanted(index);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = moveTo(event.key, steps, steps.indexOf(active));
    if (to === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(to);
  };
  return { shown, active, setActive: setWanted, onKeyDown };
}

/** Steps that PageUp and PageDown go over. */
const page = 12;

function moveTo(key: string, steps: readonly number[], at: number): number | null {
  const places: { [key: string]: number } = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: steps.length - 1,
  };
  const to = Object.hasOwn(places, key) ? places[key] : undefined;
  return to === undefined ? null : (steps[Math.max(0, Math.min(steps.length - 1, to))] ?? null);
}
