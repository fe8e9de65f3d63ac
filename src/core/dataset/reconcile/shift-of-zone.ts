const quarter = 15 * 60_000_000;
const farthest = 26 * 60 * 60_000_000;

/**
 * Returns by how many minutes the target lies after the source where that could be a wrong time zone: whole quarters of an hour, 26 hours at most, and the same
 * fraction of a second. Null for everything else.
 */
export function shiftOfZone(source: string, target: string): number | null {
  const [from, to] = [toMicroseconds(source), toMicroseconds(target)];
  if (from === null || to === null) return null;
  const shift = to - from;
  return shift !== 0 && shift % quarter === 0 && Math.abs(shift) <= farthest ? shift / 60_000_000 : null;
}

/** Exact: microseconds of every year that the engines know stay below 2^53 for 285 years around 1970, and the difference is looked at only there. */
function toMicroseconds(text: string): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z?$/.exec(text);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const ms = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  const micros = ms * 1_000 + Number((parts[7] ?? '').padEnd(6, '0'));
  return Number.isSafeInteger(micros) ? micros : null;
}
