import { randomBytes } from 'node:crypto';

import { Kysely, PostgresDialect } from 'kysely';
import type { Transaction } from 'kysely';

import { ProductError } from '../../core/error/product-error.ts';
import type { Store } from '../../store/open-store.ts';
import { readSecret } from './identity-secret.ts';
import type { IdentitySettings } from './identity-settings.ts';
import type { EventRow, IdentityTables } from './identity-tables.ts';
import { createSessionCache } from './session-cache.ts';
import type { SessionCache } from './session-cache.ts';

/** What every part of the desk stands on. */
export interface IdentityGround {
  store: Store;
  /** Typed access; every table stands in the schema `identity`. */
  tables: Kysely<IdentityTables>;
  settings: IdentitySettings;
  /** Signs cookies, encrypts authenticators, keys digests of codes. Lies outside the database. */
  secret: string;
  cache: SessionCache;
}

export type IdentityTransaction = Transaction<IdentityTables>;

/** Returns the ground over an open store. */
export function openGround(store: Store, settings: IdentitySettings): IdentityGround {
  const dialect = new PostgresDialect({ pool: store.database.pool });
  const tables = new Kysely<IdentityTables>({ dialect }).withSchema('identity');
  return { store, tables, settings, secret: readSecret(store.dataDirectory), cache: createSessionCache() };
}

/** Detail of the event with which a session begins; a second factor that is shown in a session has none. */
export const sessionBegun = 'session begun';

/** Writes down what happened to an account; in a transaction it stands or falls with it. */
export async function recordEvent(
  tables: Kysely<IdentityTables>,
  event: { what: string; account: string | null } & Partial<Pick<EventRow, 'by' | 'ip' | 'detail'>>,
): Promise<void> {
  await tables
    .insertInto('event')
    .values({ by: null, ip: null, detail: '', ...event })
    .execute();
}

/** Returns 32 letters that nobody guesses, for ids. */
export function newId(): string {
  return randomBytes(24).toString('base64url');
}

/** The error of an account that there is not. */
export function accountUnknown(id: string): ProductError {
  return new ProductError('account_unknown', `account ${id}: expected one that exists, got none`, {
    hint: 'list the accounts',
  });
}
