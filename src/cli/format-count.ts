/** T-time as it is called out: `T-7d`, `T-00:12:41`, `T-0`, `T+1h`. Whole days and hours are said as such. */
export function formatCount(ms: number): string {
  const sign = ms < 0 ? '-' : '+';
  const total = Math.floor(Math.abs(ms) / 1000);
  if (total === 0) return 'T-0';
  if (total % 86_400 === 0) return `T${sign}${total / 86_400}d`;
  if (total % 3_600 === 0) return `T${sign}${total / 3_600}h`;
  const days = Math.floor(total / 86_400);
  const clock = [Math.floor(total / 3_600) % 24, Math.floor(total / 60) % 60, total % 60];
  const text = clock.map((part) => String(part).padStart(2, '0')).join(':');
  return `T${sign}${days > 0 ? `${days}d ` : ''}${text}`;
}
