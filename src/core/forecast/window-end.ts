import type { Launch } from '../launch/launch.ts';
import { windowFault } from '../launch/window.ts';

const minuteMs = 60_000;
const daysAhead = 8;

/**
 * When steps that write may not begin any more: the end of the change window that is open at an instant, or of the next to open. Null where there is no
 * window, where none opens, or where it stays open for eight days.
 */
export function windowEnd(launch: Pick<Launch, 'windows'>, atMs: number): number | null {
  if (launch.windows.length === 0) return null;
  const closed = windowFault(launch, atMs, []);
  if (closed !== null && closed.opensAtMs === null) return null;
  const openMs = closed?.opensAtMs ?? atMs;
  const firstMs = (Math.floor(openMs / minuteMs) + 1) * minuteMs;
  // Minute by minute: a window may end at any, and the clocks of its zone may change inside it.
  for (let ms = firstMs; ms <= firstMs + daysAhead * 1_440 * minuteMs; ms += minuteMs)
    if (windowFault(launch, ms, []) !== null) return ms;
  return null;
}
