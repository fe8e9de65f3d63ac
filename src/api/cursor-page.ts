import { z } from 'zod';

import { ProductError } from '../core/error/product-error.ts';

/** How a list is asked for, page by page; the cursor is what the last page gave, and nothing to be read. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(400).optional(),
});

/** A page of things, and the cursor of the next one; null at the end. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** A cursor that says after which place the next page begins. */
export function toCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that a cursor stands for; null without one. Throws `request_invalid` for what this API never gave. */
export function readCursor<T extends z.ZodType>(cursor: string | undefined, place: T): z.output<T> | null {
  if (cursor === undefined) return null;
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new ProductError('request_invalid', 'query.cursor: expected one that a page gave, got something else', {
      hint: 'begin again without a cursor',
      cause,
    });
  }
}
