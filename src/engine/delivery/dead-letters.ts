import { sql } from 'kysely';
import type { PgBoss } from 'pg-boss';

import { toStoreError } from '../../store/database-error.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { DeadLetter, DeadLetters, DeadLetterStats, LetterFilter, QueueDefinition } from '../delivery.ts';
import { closeClaims } from './claim-jobs.ts';
import { deadQueueName, toBossDb } from './open-boss.ts';

interface Context {
  store: Store;
  boss: PgBoss;
  mask: (text: string) => string;
  findQueue: (name: string) => QueueDefinition;
}

interface By {
  person: string;
  reason: string;
}

/** Returns the dead letters of a delivery. Each action and the note of who did it are one transaction. */
export function createDeadLetters(context: Context): DeadLetters {
  const { store } = context;
  const act = async (filter: LetterFilter, by: By, action: 'requeued' | 'archived'): Promise<number> => {
    try {
      return await store.tables.transaction().execute(async (tx) => {
        const letters = await selectLetters(tx, filter);
        if (letters.length === 0) return 0;
        await (action === 'requeued' ? requeueLetters : archiveLetters)({ ...context, tx }, filter.queue, letters);
        await noteAction(tx, letters, { ...by, reason: context.mask(by.reason), queue: filter.queue, action });
        return letters.length;
      });
    } catch (error) {
      throw toStoreError(error, `dead letters of ${filter.queue}`);
    }
  };
  return {
    list: async (queue, limit = 100) => {
      const { rows } = await letterQuery({ queue, before: null, ids: null }, limit).execute(store.tables);
      return rows.map(({ id, key, job, data, attempts, reason, at }) => ({
        id,
        queue,
        key,
        job,
        data,
        attempts,
        reason,
        at,
      }));
    },
    preview: async (filter) => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from (${letterQuery(toSelection(filter), null)}) as letter`.execute(store.tables);
      return rows[0]?.count ?? 0;
    },
    requeue: (filter, by) => act(filter, by, 'requeued'),
    archive: (filter, by) => act(filter, by, 'archived'),
    stats: (queue) => readStats(store, queue),
  };
}

/** `deliveries` counts what pg-boss counts: those that were given back, too. */
type Letter = Omit<DeadLetter, 'queue'> & { deliveries: number };

interface Selection {
  queue: string;
  before: Date | null;
  ids: readonly string[] | null;
}

function toSelection(filter: LetterFilter): Selection {
  return 'ids' in filter ? { ...filter, before: null } : { ...filter, ids: null };
}

/** The letters whose job still lies failed in its queue, oldest first. pg-boss has no paged reading of its own. */
function letterQuery({ queue, before, ids }: Selection, limit: number | null) {
  const idList = ids === null ? null : [...ids];
  return sql<Letter>`
    select letter.id, letter.singleton_key as key, letter.source_id as job, letter.data, letter.source_retry_count + 1 - coalesce(held.given_back, 0) as attempts,
        letter.source_retry_count + 1 as deliveries,
        coalesce(letter.source_output ->> 'message', letter.source_output -> 'value' ->> 'message', 'unknown') as reason, letter.created_on as at
      from tminus_delivery.job as letter
      join tminus_delivery.job as failed on failed.name = letter.source_name and failed.id = letter.source_id and failed.state = 'failed'
      left join tminus.job_claim as held on held.queue = letter.source_name and held.job = letter.source_id
      where letter.name = ${deadQueueName(queue)} and letter.source_name = ${queue} and letter.state < 'active'
        and (${before}::timestamptz is null or letter.created_on < ${before}::timestamptz)
        and (${idList}::uuid[] is null or letter.id = any (${idList}::uuid[]))
      order by letter.created_on, letter.id limit ${limit}`;
}

async function selectLetters(tx: StoreTransaction, filter: LetterFilter): Promise<Letter[]> {
  // Two people may press the button at once: the second waits here and then finds nothing.
  await sql`select pg_advisory_xact_lock(hashtext(${`dead letters ${filter.queue}`}))`.execute(tx);
  return (await letterQuery(toSelection(filter), null).execute(tx)).rows;
}

type Work = Context & { tx: StoreTransaction };

/**
 * Brings the failed job itself back, with its place in the row of its key and all its tries. pg-boss's redrive would make a new job behind those
 * that wait, and leave the failed one, which keeps the key shut.
 */
async function requeueLetters({ boss, tx, findQueue }: Work, queue: string, letters: readonly Letter[]): Promise<void> {
  const db = toBossDb(tx);
  const { attempts } = findQueue(queue);
  await boss.retry(
    queue,
    letters.map(({ job }) => job),
    db,
  );
  for (const letter of letters)
    await boss.update(queue, undefined, {
      id: letter.job,
      retryLimit: letter.deliveries - 1 + attempts,
      startAfter: 0,
      ...db,
    });
  await boss.deleteJob(
    deadQueueName(queue),
    letters.map(({ id }) => id),
    db,
  );
}

async function archiveLetters({ boss, tx }: Work, queue: string, letters: readonly Letter[]): Promise<void> {
  const db = toBossDb(tx);
  const dead = deadQueueName(queue);
  const ids = letters.map(({ id }) => id);
  const jobs = letters.map(({ job }) => job);
  await boss.complete(dead, ids, null, { includeQueued: true, ...db });
  await closeClaims(tx, { queue: dead, jobs: ids, outcome: 'archived' });
  await boss.deleteJob(queue, jobs, db);
  await closeClaims(tx, { queue, jobs, outcome: 'archived' });
}

async function noteAction(
  tx: StoreTransaction,
  letters: readonly Letter[],
  { queue, ...note }: By & { queue: string; action: 'requeued' | 'archived' },
): Promise<void> {
  const rows = letters.map(({ id, at, reason }) => ({ letter: id, died_at: at, cause: reason }));
  await sql`
    insert into tminus.dead_letter_action (letter, queue, died_at, cause, action, person, reason)
      select t.letter, ${queue}, t.died_at, t.cause, ${note.action}, ${note.person}, ${note.reason}
        from unnest(${rows.map(({ letter }) => letter)}::uuid[], ${rows.map(({ died_at }) => died_at)}::timestamptz[],
          ${rows.map(({ cause }) => cause)}::text[]) as t (letter, died_at, cause)`.execute(tx);
}

async function readStats(store: Store, queue: string): Promise<DeadLetterStats> {
  const { rows } = await sql<DeadLetterStats>`
    with died as (
      select at as died_at, reason as cause, 'waiting' as state from (${letterQuery({ queue, before: null, ids: null }, null)}) as letter
      union all select died_at, cause, action from tminus.dead_letter_action where queue = ${queue}
    ), causes as (
      select cause as reason, count(*)::int as count from died group by cause order by 2 desc, 1 limit 10
    )
    select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'requeued')::int as requeued,
        count(*) filter (where state = 'archived')::int as archived,
        count(*) filter (where died_at > clock_timestamp() - interval '1 day')::int as "lastDay",
        count(*) filter (where died_at > clock_timestamp() - interval '7 days')::int as "lastWeek",
        (select coalesce(jsonb_agg(causes), '[]') from causes) as reasons
      from died`.execute(store.tables);
  return rows[0] as DeadLetterStats;
}
