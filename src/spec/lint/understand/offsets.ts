/** A moment relative to T-0, as somebody wrote it. */
export interface Offset {
  /** Milliseconds from T-0; null where the words give an order but no distance (`Monday`, `Phase 2`). */
  ms: number | null;
  spelling: string;
  index: number;
}

const hour = 3_600_000;
const unitMs: Record<string, number> = { m: 60_000, h: hour, d: 24 * hour, w: 7 * 24 * hour };
const marked = /(?<![\w/-])[TLJ] ?([-+−–]) ?(\d{1,3})(?: ?(minutes?|mins?|hours?|hrs?|days?|weeks?|[mhdw]))?(?![\w-])/i;
const zero = /(?<![\w/-])T(?:[-+ ]?0|-zero)(?![\w-])/i;
const relative =
  /\b(\d{1,3}|one|two|three|four) (minute|hour|day|week|month)s? (before|prior to|after|post)\b(?: (?:the )?(go-?live|launch|cut-?over|release|deploy\w*|migration|switch|event))?/i;
const numbered = /\b(Week|Day|Month) (\d{1,2})\b(?!\s*[-–]\s*\d)/;
const weekday = /\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b/;
const words: Record<string, number> = { one: 1, two: 2, three: 3, four: 4 };

/** Returns the first offset in a text, in any of the spellings that runbooks use, or null. */
export function readOffset(text: string): Offset | null {
  const mark = marked.exec(text);
  if (mark !== null) {
    const unit = (mark[3] ?? 'd')[0]?.toLowerCase() ?? 'd';
    const sign = mark[1] === '+' ? 1 : -1;
    return { ms: sign * Number(mark[2]) * (unitMs[unit] ?? 0) + 0, spelling: mark[0], index: mark.index };
  }
  const start = zero.exec(text);
  if (start !== null) return { ms: 0, spelling: start[0], index: start.index };
  return readRelative(text) ?? readNumbered(text);
}

function readRelative(text: string): Offset | null {
  const match = relative.exec(text);
  if (match === null) return null;
  const count = words[(match[1] ?? '').toLowerCase()] ?? Number(match[1]);
  const unit =
    (match[2] ?? '').toLowerCase() === 'month'
      ? 30 * (unitMs['d'] ?? 0)
      : (unitMs[(match[2] ?? 'd')[0]?.toLowerCase() ?? 'd'] ?? 0);
  const sign = /before|prior/i.test(match[3] ?? '') ? -1 : 1;
  return { ms: sign * count * unit, spelling: match[0], index: match.index };
}

function readNumbered(text: string): Offset | null {
  const match = numbered.exec(text);
  if (match === null) return null;
  const unit =
    match[1] === 'Month' ? 30 * (unitMs['d'] ?? 0) : (unitMs[(match[1] ?? 'd')[0]?.toLowerCase() ?? 'd'] ?? 0);
  return { ms: (Number(match[2]) - 1) * unit, spelling: match[0], index: match.index };
}

/** Returns the weekday that a heading names, or null: an order without a distance. */
export function readWeekday(text: string): Offset | null {
  const match = weekday.exec(text);
  return match === null ? null : { ms: null, spelling: match[0], index: match.index };
}

/** Prints an offset the way documents do: `T-7d`, `T+1h`, `T-0`. */
export function printOffset(ms: number): string {
  if (ms === 0) return 'T-0';
  const size = Math.abs(ms);
  const unit = size % (24 * hour) === 0 ? 'd' : size % hour === 0 ? 'h' : 'm';
  return `T${ms < 0 ? '-' : '+'}${size / (unitMs[unit] ?? 1)}${unit}`;
}
