const hour = 3_600_000;
const unitMs: { [unit: string]: number } = { m: 60_000, h: hour, d: 24 * hour, w: 7 * 24 * hour };
const unit = '(minutes?|mins?|min|m|hours?|hrs?|h|days?|d|weeks?|wks?|w)';
const spelled = new RegExp(
  `(?<![\\p{L}\\p{N}/.-])T(?:\\s?([-+\u2010-\u2015\u2212])\\s?|\\s+(minus|plus)\\s+)(\\d{1,4})(?:\\s?${unit})?(?![\\p{L}\\p{N}])`,
  'iu',
);

export interface WrittenOffset {
  /** Milliseconds from T-0, negative before it. */
  ms: number;
  /** As written. */
  text: string;
  index: number;
}

/**
 * Returns the first offset from T-0 that a heading names: `T-7d`, `T-3 days`, `T–24h`, `T minus 7`, `T-0`, `T+1h`.
 * A number without a unit counts days, as it does in the runbooks that leave it out.
 */
export function readOffset(text: string): WrittenOffset | null {
  const match = spelled.exec(text);
  if (match === null) return null;
  const [written, sign, word, count, unitWord] = match;
  const size = Number(count) * (unitMs[(unitWord ?? 'd').charAt(0).toLowerCase()] ?? 0);
  const after = sign === '+' || word?.toLowerCase() === 'plus';
  return { ms: after || size === 0 ? size : -size, text: written, index: match.index };
}

/** Returns the id of the phase at an offset: `t-7d`, `t-0`, `t+90m`. */
export function offsetId(ms: number): string {
  if (ms === 0) return 't-0';
  const size = Math.abs(ms);
  const name = size % (24 * hour) === 0 ? 'd' : size % hour === 0 ? 'h' : 'm';
  return `t${ms < 0 ? '-' : '+'}${size / (unitMs[name] ?? 1)}${name}`;
}

/** Returns the milliseconds for which data is kept: a duration, or years of 365 days (`7y`); null where it is neither. */
export function readRetention(text: string): number | null {
  const years = /^(\d{1,3})\s?y$/.exec(text.trim())?.[1];
  return years === undefined ? readDuration(text) : Number(years) * 365 * 24 * hour;
}

/** Returns the milliseconds of `15m`, `2h`, `7d`, `30s`, `500ms`, `2w`, or null. */
export function readDuration(text: string): number | null {
  const match = /^(\d{1,7})\s?(ms|s|m|min|h|d|w)$/.exec(text.trim());
  if (match === null) return null;
  const name = match[2] ?? '';
  const size = name === 'ms' ? 1 : name === 's' ? 1000 : unitMs[name.charAt(0)];
  return Number(match[1]) * (size ?? 0);
}
