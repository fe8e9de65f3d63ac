import { isIP } from 'node:net';

import { z } from 'zod';

import { listTemplates } from '../../../core/step/list-templates.ts';
import { durationSchema } from '../../checks/quantity.ts';
import { isWithin, recordTypes, toRdata } from './records.ts';

const host = String.raw`(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)`;
const serverPattern = new RegExp(`^${host}(?::\\d{1,5})?$`, 'i');
const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const namePattern = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*\\.?$`, 'i');
const keyPattern = /^\{\{\s*secret\s+"[^"{}]+"\s*\}\}$/;

const nameText = textThat(
  'a domain name such as www.example.org',
  (text) => text.length <= 254 && namePattern.test(text),
);
/** RFC 2181 section 8: 31 bits. */
const seconds = z.int().min(0).max(2_147_483_647);
const values = z
  .union([z.string().min(1).max(4096), z.array(z.string().min(1).max(4096)).max(64)])
  .transform((written) => [written].flat());
const standing = z.strictObject({ values, ttl: seconds.nullable().default(null) });

/** What may be written under `kind: dns`. */
export const dnsStepSchema = z
  .strictObject({
    server: textThat('host or host:port of the primary name server', isServer).describe(
      'Primary name server of the zone, `host:port`; port 53 where none is given.',
    ),
    zone: nameText.describe('Zone that the name is in.'),
    name: nameText.describe('Name whose records are changed.'),
    type: z.enum(recordTypes).default('A').describe('Record type.'),
    from: z
      .union([values, standing])
      .transform((written) => (Array.isArray(written) ? { values: written, ttl: null } : written))
      .describe(
        'What has to stand there, or nothing is changed: values, or `values` and `ttl`; an empty list where there must be none.',
      ),
    to: values.describe('What stands there afterwards; an empty list removes the records.'),
    ttl: seconds.describe('Time to live of the new records in seconds.'),
    key: textThat('{{ secret "name" }}, never the key itself', (text) => keyPattern.test(text)).describe(
      'TSIG key, as a secret that holds `algorithm:name:base64` or a key file of BIND.',
    ),
    transport: z.enum(['tcp', 'udp']).default('tcp').describe('How the server is asked.'),
    timeout: durationSchema({ min: 100, max: 60_000, standard: 5000 }).describe('Limit for each answer.'),
  })
  .superRefine((spec, context) => {
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (!isTemplated(spec.name + spec.zone) && !isWithin(spec.name, spec.zone))
      refuse(['name'], `a name in ${spec.zone}`);
    for (const [key, texts] of [
      ['from', spec.from.values],
      ['to', spec.to],
    ] as const) {
      for (const text of texts) {
        const wrong = isTemplated(text) ? null : toRdata(spec.type, text);
        if (wrong !== null && !wrong.ok) refuse([key], wrong.expected);
      }
      if (spec.type === 'CNAME' && texts.length > 1) refuse([key], 'one value: a name has one CNAME');
    }
    const isSame = JSON.stringify(spec.from.values.toSorted()) === JSON.stringify(spec.to.toSorted());
    if (isSame && (spec.to.length === 0 || spec.from.ttl === spec.ttl)) refuse(['to'], 'a change of values or ttl');
  });

export type DnsStepSpec = z.output<typeof dnsStepSchema>;

/** A text whose templates are not filled in yet cannot be judged; it is read again before it is used. */
function isTemplated(text: string): boolean {
  return text.includes('{{');
}

function textThat(expected: string, holds: (text: string) => boolean) {
  return z
    .string()
    .min(1)
    .max(512)
    .refine((text) => (isTemplated(text) && !keyPattern.test(text) ? listTemplates(text).length > 0 : holds(text)), {
      error: expected,
    });
}

function isServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const port = Number(/:(\d{1,5})$/.exec(text)?.[1] ?? 53);
  return serverPattern.test(text) && port >= 1 && port <= 65_535;
}
