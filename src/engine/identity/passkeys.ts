import type { IdentityGround } from './identity-ground.ts';
import type { PasskeyEntry } from './identity.ts';
import { toDeclaredKey } from './passkey-key.ts';

/** Returns the passkeys of an account, oldest first. */
export async function listPasskeys({ tables, settings }: IdentityGround, account: string): Promise<PasskeyEntry[]> {
  const rows = await tables
    .selectFrom('passkey')
    .select(['id', 'userId', 'name', 'createdAt', 'publicKey'])
    .where('userId', '=', account)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  const rpId = new URL(settings.baseUrl).hostname;
  return rows.map(({ id, userId, name, createdAt, publicKey }) => ({
    id,
    account: userId,
    name,
    createdAt: (createdAt ?? new Date(0)).toISOString(),
    key: toDeclaredKey(publicKey, rpId),
  }));
}
