import { hashPassword } from 'better-auth/crypto';

import { ProductError } from '../../core/error/product-error.ts';
import { passwordLength } from './auth-options.ts';
import { newId } from './identity-ground.ts';
import type { IdentityTransaction } from './identity-ground.ts';

/** Throws `password_weak` for a password that is too short, too long, or only says whose it is. */
export function demandPassword(password: string, { name, email }: { name: string; email: string }): void {
  const { minPasswordLength: least, maxPasswordLength: most } = passwordLength;
  // Counted as people do, by characters and not by code units.
  const length = Array.from(password).length;
  if (length < least || password.length > most) throw weak(`${least} to ${most} characters`, `${length}`);
  const plain = password.toLowerCase();
  const known = [name, email, email.split('@')[0] ?? ''].map((word) => word.toLowerCase());
  if (new Set(plain).size < 4 || known.some((word) => word.length > 0 && plain.replaceAll(word, '').length < 6))
    throw weak('more than one word about its owner or a few characters again and again', 'that');
}

function weak(expected: string, got: string): ProductError {
  return new ProductError('password_weak', `password: expected ${expected}, got ${got}`, {
    hint: 'take a few words that belong together for nobody else; no digits or signs are wanted',
  });
}

/** Gives an account a password, in the place of the one it had. */
export async function writePassword(tx: IdentityTransaction, account: string, password: string): Promise<void> {
  const hash = await hashPassword(password);
  const now = new Date();
  await tx.deleteFrom('account').where('userId', '=', account).where('providerId', '=', 'credential').execute();
  const row = { id: newId(), accountId: account, providerId: 'credential', userId: account, password: hash };
  await tx
    .insertInto('account')
    .values({ ...row, updatedAt: now })
    .execute();
}
