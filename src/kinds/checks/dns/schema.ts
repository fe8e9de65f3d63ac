import { z } from 'zod';

import { durationSchema } from '../quantity.ts';

export const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'NS', 'SOA'] as const;

/** What may be written under `kind: dns`. */
export const dnsSchema = z.strictObject({
  name: z.string().min(1).max(253).describe('Name to ask for.'),
  type: z.enum(recordTypes).default('A').describe('Record type.'),
  servers: z
    .array(z.string().min(1))
    .max(16)
    .default([])
    .describe('Servers to ask, each of them, as address or address:port; those of the system where none is given.'),
  timeout: durationSchema({ min: 1, max: 60_000, standard: 5000 }).describe('Limit for the answers of all servers.'),
});

export type DnsSpec = z.output<typeof dnsSchema>;
