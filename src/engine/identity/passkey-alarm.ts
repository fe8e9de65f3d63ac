import { createHash, verify } from 'node:crypto';

import { z } from 'zod';

import { readAlarms, syncAlarms } from '../../store/alarm.ts';
import { recordEvent } from './identity-ground.ts';
import type { IdentityGround } from './identity-ground.ts';
import { toPublicKey } from './passkey-key.ts';

const kind = 'passkey-cloned';

const assertionShape = z.object({
  response: z.object({
    id: z.string(),
    response: z.object({ authenticatorData: z.string(), clientDataJSON: z.string(), signature: z.string() }),
  }),
});

/**
 * Raises an alarm where a passkey signed our challenge with a counter that does not go forward: the private key is in two places, or an authenticator is
 * broken (WebAuthn Level 3, 6.1.1). The sign-in was refused already; `errors` says why. The signature is checked once more, because the library looks at the counter first, and
 * nobody without the key may raise alarms about it.
 */
export async function raiseIfCloned(ground: IdentityGround, body: unknown, errors: readonly unknown[]): Promise<void> {
  const told = errors.find((error) => error instanceof Error && /counter value \d+ was lower/i.test(error.message));
  const read = assertionShape.safeParse(body);
  if (told === undefined || !read.success) return;
  const { id, response } = read.data.response;
  const row = await ground.tables.selectFrom('passkey').selectAll().where('credentialID', '=', id).executeTakeFirst();
  if (row === undefined || !isSignedBy(row.publicKey, response)) return;
  const detail = `passkey ${row.name ?? row.id} of account ${row.userId}: ${(told as Error).message}`;
  const wrong = [{ subject: row.userId, kind, since: new Date(), detail }];
  await ground.store.tables.transaction().execute((tx) => syncAlarms(tx, { kinds: [], wrong }));
  await recordEvent(ground.tables, { what: kind, account: row.userId, detail });
}

/** Ends the alarm of an account, once its passkeys are gone. */
export async function endPasskeyAlarm({ store }: IdentityGround, account: string): Promise<void> {
  const open = await readAlarms(store);
  if (!open.some((alarm) => alarm.kind === kind && alarm.subject === account)) return;
  const wrong = open.filter((alarm) => alarm.kind === kind && alarm.subject !== account);
  await store.tables.transaction().execute((tx) => syncAlarms(tx, { kinds: [kind], wrong }));
}

function isSignedBy(
  publicKey: string,
  said: { authenticatorData: string; clientDataJSON: string; signature: string },
): boolean {
  const key = toPublicKey(publicKey);
  if (key === null) return false;
  const client = createHash('sha256').update(Buffer.from(said.clientDataJSON, 'base64url')).digest();
  const signed = Buffer.concat([Buffer.from(said.authenticatorData, 'base64url'), client]);
  return verify('sha256', signed, key, Buffer.from(said.signature, 'base64url'));
}
