import type { IdentityGround } from './identity-ground.ts';
import type { HistoryEntry } from './identity.ts';

const pageSize = 100;

/** Returns what happened, newest first, at most a hundred entries: to one account, or to all where it is null; before the entry of an id where one is given. */
export async function listHistory(
  { tables }: IdentityGround,
  account: string | null,
  before: string | null,
): Promise<HistoryEntry[]> {
  const rows = await tables
    .selectFrom('event')
    .selectAll()
    .$if(account !== null, (query) => query.where('account', '=', account))
    .$if(before !== null, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(pageSize)
    .execute();
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
