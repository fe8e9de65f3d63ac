/** Returns a share of good events as objectives write it, such as `99.9%`; null where it is none that an objective can have. */
export function readGoal(percent: number): string | null {
  const rounded = Number(percent.toFixed(6));
  return rounded > 0 && rounded <= 100 && Math.abs(rounded - percent) < 1e-9 ? `${rounded}%` : null;
}
