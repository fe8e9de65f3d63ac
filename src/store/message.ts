import type { Store } from './open-store.ts';
import type { StoreTransaction } from './transaction.ts';
import { failpoint } from './failpoint.ts';

/** Something that people have to be told about a run. */
export interface NewMessage {
  run: string;
  /** `call` asks the people for something; every other word announces to everybody. */
  what: string;
  people: readonly string[];
  body: string;
}

/** A message as it was kept. */
export interface StoredMessage extends NewMessage {
  id: number;
  at: Date;
}

/** Keeps a message and returns its id, which rises. */
export async function keepMessage(tx: StoreTransaction, { people, ...rest }: NewMessage): Promise<number> {
  failpoint('message.before');
  const { id } = await tx
    .insertInto('message')
    .values({ ...rest, people: [...people] })
    .returning('id')
    .executeTakeFirstOrThrow();
  failpoint('message.after');
  return Number(id);
}

/** Returns the messages of a run after one of them, in their order; 0 begins at the first. */
export async function readMessages(store: Store, run: string, after = 0): Promise<StoredMessage[]> {
  const rows = await store.tables
    .selectFrom('message')
    .select(['id', 'run', 'what', 'people', 'body', 'at'])
    .where('run', '=', run)
    .where('id', '>', String(after))
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}
