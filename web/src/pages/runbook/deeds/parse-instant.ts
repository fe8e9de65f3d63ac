/** The instant that a person wrote: RFC 3339 with its offset, or without one in UTC, seconds left out or not. Null for anything else. */
export function parseInstant(text: string): number | null {
  const [, date, time, seconds = ':00', zone = 'Z'] =
    /^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?\s*(Z|UTC|[+-]\d\d:\d\d)?\s*$/iu.exec(text) ?? [];
  if (date === undefined || time === undefined) return null;
  const ms = Date.parse(`${date}T${time}${seconds}${/^utc$/iu.test(zone) ? 'Z' : zone.toUpperCase()}`);
  // Date.parse takes the 31st of February for a day of March.
  return Number.isNaN(ms) || !isDay(date) ? null : ms;
}

function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}
