import type { JsonObject } from '@tminus/verify';

import { text } from './trello-items.ts';

/** The day of a card, and where it comes from: the due date, else one in its name, else the day of its last activity. */
export interface CardDate {
  day: string | null;
  from: 'due' | 'name' | 'activity' | 'none';
  /** Something that looks like a date and is none, or could be two. */
  isInvalid: boolean;
}

const iso = /\b(\d{4})-(\d{1,2})-(\d{1,2})\b/;
const dotted = /\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/;
/** Month first or day first: only a number beyond 12 says which. */
const slashed = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/;

/** Returns the day of a card (D35: due, then name, then last activity). A date that cannot be read is told, and the next source is taken. */
export function dateOfCard(card: JsonObject): CardDate {
  const due = text(card['due']);
  const isDueInvalid = due !== '' && dayOf(due) === null;
  if (dayOf(due) !== null) return { day: dayOf(due), from: 'due', isInvalid: false };
  const named = dayInName(text(card['name']));
  const isInvalid = isDueInvalid || named === 'invalid';
  if (named !== null && named !== 'invalid') return { day: named, from: 'name', isInvalid };
  const day = dayOf(text(card['dateLastActivity']));
  return { day, from: day === null ? 'none' : 'activity', isInvalid };
}

function dayOf(instant: string): string | null {
  const day = /^(\d{4})-(\d\d)-(\d\d)T/.exec(instant);
  return day ? toDay(day[1], day[2], day[3]) : null;
}

/** Returns the day that a name holds, `invalid` for one that is none or ambiguous, null where it holds nothing like it. */
export function dayInName(name: string): string | null {
  const found = iso.exec(name);
  if (found) return toDay(found[1], found[2], found[3]) ?? 'invalid';
  const german = dotted.exec(name);
  if (german) return toDay(german[3], german[2], german[1]) ?? 'invalid';
  const either = slashed.exec(name);
  if (!either) return null;
  const days = [toDay(either[3], either[1], either[2]), toDay(either[3], either[2], either[1])];
  const [first = null, ...others] = [...new Set(days.filter((day) => day !== null))];
  return first === null || others.length > 0 ? 'invalid' : first;
}

function toDay(year = '', month = '', day = ''): string | null {
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = Date.parse(`${written}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== written ? null : written;
}
