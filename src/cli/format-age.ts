const units = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'm' },
  { ms: 1000, name: 's' },
] as const;

/** How long before `now` an instant was, in its largest whole unit: `3h ago`, `just now`; `in 5m` for one that is still to come. */
export function formatAge(instant: string, now: string): string {
  const age = Date.parse(now) - Date.parse(instant);
  if (Number.isNaN(age)) return 'at an unreadable time';
  const unit = units.find(({ ms }) => Math.abs(age) >= ms);
  if (!unit) return 'just now';
  const count = Math.floor(Math.abs(age) / unit.ms);
  return age < 0 ? `in ${count}${unit.name}` : `${count}${unit.name} ago`;
}
