import { sql } from 'kysely';

import { recordEvent } from './identity-ground.ts';
import type { IdentityGround } from './identity-ground.ts';
import type { SessionDesk, SessionEntry } from './identity.ts';
import type { SessionRow } from './identity-tables.ts';

/** Returns the sessions of this store. */
export function openSessions({ tables, cache }: IdentityGround): SessionDesk {
  return {
    async list(account) {
      const rows = await tables
        .selectFrom('session')
        .selectAll()
        .where('expiresAt', '>', sql<Date>`clock_timestamp()`)
        .$if(account !== null, (query) => query.where('userId', '=', account ?? ''))
        .orderBy('createdAt', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toEntry);
    },
    async revoke(id, owner, by) {
      const ended = await tables
        .deleteFrom('session')
        .where('id', '=', id)
        .$if(owner !== null, (query) => query.where('userId', '=', owner ?? ''))
        .returning('userId')
        .executeTakeFirst();
      cache.drop((identity) => identity.session === id && (owner === null || identity.account === owner));
      if (ended === undefined) return false;
      await recordEvent(tables, { what: 'session ended', account: ended.userId, by, detail: id });
      return true;
    },
    async revokeAll(account, except, by) {
      const ended = await tables
        .deleteFrom('session')
        .where('userId', '=', account)
        .$if(except !== null, (query) => query.where('id', '!=', except ?? ''))
        .returning('id')
        .execute();
      cache.drop((identity) => identity.account === account && identity.session !== except);
      await recordEvent(tables, { what: 'sessions ended', account, by, detail: `${ended.length}` });
      return ended.length;
    },
  };
}

function toEntry(row: SessionRow): SessionEntry {
  return {
    id: row.id,
    account: row.userId,
    startedAt: row.createdAt.toISOString(),
    seenAt: row.updatedAt.toISOString(),
    endsAt: row.expiresAt.toISOString(),
    ip: row.ipAddress === '' ? null : row.ipAddress,
    userAgent: row.userAgent === '' ? null : row.userAgent,
    strongAt: row.strongAt?.toISOString() ?? null,
  };
}
