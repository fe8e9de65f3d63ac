const units = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** Returns a length of time in words: in the largest unit that there are two of. Rounded down, so that nothing looks reached that is not. */
export function toSpan(ms: number): string {
  const [unit, each] = units.find(([, one]) => ms >= 2 * one) ?? ['s', 1_000];
  return `${Math.floor(ms / each)} ${unit}`;
}
