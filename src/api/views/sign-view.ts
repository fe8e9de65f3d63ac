import type { Signed } from '@tminus/verify';
import { z } from 'zod';

import { findPerson } from '../../core/approval/authority.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { Prepared } from '../../engine/sign/prepared.ts';

/** What somebody is asked to sign. Nothing was written; sending it back signed is what counts. */
export const preparedView = z
  .object({
    canonical: z.string().describe('the statement in its RFC 8785 form: what a key file signs'),
    sha256: z.string(),
    challenge: z.string().describe('the same digest as base64url: what a passkey answers'),
    person: z.string(),
    key: z
      .string()
      .nullable()
      .describe('the public key that the launch declares for the person; null where it declares none'),
  })
  .meta({ id: 'PreparedStatement' });

/** A statement with the signature of the person who makes it. Its fields are checked by the reader of its format, every one. */
export const signedBody = z
  .strictObject({
    format: z.literal('tminus/signed/1'),
    statement: z.record(z.string(), z.unknown()),
    signature: z.strictObject({
      person: z.string().max(200),
      key: z.string().max(1_000),
      value: z.string().max(20_000),
    }),
  })
  .meta({ id: 'SignedStatement' });

/** What the API shows of a prepared statement. */
export function toPreparedView(
  launch: Launch,
  { canonical, sha256, challenge, statement }: Prepared<{ person: string }>,
): z.input<typeof preparedView> {
  const { person } = statement;
  return { canonical, sha256, challenge, person, key: findPerson(launch, person)?.key ?? null };
}

/** The body as the use cases take it: they read it strictly, field by field, before they believe anything. */
export function toSigned<Statement>(body: z.output<typeof signedBody>): Signed<Statement> {
  return body as unknown as Signed<Statement>;
}
