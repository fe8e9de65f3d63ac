import { ProductError } from '../core/error/product-error.ts';

/** Returns the instant of a text as people write it; throws `usage` where it is not RFC 3339 with its offset. */
export function readInstant(text: string): number {
  const ms = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(ms)) return ms;
  throw new ProductError('usage', `${text}: expected an instant in RFC 3339 with its offset, got another text`, {
    hint: 'write it as 2026-12-05T14:00:00-05:00',
  });
}
