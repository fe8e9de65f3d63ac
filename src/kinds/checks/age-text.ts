/** Returns an age in whole units, rounded down: an age in milliseconds says nothing to a person. */
export function toAgeText(ageMs: number): string {
  const units: [string, number][] = [
    ['days', 86_400_000],
    ['hours', 3_600_000],
    ['minutes', 60_000],
    ['seconds', 1000],
  ];
  const unit = units.find(([, size]) => ageMs >= 2 * size);
  return unit ? `${Math.floor(ageMs / unit[1])} ${unit[0]}` : `${ageMs} ms`;
}
