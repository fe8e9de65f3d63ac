import { sql } from 'kysely';
import type { PgBoss } from 'pg-boss';

import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Claim, NewJob, NextJobs, QueueDefinition, Settlement, WriteEnds } from '../delivery.ts';
import { toBackoffSeconds } from './backoff.ts';
import { endClaims, endUnbegun, readSettled } from './claim-jobs.ts';
import { deadQueueName, toBossDb } from './open-boss.ts';
import { sendJobs } from './send-jobs.ts';
import { failpoint } from '../../store/failpoint.ts';

interface Ending {
  claim: Claim;
  next: readonly NewJob[];
}

/** Ends jobs of one queue and sends what follows, in one transaction; each claim that was lost answers `stale` and sends nothing. */
export async function settleJobs(
  { store, boss }: { store: Store; boss: PgBoss },
  endings: readonly Ending[],
): Promise<Settlement[]> {
  const queue = endings[0]?.claim.queue;
  if (queue === undefined) return [];
  return store.tables.transaction().execute(async (tx) => {
    const done = await completeJobs(
      { tx, boss },
      queue,
      endings.map(({ claim }) => claim),
    );
    const next = endings.filter(({ claim }) => done.has(claim.token)).flatMap((ending) => ending.next);
    failpoint('settle.before-send');
    if (next.length > 0) await sendJobs(boss, next, tx);
    failpoint('settle.before-commit');
    return endings.map(({ claim }) => (done.has(claim.token) ? 'settled' : 'stale'));
  });
}

/** The same for one job whose successors come out of writes of the caller. Nothing is written for a claim that was lost. */
export async function settleWithWrites(
  { store, boss }: { store: Store; boss: PgBoss },
  claim: Claim,
  write: Exclude<NextJobs, readonly NewJob[]>,
): Promise<Settlement> {
  return store.tables.transaction().execute(async (tx) => {
    const done = await completeJobs({ tx, boss }, claim.queue, [claim]);
    if (!done.has(claim.token)) return 'stale';
    failpoint('settle-write.before-write', claim.data);
    const next = await write(tx);
    failpoint('settle-write.before-send', claim.data);
    if (next.length > 0) await sendJobs(boss, next, tx);
    failpoint('settle-write.before-commit', claim.data);
    return 'settled';
  });
}

/** The same for many jobs of any queues: one transaction, one call of `write`, with the jobs whose claims held. */
export async function settleTogether(
  { store, boss }: { store: Store; boss: PgBoss },
  claims: readonly Claim[],
  write: WriteEnds,
): Promise<Settlement[]> {
  // Queues go in one order, so that two such transactions do not wait for each other.
  const byQueue = [...Map.groupBy(claims, ({ queue }) => queue)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return store.tables.transaction().execute(async (tx) => {
    const settled = new Set<number>();
    for (const [queue, group] of byQueue) {
      for (const token of await completeJobs({ tx, boss }, queue, group)) settled.add(token);
    }
    const jobs = new Set(claims.filter(({ token }) => settled.has(token)).map(({ job }) => job));
    failpoint('settle-many.before-write');
    const next = jobs.size === 0 ? [] : await write(tx, jobs);
    if (next.length > 0) await sendJobs(boss, next, tx);
    failpoint('settle-many.before-commit');
    return claims.map(({ token }) => (settled.has(token) ? 'settled' : 'stale'));
  });
}

/** Completes tries, fenced twice: by pg-boss's number of the try and by our token; returns the tokens that ended. Both agree, or nothing is written. */
async function completeJobs(
  { tx, boss }: { tx: StoreTransaction; boss: PgBoss },
  queue: string,
  claims: readonly Claim[],
): Promise<ReadonlySet<number>> {
  const newest = new Map(claims.toSorted((a, b) => a.token - b.token).map((claim) => [claim.job, claim]));
  failpoint('complete.before');
  const completed = readSettled(await boss.complete(queue, [...newest.values()].map(toAttempt), null, toBossDb(tx)));
  failpoint('complete.between');
  const mine = [...newest.values()].filter(({ job }) => completed.has(job));
  const ended = await endClaims(tx, mine, 'done');
  if (ended.size !== mine.length)
    throw new Error(`queue ${queue}: expected ${mine.length} claims to hold with their jobs, got ${ended.size}`);
  failpoint('complete.after');
  return new Set(mine.map(({ token }) => token));
}

/** Ends a try as failed. The job is tried again after a pause, or becomes a dead letter. A claim that was lost changes nothing. */
export async function failJob(
  { store, boss }: { store: Store; boss: PgBoss },
  { claim, queue, reason }: { claim: Claim; queue: QueueDefinition; reason: string },
): Promise<Settlement> {
  return store.tables.transaction().execute(async (tx) => {
    failpoint('fail.before');
    const failed = readSettled(await boss.fail(claim.queue, toAttempt(claim), { message: reason }, toBossDb(tx)));
    if (!failed.has(claim.job)) return 'stale';
    failpoint('fail.between');
    await endClaims(tx, [claim], 'failed');
    failpoint('fail.claim-ended');
    if (claim.attempt < claim.attempts) {
      const startAfter = toBackoffSeconds(queue, claim.attempt);
      await boss.update(claim.queue, undefined, { id: claim.job, startAfter, ...toBossDb(tx) });
    }
    failpoint('fail.before-commit');
    return 'settled';
  });
}

/** Gives a job back to the workers, for after a pause, without costing it a try. Only one that had not begun has the same `attempt` again. */
export async function handBackJob(
  { store, boss }: { store: Store; boss: PgBoss },
  claim: Claim,
  { afterSeconds, begun }: { afterSeconds: number; begun: boolean },
): Promise<Settlement> {
  return store.tables.transaction().execute(async (tx) => {
    failpoint('hand-back.before', begun ? 'begun' : 'unbegun');
    const db = toBossDb(tx);
    const given = readSettled(await boss.fail(claim.queue, toAttempt(claim), { message: 'handed back' }, db));
    if (!given.has(claim.job)) return 'stale';
    failpoint('hand-back.between', begun ? 'begun' : 'unbegun');
    if (begun) await endClaims(tx, [claim], 'failed');
    else await endUnbegun(tx, claim);
    failpoint('hand-back.claim-ended', begun ? 'begun' : 'unbegun');
    if (claim.attempt >= claim.attempts) {
      // The last try made it a dead letter inside this transaction; nobody sees that letter.
      await boss.retry(claim.queue, claim.job, db);
      const dead = deadQueueName(claim.queue);
      const { rows } = await sql<{ id: string }>`
        select id from tminus_delivery.job where name = ${dead} and source_id = ${claim.job}::uuid and state < 'active'`.execute(
        tx,
      );
      await boss.deleteJob(
        dead,
        rows.map(({ id }) => id),
        db,
      );
    }
    await boss.update(claim.queue, undefined, {
      id: claim.job,
      startAfter: `${afterSeconds} seconds`,
      retryLimit: claim.delivery + claim.attempts - claim.attempt,
      ...db,
    });
    failpoint('hand-back.before-commit', begun ? 'begun' : 'unbegun');
    return 'settled';
  });
}

function toAttempt(claim: Claim): { id: string; retryCount: number } {
  return { id: claim.job, retryCount: claim.delivery - 1 };
}
