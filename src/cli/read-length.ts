import { ProductError } from '../core/error/product-error.ts';
import { readDuration } from '../spec/launch/read-offset.ts';

/** A length of time that was given as an option, milliseconds. Throws `usage` for what is none, and for nothing. */
export function readLength(option: string, written: string): number {
  const ms = readDuration(written);
  if (ms !== null && ms > 0) return ms;
  throw new ProductError('usage', `${option}: expected a length of time such as 90s, 5m or 2h, got ${written}`, {
    hint: 'write one number and one unit: ms, s, m, h, d or w',
  });
}
