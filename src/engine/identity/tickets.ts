import { createHash, randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';

import { ProductError } from '../../core/error/product-error.ts';
import type { Ticket } from './identity.ts';
import type { IdentityTables, TicketRow } from './identity-tables.ts';
import type { IdentityTransaction } from './identity-ground.ts';

/** How long a code of each kind is good. That of the setup is replaced at every start of the server. */
const lifeSeconds = { setup: 24 * 3600, invite: 72 * 3600, reset: 3600 } as const;

/** Letters without those that are mistaken for each other when somebody reads them out (Crockford's base 32): 5 bits each. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** Issues a code of 125 bits, which replaces what was issued for the same thing before. Only its digest is kept. */
export async function issueTicket(
  tables: Kysely<IdentityTables>,
  { kind, account }: Pick<TicketRow, 'kind' | 'account'>,
): Promise<Ticket> {
  const code = Array.from(randomBytes(25), (byte) => letters[byte % 32])
    .join('')
    .replace(/.{5}(?=.)/g, '$&-');
  const sameAccount = account === null ? sql<boolean>`account is null` : sql<boolean>`account = ${account}`;
  await tables.deleteFrom('ticket').where(sameAccount).where('used_at', 'is', null).execute();
  const row = await tables
    .insertInto('ticket')
    .values({
      sha256: digestOf(code),
      kind,
      account,
      expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${lifeSeconds[kind]})`,
      used_at: null,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { code, expiresAt: row.expires_at.toISOString() };
}

/** Uses a code up and returns what it opens. Throws `code_invalid`, the same for a wrong, a used and an old one. */
export async function redeemTicket(
  tx: IdentityTransaction,
  code: string,
  kinds: readonly TicketRow['kind'][],
): Promise<Selectable<TicketRow>> {
  // By its digest: how long the search takes says nothing of the code (A48).
  const row = await tx
    .updateTable('ticket')
    .set({ used_at: sql<Date>`clock_timestamp()` })
    .where('sha256', '=', digestOf(code))
    .where('kind', 'in', [...kinds])
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw codeInvalid();
}

/** Throws `code_invalid` for a code that could not be used up now; uses none. */
export async function demandTicket(
  tables: Kysely<IdentityTables>,
  code: string,
  kinds: readonly TicketRow['kind'][],
): Promise<void> {
  const row = await tables
    .selectFrom('ticket')
    .select('kind')
    .where('sha256', '=', digestOf(code))
    .where('kind', 'in', [...kinds])
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  if (row === undefined) throw codeInvalid();
}

function codeInvalid(): ProductError {
  return new ProductError('code_invalid', 'code: expected one that was issued and is unused, got another', {
    hint: 'check the letters, or ask for a new code',
  });
}

/** Hyphens, blanks and capitals do not matter to whoever types it. */
function digestOf(code: string): Buffer {
  return createHash('sha256').update(code.toLowerCase().replace(/[\s-]/g, '')).digest();
}
