import { sql } from 'kysely';
import type { Updateable } from 'kysely';

import { ProductError } from '../../core/error/product-error.ts';
import { accountUnknown, recordEvent } from './identity-ground.ts';
import type { IdentityGround, IdentityTransaction } from './identity-ground.ts';
import type { Account, AccountDesk } from './identity.ts';
import type { UserRow } from './identity-tables.ts';
import { explainClash, insertAccount } from './insert-account.ts';
import { toNetwork } from './network.ts';
import { endPasskeyAlarm } from './passkey-alarm.ts';
import { demandPassword, writePassword } from './passwords.ts';
import { readAccount, readAccounts } from './read-accounts.ts';
import { demandTry } from './throttle.ts';
import { issueTicket, redeemTicket } from './tickets.ts';

/** Returns the accounts of this store. */
export function openAccounts(ground: IdentityGround): AccountDesk {
  const { tables } = ground;
  return {
    list: () => readAccounts(tables, null),
    read: async (id) => (await readAccounts(tables, id))[0] ?? null,
    invite: (wish, by) =>
      tables.transaction().execute(async (tx) => {
        const account = await insertAccount(tx, wish);
        await recordEvent(tx, { what: 'invited', account, by, detail: wish.person ?? '' });
        return issueTicket(tx, { kind: 'invite', account });
      }),
    reset: (id, by) =>
      tables.transaction().execute(async (tx) => {
        await readAccount(tx, id);
        await recordEvent(tx, { what: 'password reset offered', account: id, by });
        return issueTicket(tx, { kind: 'reset', account: id });
      }),
    redeem: (wish, ip) => redeem(ground, wish, ip),
    setPerson: (id, person, by) =>
      changeOther(ground, { id, by, what: 'person set', detail: person ?? '' }, (tx) => updateUser(tx, id, { person })),
    setDisabled: (id, disabled, by) =>
      changeOther(ground, { id, by, what: disabled ? 'disabled' : 'enabled' }, (tx) => setDisabled(tx, id, disabled)),
    dropFactors: (id, by) => dropFactors(ground, id, by),
  };
}

async function redeem(ground: IdentityGround, wish: { code: string; password: string }, ip: string): Promise<Account> {
  const { tables, cache } = ground;
  await demandTry(tables, [{ key: `code ${toNetwork(ip)}`, most: 20 }]);
  const account = await tables.transaction().execute(async (tx) => {
    const ticket = await redeemTicket(tx, wish.code, ['invite', 'reset']);
    const found = await readAccount(tx, ticket.account ?? '');
    // Rolls the use of the code back, so that another password can be tried.
    demandPassword(wish.password, found);
    await writePassword(tx, found.id, wish.password);
    await endSessions(tx, found.id);
    await recordEvent(tx, { what: 'password chosen', account: found.id, by: found.id, ip, detail: ticket.kind });
    return found;
  });
  cache.drop((identity) => identity.account === account.id);
  return account;
}

/** Changes an account of somebody else and ends its sessions: whoever manages accounts must not make themselves another person. */
async function changeOther(
  { tables, cache }: IdentityGround,
  { id, by, what, detail = '' }: { id: string; by: string; what: string; detail?: string },
  change: (tx: IdentityTransaction) => Promise<unknown>,
): Promise<Account> {
  if (id === by)
    throw new ProductError('own_account', `account ${id}: expected that of somebody else, got the one that asks`, {
      hint: 'ask another administrator',
    });
  const account = await tables.transaction().execute(async (tx) => {
    await change(tx);
    await endSessions(tx, id);
    await recordEvent(tx, { what, account: id, by, detail });
    return readAccount(tx, id);
  });
  cache.drop((identity) => identity.account === id);
  return account;
}

async function dropFactors(ground: IdentityGround, id: string, by: string): Promise<Account> {
  const account = await changeOther(ground, { id, by, what: 'factors dropped' }, async (tx) => {
    await tx.deleteFrom('passkey').where('userId', '=', id).execute();
    await tx.deleteFrom('twoFactor').where('userId', '=', id).execute();
    await updateUser(tx, id, { twoFactorEnabled: false });
  });
  await endPasskeyAlarm(ground, id);
  return account;
}

async function setDisabled(tx: IdentityTransaction, id: string, disabled: boolean): Promise<void> {
  await updateUser(tx, id, { disabledAt: disabled ? new Date() : null });
  if (!disabled) return;
  await tx.deleteFrom('ticket').where('account', '=', id).execute();
  const now = sql<Date>`clock_timestamp()`;
  await tx
    .updateTable('token')
    .set({ revoked_at: now })
    .where('account', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
}

async function updateUser(tx: IdentityTransaction, id: string, set: Updateable<UserRow>): Promise<void> {
  const changed = await tx
    .updateTable('user')
    .set({ ...set, updatedAt: new Date() })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
    .catch(explainClash(set.person ?? null));
  if (changed === undefined) throw accountUnknown(id);
}

async function endSessions(tx: IdentityTransaction, account: string): Promise<void> {
  await tx.deleteFrom('session').where('userId', '=', account).execute();
}
