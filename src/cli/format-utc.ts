/** An instant to the second, in UTC. */
export function toUtc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/**
 * An instant in UTC, and behind it as the clock on the wall of a zone shows it, that of this machine where none is named. With the offset, because an
 * hour may come twice; nothing more where the zone is UTC itself.
 */
export function toUtcAndLocal(ms: number, zone = new Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  if (/^(?:Etc\/)?(?:UTC|GMT|UCT|Universal|Zulu)$/u.test(zone)) return toUtc(ms);
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const rules = { hourCycle: 'h23', timeZone: zone, timeZoneName: 'longOffset' } as const;
  const parts = new Intl.DateTimeFormat('en-US', { ...options, ...rules }).formatToParts(ms);
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '?';
  const offset = of('timeZoneName').slice(3) || '+00:00';
  return `${toUtc(ms)} (${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')} ${offset} ${zone})`;
}
