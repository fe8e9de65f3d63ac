import { z } from 'zod';

/** The source `exchange.json`: everything of the exchange but the body, as the observer measured it. */
export const exchangeSchema = z.strictObject({
  /** Final URL, after redirects. */
  url: z.string(),
  method: z.string(),
  status: z.number().int().min(100).max(999),
  httpVersion: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** Every redirect that was met and followed, first first. */
  hops: z.array(z.strictObject({ url: z.string(), status: z.number().int(), location: z.string() })),
  remoteAddress: z.string().nullable(),
  /** RFC 3339 UTC, when the exchange ended. */
  at: z.iso.datetime(),
  timings: z.strictObject({
    connectMs: z.number().nonnegative().nullable(),
    firstByteMs: z.number().nonnegative(),
    totalMs: z.number().nonnegative(),
  }),
  tls: z
    .strictObject({ protocol: z.string().nullable(), validFrom: z.iso.datetime(), validTo: z.iso.datetime() })
    .nullable(),
});

export type Exchange = z.output<typeof exchangeSchema>;
