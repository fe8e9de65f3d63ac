import { z } from 'zod';

import { durationSchema } from '../../checks/quantity.ts';

const oneLine = /^[^\r\n\0]*$/;
const address = z.string().regex(/^[^\s<>,;"@]+@[^\s<>,;"@]+$/, 'an address such as team@example.org');
const secretTemplate = z
  .string()
  .regex(/^\{\{\s*secret\s+"[^"]+"\s*\}\}$/, 'the template of a secret, such as {{ secret "hook/key" }}');

const webhook = z.strictObject({
  url: z.string().min(1).max(8192).describe('Absolute http or https URL, without credentials.'),
  key: secretTemplate.nullable().default(null).describe('Secret by which the message is signed with HMAC-SHA256.'),
});

const mail = z.strictObject({
  server: z
    .string()
    .regex(/^smtps?:\/\/[^\s@/]+$/, 'smtp://host:port or smtps://host:port, without credentials')
    .describe('smtp://host:port or smtps://host:port.'),
  from: address,
  to: z.array(address).min(1).max(100),
  user: z.string().min(1).nullable().default(null).describe('Name to sign in with.'),
  password: secretTemplate.nullable().default(null).describe('Secret to sign in with.'),
});

/** What may be written under `kind: notify`: one channel, so that a repeat repeats one message only. */
export const notifySchema = z.strictObject({
  subject: z.string().min(1).max(500).regex(oneLine, 'one line').describe('One line; templates are filled in.'),
  text: z
    .string()
    .min(1)
    .max(50_000)
    .describe('The message; templates are filled in, and one that has no value blocks the sending.'),
  webhook: webhook.optional().describe('Sends JSON to a URL.'),
  mail: mail.optional().describe('Sends one mail to all of its addresses.'),
  timeout: durationSchema({ min: 100, max: 300_000, standard: 30_000 }).describe('Limit for the sending.'),
});

export type NotifySpec = z.output<typeof notifySchema>;
