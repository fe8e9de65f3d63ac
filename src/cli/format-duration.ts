const units = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'm' },
  { ms: 1000, name: 's' },
] as const;

/** A length of time in its two largest units, cut and not rounded: `2d 3h`, `1h 3m`, `2m 5s`, `4s`; below a second in milliseconds. */
export function formatDuration(ms: number): string {
  const at = units.findIndex((unit) => ms >= unit.ms);
  const unit = units[at];
  if (unit === undefined) return `${Math.floor(ms)}ms`;
  const next = units[at + 1];
  const rest = next === undefined ? 0 : Math.floor((ms % unit.ms) / next.ms);
  const head = `${Math.floor(ms / unit.ms)}${unit.name}`;
  return rest === 0 || next === undefined ? head : `${head} ${rest}${next.name}`;
}
