import { DatabaseError } from 'pg';
import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import { newId } from './identity-ground.ts';
import type { IdentityTransaction } from './identity-ground.ts';
import type { InviteWish } from './identity.ts';

const wishShape = z.object({ name: z.string().trim().min(1).max(200), email: z.email().max(254) });

/** Makes an account without a way to sign in and returns its id. Throws `usage`, `account_exists`, `person_taken`. */
export async function insertAccount(tx: IdentityTransaction, wish: InviteWish): Promise<string> {
  const read = wishShape.safeParse(wish);
  if (!read.success)
    throw new ProductError(
      'usage',
      `account: expected a name and an e-mail address, got ${wish.name || '(none)'}, ${wish.email || '(none)'}`,
      {
        hint: 'correct them',
      },
    );
  const id = newId();
  const person = wish.person === '' ? null : wish.person;
  // The library looks addresses up in lower case.
  const row = { id, name: read.data.name, email: read.data.email.toLowerCase(), emailVerified: false, person };
  await tx.insertInto('user').values(row).execute().catch(explainClash(wish.person));
  return id;
}

/** Turns a clash of the unique columns of an account into its error. */
export function explainClash(person: string | null): (error: unknown) => never {
  return (error) => {
    const clash = error instanceof DatabaseError && error.code === '23505' ? error.constraint : undefined;
    if (clash === 'user_person')
      throw new ProductError(
        'person_taken',
        `person ${person}: expected nobody's, got one that another account stands for`,
        {
          hint: 'switch the other account off first',
        },
      );
    if (clash === 'user_email_key')
      throw new ProductError(
        'account_exists',
        'e-mail address: expected one without an account, got one that has one',
        {
          hint: 'look for it among the accounts',
        },
      );
    throw error;
  };
}
