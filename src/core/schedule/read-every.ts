import { Cron } from 'croner';

/** Hour and minute of a day. */
export interface TimeOfDay {
  hour: number;
  minute: number;
}

/**
 * Returns the cron pattern of `1d` (each day), `1w` (each Monday) or five fields of cron, at a time of the day where one is given; null where it says nothing
 * that can be kept: a number of days has no place in a week, and a pattern that never comes would never be missed.
 */
export function toCron(every: string, at: TimeOfDay | null): string | null {
  const { hour, minute } = at ?? { hour: 0, minute: 0 };
  if (every === '1d') return `${minute} ${hour} * * *`;
  if (every === '1w') return `${minute} ${hour} * * 1`;
  if (at !== null || every.trim().split(/\s+/).length !== 5) return null;
  return shortestPauseMs(every) === null ? null : every.trim().split(/\s+/).join(' ');
}

/** Returns the hour and minute of `09:30`, or null. */
export function readTimeOfDay(text: string): TimeOfDay | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? null : { hour: Number(match[1]), minute: Number(match[2]) };
}

/** Whether this is the name of a time zone that can be read. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** How many slots are looked at for the shortest pause: enough for a pattern of a week with several times a day. */
const looked = 100;

/** Returns the shortest pause between two slots of a pattern, without the hours that clocks skip; null where it cannot be read or comes less than twice. */
export function shortestPauseMs(cron: string): number | null {
  try {
    const runs = new Cron(cron, { timezone: 'UTC', paused: true }).nextRuns(looked, new Date(0));
    const pauses = runs.slice(1).map((run, index) => run.getTime() - (runs[index]?.getTime() ?? 0));
    return pauses.length === 0 ? null : Math.min(...pauses);
  } catch {
    return null;
  }
}

/** Returns when a pattern comes due next after a moment; null where it never does. */
export function nextSlotMs({ cron, timeZone }: { cron: string; timeZone: string }, afterMs: number): number | null {
  return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(afterMs))?.getTime() ?? null;
}
