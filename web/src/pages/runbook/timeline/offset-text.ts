import { toCountText } from '../../../kit/countdown.tsx';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `T\u22127d`, `T+1h`, `T\u221220m`, `T+0:05`: an offset from T-0 as documents write it, where it is round; else as a clock shows it. */
export function toOffsetText(offsetMs: number): string {
  const sign = offsetMs < 0 ? '\u2212' : '+';
  const length = Math.round(Math.abs(offsetMs) / 1000) * 1000;
  if (length === 0) return 'T\u22120';
  if (length % day === 0) return `T${sign}${length / day}d`;
  if (length < 2 * day && length % hour === 0) return `T${sign}${length / hour}h`;
  if (length < 2 * hour && length % minute === 0) return `T${sign}${length / minute}m`;
  if (length < day) return toCountText(offsetMs);
  const hours = Math.round(length / hour);
  return hours % 24 === 0 ? `T${sign}${hours / 24}d` : `T${sign}${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** `6 d`: a length in one unit, rounded; for where there is room for no more. */
export function toLengthText(ms: number): string {
  if (ms >= 1.5 * day) return `${Math.round(ms / day)} d`;
  if (ms >= 1.5 * hour) return `${Math.round(ms / hour)} h`;
  return ms >= minute ? `${Math.round(ms / minute)} min` : `${Math.round(ms / 1000)} s`;
}
