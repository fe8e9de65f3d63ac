import { createHash, randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';

import { ruleOf } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { toInstantMs } from '../../core/gate/instant.ts';
import { newId, recordEvent } from './identity-ground.ts';
import type { IdentityGround } from './identity-ground.ts';
import type { Identity, TokenDesk, TokenEntry, TokenWish } from './identity.ts';
import type { IdentityTables, TokenRow } from './identity-tables.ts';

/** How every token begins, so that scanners of secrets know one. */
const prefix = 'tmt_';
const mostDays = 365;

/** Returns the tokens of this store. */
export function openTokens({ tables, cache }: IdentityGround): TokenDesk {
  return {
    create: (account, wish) => createToken(tables, account, wish),
    async list(account) {
      const rows = await tables
        .selectFrom('token')
        .selectAll()
        .$if(account !== null, (query) => query.where('account', '=', account ?? ''))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toEntry);
    },
    async revoke(id, owner, by) {
      const ended = await tables
        .updateTable('token')
        .set({ revoked_at: sql<Date>`clock_timestamp()` })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .$if(owner !== null, (query) => query.where('account', '=', owner ?? ''))
        .returning('account')
        .executeTakeFirst();
      cache.drop((identity) => identity.session === id && (owner === null || identity.account === owner));
      if (ended === undefined) return false;
      await recordEvent(tables, { what: 'token ended', account: ended.account, by, detail: id });
      return true;
    },
  };
}

async function createToken(
  tables: Kysely<IdentityTables>,
  account: string,
  wish: TokenWish,
): Promise<{ text: string; token: TokenEntry }> {
  const expiresAt = readWish(wish, Date.now());
  const text = `${prefix}${randomBytes(32).toString('base64url')}`;
  const scopes = [...new Set(wish.scopes)];
  const row = {
    id: newId(),
    account,
    name: wish.name.trim(),
    sha256: digestOf(text),
    scopes,
    expires_at: expiresAt,
  };
  const made = await tables.transaction().execute(async (tx) => {
    await recordEvent(tx, { what: 'token made', account, by: account, detail: `${row.id}: ${scopes.join(' ')}` });
    const unused = { revoked_at: null, used_at: null };
    return tx
      .insertInto('token')
      .values({ ...row, ...unused })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  return { text, token: toEntry(made) };
}

/** Returns who holds a token; null for one that is wrong, ended or of an account that is switched off. */
export async function findToken({ tables }: IdentityGround, text: string): Promise<Identity | null> {
  if (!/^tmt_[\w-]{43}$/.test(text)) return null;
  // By its digest: how long the search takes says nothing of the token (A48).
  const row = await tables
    .selectFrom('token')
    .innerJoin('user', 'user.id', 'token.account')
    .select([
      'token.id as session',
      'token.scopes',
      'token.used_at',
      'user.id as account',
      'user.name',
      'user.email',
      'user.person',
    ])
    .where('token.sha256', '=', digestOf(text))
    .where('token.revoked_at', 'is', null)
    .where('token.expires_at', '>', sql<Date>`clock_timestamp()`)
    .where('user.disabledAt', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { used_at: usedAt, ...identity } = row;
  if (usedAt === null || Date.now() - usedAt.getTime() > 60_000)
    await tables
      .updateTable('token')
      .set({ used_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', row.session)
      .execute();
  return { ...identity, via: 'token', strongAtMs: null };
}

function readWish({ name, scopes, expiresAt }: TokenWish, nowMs: number): Date {
  const expiresMs = toInstantMs(expiresAt);
  if (name.trim() === '' || name.length > 100) throw refused('a name of 1 to 100 characters', name);
  if (expiresMs === null || expiresMs <= nowMs || expiresMs > nowMs + mostDays * 86_400_000)
    throw refused(`an end within ${mostDays} days`, expiresAt);
  if (scopes.length === 0) throw refused('at least one scope', 'none');
  // A token is a machine's: what only a human may do is never in it (A27).
  const bad = scopes.find((scope) => ruleOf(scope)?.human !== false);
  if (bad !== undefined) throw refused('scopes that not only a human may use', bad);
  return new Date(expiresMs);
}

function refused(expected: string, got: string): ProductError {
  return new ProductError('token_refused', `token: expected ${expected}, got ${got || '(none)'}`, {
    hint: 'ask for less, or for a shorter time',
  });
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function toEntry(row: Selectable<TokenRow>): TokenEntry {
  return {
    id: row.id,
    account: row.account,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    usedAt: row.used_at?.toISOString() ?? null,
  };
}
