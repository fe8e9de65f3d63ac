import type { CanonColumn, CanonType } from '../canon.ts';
import { toCanonText } from '../canon/to-canon-text.ts';
import { UnreadableValue } from '../canon/unreadable-value.ts';

const dates: readonly CanonType[] = ['timestamptz', 'timestamp', 'date', 'time'];

/** Returns whether a text is the one that `canon/1` has for its value. */
export function isCanonical(text: string, column: Pick<CanonColumn, 'type' | 'scale'>): boolean {
  if (column.type === 'text') return true;
  if (column.type !== 'time' && isDateType(column.type) && !hasDay(text)) return false;
  try {
    return toCanonText(text, column) === text;
  } catch (error) {
    if (error instanceof UnreadableValue) return false;
    throw error;
  }
}

/** Returns whether a type is a date or a time. */
export function isDateType(type: CanonType): boolean {
  return dates.includes(type);
}

/** The calendar has this day, as far as four digits of a year go; `infinity` and other eras are left to the text. */
function hasDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}(?!\d)/.exec(text)?.[0];
  if (day === undefined || text.endsWith('BC')) return true;
  const instant = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(day);
}
