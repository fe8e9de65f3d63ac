import type { Kysely } from 'kysely';

import type { Account } from './identity.ts';
import { accountUnknown } from './identity-ground.ts';
import type { IdentityTables } from './identity-tables.ts';

/** Returns the accounts by name; of one id where it is not null. */
export async function readAccounts(tables: Kysely<IdentityTables>, id: string | null): Promise<Account[]> {
  const rows = await tables
    .selectFrom('user')
    .select((from) => [
      'id',
      'name',
      'email',
      'person',
      'createdAt',
      'disabledAt',
      'twoFactorEnabled',
      from
        .selectFrom('passkey')
        .whereRef('passkey.userId', '=', 'user.id')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .as('passkeys'),
    ])
    .$if(id !== null, (query) => query.where('id', '=', id))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(({ createdAt, disabledAt, twoFactorEnabled, passkeys, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
    factors: { totp: twoFactorEnabled === true, passkeys: Number(passkeys) },
  }));
}

/** Returns an account. Throws `account_unknown`. */
export async function readAccount(tables: Kysely<IdentityTables>, id: string): Promise<Account> {
  const [account] = await readAccounts(tables, id);
  if (account === undefined) throw accountUnknown(id);
  return account;
}
