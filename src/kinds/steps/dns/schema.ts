import { z } from 'zod';

import { listTemplates } from '../../../core/step/list-templates.ts';
import { durationSchema } from '../../checks/quantity.ts';
import { familyOf } from './family-of.ts';
import { isWithin, recordTypes, toRdata } from './records.ts';
import type { RecordType } from './records.ts';

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
    key: z
      .string()
      .max(512)
      .regex(keyPattern, { error: '{{ secret "name" }}, never the key itself' })
      .describe('TSIG key, as a secret that holds `algorithm:name:base64` or a key file of BIND.'),
    transport: z.enum(['tcp', 'udp']).default('tcp').describe('How the server is asked.'),
    timeout: durationSchema({ min: 100, max: 60_000, standard: 5000 }).describe('Limit for each answer.'),
  })
  .superRefine((spec, context) => {
    const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (!isTemplated(spec.name + spec.zone) && !isWithin(spec.name, spec.zone))
      refuse('name', `a name in ${spec.zone}`);
    for (const fault of valueFaults(spec.type, spec.from.values)) refuse('from', fault);
    for (const fault of valueFaults(spec.type, spec.to)) refuse('to', fault);
    const isSame = spec.from.values.toSorted().join('\n') === spec.to.toSorted().join('\n');
    if (isSame && (spec.to.length === 0 || spec.from.ttl === spec.ttl)) refuse('to', 'a change of values or ttl');
  });

export type DnsStepSpec = z.output<typeof dnsStepSchema>;

/** A text whose templates are not filled in yet cannot be judged; it is read again before it is used. */
function isTemplated(text: string): boolean {
  return text.includes('{{');
}

function valueFaults(type: RecordType, texts: readonly string[]): string[] {
  const faults = texts.flatMap((text) => {
    if (isTemplated(text)) return canBeFilled(text) ? [] : ['a template of a value such as {{ candidate.address }}'];
    const read = toRdata(type, text);
    return read.ok ? [] : [read.expected];
  });
  return type === 'CNAME' && texts.length > 1 ? [...faults, 'one value: a name has one CNAME'] : faults;
}

/** Secrets have no place in what everybody can look up, nor in names that stand in logs. */
function canBeFilled(text: string): boolean {
  const templates = listTemplates(text);
  return templates.length > 0 && templates.every(({ kind }) => kind === 'value');
}

function textThat(expected: string, holds: (text: string) => boolean) {
  return z
    .string()
    .min(1)
    .max(512)
    .refine((text) => (isTemplated(text) ? canBeFilled(text) : holds(text)), { error: expected });
}

function isServer(text: string): boolean {
  if (familyOf(text) !== 0) return true;
  const port = Number(/:(\d{1,5})$/.exec(text)?.[1] ?? 53);
  return serverPattern.test(text) && port >= 1 && port <= 65_535;
}
