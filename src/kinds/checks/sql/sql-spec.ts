import type { JsonValue } from '@tminus/verify';
import { z } from 'zod';

import type { ReadSpec, SpecFault } from '../../../core/check/check.ts';
import { durationSchema } from '../quantity.ts';
import { readSchema } from '../read-schema.ts';
import { hasPassword, readConnection } from './read-connection.ts';
import { findStatementFault } from './scan-statement.ts';

/** What may be written for an `sql` check. */
export const sqlSchema = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2000)
    .meta({
      description: 'postgres://user@host/database, mysql://user@host/database or sqlite:path; never with a password.',
    })
    .optional(),
  on: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'A datastore of the front matter, in the place of url and passwordEnv.' })
    .optional(),
  passwordEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable')
    .meta({ description: 'Environment variable that holds the password.' })
    .optional(),
  query: z.string().min(1).max(100_000).meta({ description: 'Exactly one statement that reads.' }),
  timeout: durationSchema({ min: 100, max: 600_000, standard: 10_000 }).meta({
    description: 'The server ends the statement after this time.',
  }),
  maxRows: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(1000)
    .meta({ description: 'More rows than this are too many to be evidence.' }),
});

/** A spec that was read, with its types. */
export type SqlSpec = z.infer<typeof sqlSchema>;

/** Reads what was written: one statement that reads, and a connection without a password. */
export function readSqlSpec(written: JsonValue): ReadSpec {
  const read = readSchema(sqlSchema, written);
  if (!read.ok) return read;
  const spec = sqlSchema.parse(read.spec);
  const faults = [...connectionFaults(spec), ...statementFaults(spec)];
  return faults.length === 0 ? read : { ok: false, faults };
}

function connectionFaults({ url, on }: SqlSpec): SpecFault[] {
  if (on !== undefined) {
    const expected = url === undefined ? 'the url of the database' : 'either on or url';
    const hint = 'on stands in a fence or a yaml check under a criterion, without url; anywhere else write the url';
    return [{ path: ['on'], expected, got: `on ${on}`, hint }];
  }
  if (url === undefined)
    return [{ path: ['url'], expected: 'on or url', got: 'nothing', hint: 'name a datastore by on, or add its url' }];
  // A template in the host or path is filled in later, so only a whole url can be read now; a password is refused in both.
  const read = url.includes('{{') && !hasPassword(url) ? null : readConnection(url);
  if (read === null || read.ok) return [];
  const { expected, got, hint } = read;
  return [{ path: ['url'], expected, got, hint }];
}

function statementFaults({ query }: SqlSpec): SpecFault[] {
  const fault = findStatementFault(query);
  return fault ? [{ path: ['query'], expected: fault.expected, got: fault.got, hint: fault.hint }] : [];
}
