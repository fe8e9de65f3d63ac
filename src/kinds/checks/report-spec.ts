import { z } from 'zod';

import { Unreadable } from './unreadable.ts';

const duration = /^([1-9]\d{0,8})(ms|s|m|h|d)$/;
const milliseconds: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Keys that every check on files of the workspace has. */
export const fileKeys = {
  path: z
    .string()
    .min(1)
    .max(1024)
    .refine((path) => !path.includes('\0'), 'expected a path without NUL')
    .meta({ description: 'File, folder or glob, relative to the launch repository; nothing outside it is read.' }),
  maxAge: z
    .string()
    .regex(duration, 'expected a duration such as 15m or 24h')
    .meta({ description: 'An older file counts as not there: the check is then unknown.' })
    .optional(),
};

/**
 * How many of a thing a report must at least hold; with fewer it is not the whole report and the check is unknown. `most` bounds the
 * negative control, which has to hold as many.
 */
export const atLeast = (thing: string, most = 100_000): z.ZodOptional<z.ZodNumber> =>
  z
    .number()
    .int()
    .min(1)
    .max(most)
    .meta({ description: `Fewer ${thing} make the report unreadable: it is not the whole of it.` })
    .optional();

/** Returns the milliseconds of `15m`. Throws `Unreadable` on anything else, which a spec that was read cannot hold. */
export function toDurationMs(written: string): number {
  const found = duration.exec(written);
  if (!found) throw new Unreadable('malformed', `expected a duration such as 15m, got ${written}`);
  return Number(found[1]) * milliseconds[found[2]!]!;
}

/** Throws `Unreadable` where a report holds fewer of a thing than the document says that it must. */
export function refuseFewer(wanted: unknown, got: number, thing: string): void {
  if (typeof wanted === 'number' && got < wanted)
    throw new Unreadable('partial', `expected at least ${wanted} ${thing}, got ${got}`);
}
