import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { PgBoss } from 'pg-boss';

import type { Store } from '../../store/open-store.ts';
import type { Tables } from '../../store/tables.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { toBossDb } from './open-boss.ts';
import { failpoint } from '../../store/failpoint.ts';

/** A try of a job, as it came from pg-boss. */
export interface Fetched {
  id: string;
  /** Tries that failed before this one; it names the try for pg-boss. */
  retryCount: number;
}

/** What names a claim. */
export interface ClaimKey {
  queue: string;
  job: string;
  token: number;
}

/** What a claim gets from the database. */
export interface Taken {
  token: number;
  /** Deliveries of the job that were given back before they began. */
  givenBack: number;
}

/**
 * Takes a token for each job of a batch and returns them by job id. A job that is missing in the answer was lost between the fetch and now:
 * another worker has it, or it was cancelled. May be asked twice for one try by the same worker, with a new token each time.
 *
 * One statement that reads pg-boss's table, where its `touch` would write every job of the batch a second time. The rows are locked, so that
 * a job cannot be taken away between the look and the token; nextval is asked behind the lock of the claim, so that a later one is greater.
 */
export async function claimJobs(
  store: Store,
  { queue, jobs, worker }: { queue: string; jobs: readonly Fetched[]; worker: string },
): Promise<ReadonlyMap<string, Taken>> {
  const ids = jobs.map(({ id }) => id);
  const attempts = jobs.map(({ retryCount }) => retryCount + 1);
  failpoint('claim.before');
  const { rows } = await sql<{ job: string; token: string; given_back: number }>`
    with alive as materialized (
      select j.id as job, t.attempt from unnest(${ids}::uuid[], ${attempts}::int[]) as t (job, attempt)
        join tminus_delivery.job as j on j.name = ${queue} and j.id = t.job and j.state = 'active' and j.retry_count + 1 = t.attempt
        order by j.id for share of j
    )
    insert into tminus.job_claim as held (queue, job, token, attempt, worker)
      select ${queue}, job, nextval('tminus.claim_token'), attempt, ${worker} from alive
      on conflict (queue, job) do update set token = nextval('tminus.claim_token'), attempt = excluded.attempt, worker = excluded.worker,
        claimed_at = clock_timestamp(), outcome = null, settled_at = null
        where held.attempt < excluded.attempt
          or (held.attempt = excluded.attempt and held.worker = excluded.worker and held.outcome is null)
      returning job, token, given_back`.execute(store.tables);
  failpoint('claim.after');
  return new Map(rows.map((row) => [row.job, { token: Number(row.token), givenBack: row.given_back }] as const));
}

/** Returns the tokens under which jobs were settled, of the claims given. */
export async function readSettledTokens(store: Store, claims: readonly ClaimKey[]): Promise<ReadonlySet<number>> {
  const { queues, jobs, tokens } = toColumns(claims);
  const { rows } = await sql<{ token: string }>`
    select held.token from tminus.job_claim as held
      join unnest(${queues}::text[], ${jobs}::uuid[], ${tokens}::bigint[]) as t (queue, job, token)
        on held.queue = t.queue and held.job = t.job and held.token = t.token and held.outcome = 'done'`.execute(
    store.tables,
  );
  return new Set(rows.map(({ token }) => Number(token)));
}

/** Tells whether a job was settled under this very claim. */
export async function wasSettled(store: Store, claim: ClaimKey): Promise<boolean> {
  return (await readSettledTokens(store, [claim])).has(claim.token);
}

/** Returns the ids that a call of pg-boss really changed. */
export function readSettled(response: unknown): ReadonlySet<string> {
  const { settled } = response as { settled?: readonly string[] };
  if (settled === undefined)
    throw new Error(
      'pg-boss: expected the ids of the jobs that a call changed, got none; another version than 12.35.0 may be installed',
    );
  return new Set(settled);
}

