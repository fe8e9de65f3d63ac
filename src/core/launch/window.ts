import type { Launch } from './launch.ts';
import type { Place } from './place.ts';

/** The days of a week as windows name them, in the order of `Date.getUTCDay`. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** A stretch of some days, by the clock on the wall of a time zone, in which steps that write may begin. */
export interface ChangeWindow {
  /** In the order of the week. A window over midnight belongs to the day on which it begins. */
  days: Weekday[];
  /** Minutes after midnight; `toMinute` is the first that is outside, and lies before `fromMinute` where the window goes over midnight. */
  fromMinute: number;
  toMinute: number;
  /** Name of the IANA time zone database. */
  zone: string;
  /** Labels that lift the window, such as `emergency`. */
  except: string[];
  at: Place;
}

/** Why a step that writes may not begin now, and when it may. */
export interface WindowFault {
  code: 'outside_window';
  reason: string;
  /** When the next window opens; null where none does within eight days. */
  opensAtMs: number | null;
}

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** Null where a step that writes may begin at this instant: inside a window, where there is none, or where a label lifts one (T29). */
export function windowFault(
  { windows }: Pick<Launch, 'windows'>,
  nowMs: number,
  labels: readonly string[],
): WindowFault | null {
  const isLifted = windows.some(({ except }) => except.some((label) => labels.includes(label)));
  if (windows.length === 0 || isLifted || windows.some((window) => isOpen(window, nowMs))) return null;
  const openings = windows.flatMap((window) => nextOpening(window, nowMs) ?? []);
  const expected = windows.map(printWindow).join(' or ');
  return {
    code: 'outside_window',
    reason: `steps that write: expected ${expected}, got ${printInstant(nowMs, windows)}`,
    opensAtMs: openings.length === 0 ? null : Math.min(...openings),
  };
}

/** Whether the clock on the wall of the window's zone stands inside it. An hour that comes twice is inside both times, one that is left out never. */
function isOpen({ days, fromMinute, toMinute, zone }: ChangeWindow, nowMs: number): boolean {
  const { day, minute } = wallClock(zone, nowMs);
  const isOn = (back: number): boolean => days.includes(weekdays[(day - back + 7) % 7]!);
  if (fromMinute < toMinute) return isOn(0) && minute >= fromMinute && minute < toMinute;
  return (isOn(0) && minute >= fromMinute) || (isOn(1) && minute < toMinute);
}

/** The first minute inside the window after an instant at which it is closed. */
function nextOpening(window: ChangeWindow, nowMs: number): number | null {
  const { minute } = wallClock(window.zone, nowMs);
  const firstMs = Math.floor(nowMs / minuteMs) * minuteMs + (window.fromMinute - minute) * minuteMs;
  for (let days = 0; days <= 8; days += 1) {
    const opens = openingNear(window, firstMs + days * dayMs, nowMs);
    if (opens !== null) return opens;
  }
  return null;
}

/** A change of the clocks may move an opening, by three hours at most in the whole time zone database since 1970. */
function openingNear(window: ChangeWindow, guessMs: number, afterMs: number): number | null {
  const { minute } = wallClock(window.zone, guessMs);
  const direct = guessMs + (((window.fromMinute - minute + 2_160) % 1_440) - 720) * minuteMs;
  const starts = (ms: number): boolean => ms > afterMs && isOpen(window, ms) && !isOpen(window, ms - minuteMs);
  if (starts(direct)) return direct;
  const isNear = [-180, 0, 180].some((away) => {
    const { day } = wallClock(window.zone, direct + away * minuteMs);
    return window.days.includes(weekdays[day]!);
  });
  if (!isNear) return null;
  for (let ms = direct - 180 * minuteMs; ms <= direct + 180 * minuteMs; ms += minuteMs) if (starts(ms)) return ms;
  return null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Day of the week from 0 for Sunday, and minutes after midnight. */
function wallClock(zone: string, atMs: number): { day: number; minute: number } {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const day = weekdays.indexOf((parts.get('weekday') ?? '').toLowerCase() as Weekday);
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  const made = new Intl.DateTimeFormat('en-US', options);
  formats.set(zone, made);
  return made;
}

function printWindow({ days, fromMinute, toMinute, zone }: ChangeWindow): string {
  return `${days.join(', ')} ${printMinute(fromMinute)}-${printMinute(toMinute)} ${zone}`;
}

function printInstant(nowMs: number, windows: readonly ChangeWindow[]): string {
  const zones = [...new Set(windows.map(({ zone }) => zone))];
  return zones
    .map((zone) => {
      const { day, minute } = wallClock(zone, nowMs);
      return `${weekdays[day] ?? ''} ${printMinute(minute)} ${zone}`;
    })
    .join(', ');
}

function printMinute(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
