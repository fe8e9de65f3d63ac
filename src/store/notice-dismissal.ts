import { sql } from 'kysely';

import type { Store } from './open-store.ts';

/** Keeps that a person has put notices away; again changes nothing. */
export async function dismissNotices(store: Store, person: string, notices: readonly string[]): Promise<void> {
  await sql`
    insert into tminus.notice_dismissal (person, notice) select ${person}, unnest(${[...notices]}::text[])
    on conflict do nothing`.execute(store.tables);
}

/** Returns which of these notices a person has put away. */
export async function readDismissals(store: Store, person: string, notices: readonly string[]): Promise<Set<string>> {
  if (notices.length === 0) return new Set();
  const rows = await store.tables
    .selectFrom('notice_dismissal')
    .select('notice')
    .where('person', '=', person)
    .where('notice', 'in', [...notices])
    .execute();
  return new Set(rows.map(({ notice }) => notice));
}
