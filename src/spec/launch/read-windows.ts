import type { ChangeWindow, Weekday } from '../../core/launch/window.ts';
import { weekdays } from '../../core/launch/window.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import { takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

/** Reads when steps that write may begin: a list of `{ days, from, to, zone, except }`. */
export function readWindows(draft: Draft, entry: WrittenEntry | null): void {
  if (entry === null) return;
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  if (items.length === 0)
    addProblem(draft.problems, 'value_invalid', entry.value.at, {
      message: 'windows holds no window',
      expected: 'at least one window',
      got: 'an empty list',
      hint: 'add one, or leave windows out where steps may begin at any time',
    });
  for (const item of items) {
    const window = readWindow(draft, item);
    if (window !== null) draft.launch.windows.push(window);
  }
}

function readWindow(draft: Draft, written: Written): ChangeWindow | null {
  const known = ['days', 'from', 'to', 'zone', 'except'];
  const keys = takeKeys(draft.problems, { owner: 'a window', written, known });
  if (written.kind !== 'map') return null;
  const days = readDays(draft, keys);
  const fromMinute = readMinute(draft, keys, 'from');
  const toMinute = readMinute(draft, keys, 'to');
  const zone = readZone(draft, keys);
  if (days === null || fromMinute === null || toMinute === null || zone === null) return null;
  const except = keys.list('except').map(({ text }) => text);
  if (fromMinute !== toMinute && fromMinute < 1_440)
    return { days, fromMinute, toMinute, zone, except: [...new Set(except)].toSorted(), at: written.at };
  addProblem(draft.problems, 'value_invalid', keys.at('to'), {
    message: 'a window is never open',
    expected: 'an end that differs from the beginning, which lies before 24:00',
    got: `${keys.text('from') ?? ''} to ${keys.text('to') ?? ''}`,
    hint: 'write from: "00:00" and to: "24:00" for the whole day',
  });
  return null;
}

function readDays(draft: Draft, keys: Keys): Weekday[] | null {
  const written = keys.list('days');
  const days = written.map(({ text, at }) => {
    const day = weekdays.find((known) => known === text.toLowerCase());
    if (day === undefined)
      addProblem(draft.problems, 'value_invalid', at, {
        message: 'a day of a window cannot be read',
        expected: weekdays.join(', '),
        got: text,
        hint: hintFor(text, weekdays, 'write the first three letters of the English name'),
      });
    return day;
  });
  if (written.length === 0) addMissing(draft, keys, 'days', 'a list of days, such as [tue, wed]');
  return days.length === 0 || days.includes(undefined) ? null : weekdays.filter((day) => days.includes(day));
}

/** Midnight at the end of a day is `24:00`, as ISO 8601-1 section 5.3.2 of 2004 writes it. */
function readMinute(draft: Draft, keys: Keys, key: 'from' | 'to'): number | null {
  const text = keys.text(key);
  if (text === null) {
    if (keys.entry(key) === null) addMissing(draft, keys, key, 'a time, such as "10:00"');
    return null;
  }
  const [, hours, minutes] = /^(\d{2}):([0-5]\d)$/.exec(text) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  if (minute <= 1_440) return minute;
  addProblem(draft.problems, 'value_invalid', keys.at(key), {
    message: `${key} of a window is no time of the day`,
    expected: 'hours and minutes from "00:00" to "24:00"',
    got: text,
    hint: 'write two digits each and quote them, such as "09:30"',
  });
  return null;
}

function readZone(draft: Draft, keys: Keys): string | null {
  const zone = keys.text('zone');
  if (zone === null) {
    if (keys.entry('zone') === null) addMissing(draft, keys, 'zone', 'a time zone, such as UTC or America/New_York');
    return null;
  }
  if (isZone(zone)) return zone;
  addProblem(draft.problems, 'value_invalid', keys.at('zone'), {
    message: 'the zone of a window is unknown',
    expected: 'a name of the IANA time zone database',
    got: zone,
    hint: 'write UTC, or a name such as America/New_York',
  });
  return null;
}

/** Whether a text names a zone. Offsets such as `+02:00` and abbreviations are no zones: they do not know when the clocks change. */
export function isZone(zone: string): boolean {
  if (zone !== 'UTC' && !/^[A-Z][A-Za-z_+-]+(?:\/[A-Za-z0-9_+-]+)+$/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function addMissing(draft: Draft, keys: Keys, key: string, expected: string): void {
  addProblem(draft.problems, 'key_missing', keys.at(key), {
    message: `a window has no ${key}`,
    expected: `${key}: with ${expected}`,
    got: 'none',
    hint: 'a window says days, from, to and zone',
  });
}
