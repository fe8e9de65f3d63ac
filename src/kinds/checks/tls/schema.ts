import { z } from 'zod';

import { durationSchema } from '../quantity.ts';

/** What may be written under `kind: tls`. */
export const tlsSchema = z.strictObject({
  host: z.string().min(1).max(253).describe('Name or address to connect to.'),
  port: z.number().int().min(1).max(65_535).default(443).describe('TCP port.'),
  servername: z
    .string()
    .min(1)
    .max(253)
    .nullable()
    .default(null)
    .describe('Name that is asked for and must stand in the certificate; the host unless given.'),
  timeout: durationSchema({ min: 1, max: 300_000, standard: 10_000 }).describe('Limit for connection and handshake.'),
  ca: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('PEM file in the workspace with the only certificate authorities to trust.'),
});

export type TlsSpec = z.output<typeof tlsSchema>;
