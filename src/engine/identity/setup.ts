import { ProductError } from '../../core/error/product-error.ts';
import { recordEvent } from './identity-ground.ts';
import type { IdentityGround } from './identity-ground.ts';
import type { SetupDesk } from './identity.ts';
import { insertAccount } from './insert-account.ts';
import { toNetwork } from './network.ts';
import { demandPassword, writePassword } from './passwords.ts';
import { readAccount } from './read-accounts.ts';
import { demandTry } from './throttle.ts';
import { demandTicket, issueTicket, redeemTicket } from './tickets.ts';

/** Returns the first run of this store. */
export function openSetup({ tables }: IdentityGround): SetupDesk {
  const isOpen = async () => (await tables.selectFrom('setup').select('one').executeTakeFirst()) === undefined;
  return {
    isOpen,
    async issueCode() {
      return (await isOpen()) ? (await issueTicket(tables, { kind: 'setup', account: null })).code : null;
    },
    async demandCode(code, ip) {
      if (!(await isOpen())) throw setupClosed();
      await demandTry(tables, [{ key: `code ${toNetwork(ip)}`, most: 20 }]);
      await demandTicket(tables, code, ['setup']);
    },
    async complete(wish, ip) {
      if (!(await isOpen())) throw setupClosed();
      await demandTry(tables, [{ key: `code ${toNetwork(ip)}`, most: 20 }]);
      demandPassword(wish.password, wish);
      return tables.transaction().execute(async (tx) => {
        await redeemTicket(tx, wish.code, ['setup']);
        const id = await insertAccount(tx, wish);
        // Of two with a code each, the row lets one in.
        const first = await tx
          .insertInto('setup')
          .values({ account: id })
          .onConflict((clash) => clash.doNothing())
          .returning('one')
          .executeTakeFirst();
        if (first === undefined) throw setupClosed();
        await writePassword(tx, id, wish.password);
        await recordEvent(tx, { what: 'setup completed', account: id, by: id, ip });
        return readAccount(tx, id);
      });
    },
  };
}

function setupClosed(): ProductError {
  return new ProductError('setup_closed', 'setup: expected a store without accounts, got one that was set up', {
    hint: 'sign in, or ask an administrator for an invitation',
  });
}
