import { z } from 'zod';

import { readSelectors } from '../../../core/rollout/selector.ts';
import { durationSchema } from '../quantity.ts';

const counters = z
  .string()
  .max(4_000)
  .refine((text) => readSelectors(text).ok, 'counters such as http_requests_total{code=~"5.."}, without functions');

/** A share such as 99.9 %, above 0 and up to 1. */
const share = z.union([z.number(), z.string()]).transform((written, context) => {
  const percent = typeof written === 'string' ? /^(\d{1,3}(?:\.\d{1,6})?) ?%$/.exec(written.trim())?.[1] : undefined;
  const value = percent === undefined ? Number(written) : Number((Number(percent) / 100).toPrecision(12));
  if (value > 0 && value <= 1) return value;
  context.addIssue({ code: 'custom', message: 'a share such as 99.9%' });
  return z.NEVER;
});

/** What may be written for an `slo` check. `objective: NAME` of the front matter fills all of it in. */
export const sloSchema = z
  .strictObject({
    objective: z.string().max(200).optional().meta({
      description: 'An objective of the front matter, in the place of url, total, bad or good, goal and window.',
    }),
    url: z
      .string()
      .max(2_000)
      .refine(
        (text) => text.includes('{{') || /^https?:\/\/[^@\s]+$/.test(text),
        'expected an http or https url without credentials',
      )
      .meta({ description: 'Address of a Prometheus, without /api/v1.' }),
    total: counters.meta({ description: 'Counters of all events.' }),
    bad: counters.optional().meta({ description: 'Counters of bad events.' }),
    good: counters.optional().meta({
      description:
        'Counters of good events in the place of bad ones, such as the bucket of a histogram: `http_seconds_bucket{le="0.4"}` of `http_seconds_count`.',
    }),
    goal: share.meta({
      description: 'Share of events that must be good, such as 99.9%; of 100% a single bad event is too many.',
    }),
    window: durationSchema({ min: 3_600_000, max: 90 * 86_400_000, standard: 30 * 86_400_000 }).meta({
      description: 'Time that the error budget is for.',
    }),
    timeout: durationSchema({ min: 100, max: 600_000, standard: 20_000 }),
    tokenEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable')
      .meta({ description: 'Environment variable that holds a bearer token.' })
      .optional(),
  })
  .refine(({ bad, good }) => (bad === undefined) !== (good === undefined), {
    path: ['bad'],
    error: 'one of bad and good',
  });

/** A spec that was read. */
export type SloSpec = z.output<typeof sloSchema>;