/** Notes how claims ended and returns the jobs whose claim was still this one. */
export async function endClaims(
  tx: StoreTransaction,
  claims: readonly ClaimKey[],
  outcome: 'done' | 'failed',
): Promise<ReadonlySet<string>> {
  const { queues, jobs, tokens } = toColumns(claims);
  const { rows } = await sql<{ job: string }>`
    update tminus.job_claim as held set outcome = ${outcome}, settled_at = clock_timestamp()
      from unnest(${queues}::text[], ${jobs}::uuid[], ${tokens}::bigint[]) as t (queue, job, token)
      where held.queue = t.queue and held.job = t.job and held.token = t.token and held.outcome is null
      returning held.job`.execute(tx);
  return new Set(rows.map(({ job }) => job));
}

/** Ends the claim of a delivery that did not begin; it counts no try. */
export async function endUnbegun(tx: StoreTransaction, { queue, job, token }: ClaimKey): Promise<void> {
  failpoint('unbegun.before');
  await sql`
    update tminus.job_claim set outcome = 'failed', settled_at = clock_timestamp(), given_back = given_back + 1
      where queue = ${queue} and job = ${job} and token = ${String(token)} and outcome is null`.execute(tx);
}

/** Returns the tokens that still may write. Within a transaction nobody can take these claims over before it ends. */
export async function readCurrentTokens(
  tables: Kysely<Tables>,
  claims: readonly ClaimKey[],
  lock: 'for share' | 'none',
): Promise<ReadonlySet<number>> {
  const { queues, jobs, tokens } = toColumns(claims);
  const { rows } = await sql<{ token: string }>`
    select held.token from tminus.job_claim as held
      join unnest(${queues}::text[], ${jobs}::uuid[], ${tokens}::bigint[]) as t (queue, job, token)
        on held.queue = t.queue and held.job = t.job and held.token = t.token and held.outcome is null
      ${lock === 'none' ? sql`` : sql`order by held.queue, held.job for share of held`}`.execute(tables);
  return new Set(rows.map(({ token }) => Number(token)));
}

/** Takes the right to write from whoever holds the claims of jobs, and keeps the jobs in mind for removal. */
export async function closeClaims(
  tx: StoreTransaction,
  { queue, jobs, outcome }: { queue: string; jobs: readonly string[]; outcome: 'cancelled' | 'archived' },
): Promise<void> {
  await sql`
    insert into tminus.job_claim (queue, job, token, attempt, worker, outcome, settled_at)
      select ${queue}, job, nextval('tminus.claim_token'), 1, '', ${outcome}, clock_timestamp() from unnest(${[...jobs]}::uuid[]) as job order by job
      on conflict (queue, job) do update set outcome = excluded.outcome, settled_at = excluded.settled_at`.execute(tx);
}

/** Removes jobs that ended a while ago together with their claims; returns how many. Dead letters are never among them. */
export async function removeEnded(
  { store, boss }: { store: Store; boss: PgBoss },
  queues: readonly string[],
  keepSeconds: number,
): Promise<number> {
  return store.tables.transaction().execute(async (tx) => {
    const { rows } = await sql<{ queue: string; jobs: string[] }>`
      with ended as (
        select queue, job from tminus.job_claim
          where outcome <> 'failed' and queue = any (${[...queues]}::text[])
            and settled_at < clock_timestamp() - (case outcome when 'archived' then ${archivedSeconds}::int else ${keepSeconds}::int end) * interval '1 second'
          order by settled_at limit 5000 for update skip locked
      ), gone as (
        delete from tminus.job_claim as held using ended where held.queue = ended.queue and held.job = ended.job
          returning held.queue, held.job
      ) select queue, array_agg(job) as jobs from gone group by queue`.execute(tx);
    failpoint('remove.between');
    for (const { queue, jobs } of rows) await boss.deleteJob(queue, jobs, toBossDb(tx));
    failpoint('remove.before-commit');
    return rows.reduce((sum, { jobs }) => sum + jobs.length, 0);
  });
}

/** What a person set aside can be looked at for so long. */
const archivedSeconds = 30 * 24 * 3600;

function toColumns(claims: readonly ClaimKey[]): { queues: string[]; jobs: string[]; tokens: number[] } {
  return {
    queues: claims.map(({ queue }) => queue),
    jobs: claims.map(({ job }) => job),
    tokens: claims.map(({ token }) => token),
  };
}
