import { Cron } from 'croner';

import { mostSlots } from './schedule.ts';
import type { ScheduleEntry } from './schedule.ts';

/**
 * Returns when an entry is due after one moment and up to another, milliseconds since the epoch, oldest first; of more than `mostSlots` the newest.
 * A time of day that the clocks skip is due when they have skipped it; one that comes twice is due once. Throws for a pattern or zone that cannot be read.
 */
export function listSlots(
  { cron, timeZone }: Pick<ScheduleEntry, 'cron' | 'timeZone'>,
  { afterMs, untilMs }: { afterMs: number; untilMs: number },
): number[] {
  if (untilMs <= afterMs) return [];
  const pattern = new Cron(cron, { timezone: timeZone, paused: true });
  const found: number[] = [];
  // Strictly before the moment asked for, hence one millisecond more.
  for (let before = untilMs + 1; found.length < mostSlots;) {
    const at = pattern.previousRuns(1, new Date(before))[0]?.getTime();
    if (at === undefined || at <= afterMs) break;
    found.push(at);
    before = at;
  }
  return found.toReversed();
}
