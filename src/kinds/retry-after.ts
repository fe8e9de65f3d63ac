const days = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
/** IMF-fixdate, the one form of an HTTP date that may be sent (RFC 9110 5.6.7). */
const httpDate = new RegExp(`^(?:${days}), \\d{2} (?:${months}) \\d{4} \\d{2}:\\d{2}:\\d{2} GMT$`);

/** Returns for how long a Retry-After header (RFC 9110 10.2.3) asks to wait, milliseconds from `nowMs`; null where it cannot be read. A date that has passed is 0. */
export function toRetryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!httpDate.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
