const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `T-7d`, `T-0`, `T+30m`: as documents write it. */
export function toOffset(offsetMs: number): string {
  if (offsetMs === 0) return 'T\u22120';
  const sign = offsetMs < 0 ? '\u2212' : '+';
  const size = Math.abs(offsetMs);
  const [unit, length] = units.find(([, each]) => size >= each && size % each === 0) ?? units[3];
  return `T${sign}${size / length}${unit}`;
}
