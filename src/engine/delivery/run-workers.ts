import type { JobWithMetadata, PgBoss } from 'pg-boss';

import type { Store } from '../../store/open-store.ts';
import type { Claim, QueueDefinition, Settlement, Workers } from '../delivery.ts';
import { claimJobs } from './claim-jobs.ts';
import type { Taken } from './claim-jobs.ts';
import type { HeldClaims } from './held-claims.ts';
import type { DeliveryTimes } from './open-boss.ts';
import { outlast } from './outlast.ts';
import { failJob } from './settle-jobs.ts';
import type { Beat } from './start-beat.ts';
import { failpoint } from '../../store/failpoint.ts';

/** What the workers of a process share. */
export interface WorkerContext {
  store: Store;
  boss: PgBoss;
  /** Name of this process in the table of claims. */
  worker: string;
  held: HeldClaims;
  beat: Pick<Beat, 'hold'>;
  times: DeliveryTimes;
  settle: (claim: Claim) => Promise<Settlement>;
  /** Takes out of a reason what may not be kept. */
  mask: (text: string) => string;
  report: (error: unknown) => void;
}

/** One queue and what is done with its jobs. */
export interface QueueWork {
  queue: QueueDefinition;
  handler: (claim: Claim) => Promise<void>;
  slots: number;
  /** Jobs that a slot takes at once, at least 2: with 1, pg-boss waits a whole polling interval after each job of a backlog. */
  batch: number;
}

/** Starts workers on a queue: so many slots, each with a batch of jobs at a time. */
export async function runWorkers(context: WorkerContext, work: QueueWork): Promise<Workers> {
  const { boss } = context;
  const name = work.queue.name;
  const slots: string[] = [];
  const remove = async (count: number): Promise<void> => {
    const leaving = slots.splice(slots.length - count, count);
    await Promise.all(leaving.map((id) => boss.offWork(name, { id, wait: true })));
  };
  const resize = async (count: number): Promise<void> => {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`slots of queue ${name}: expected a whole number from 0 on, got ${count}`);
    while (slots.length < count) slots.push(await startSlot(context, work));
    if (slots.length > count) await remove(slots.length - count);
  };
  await resize(work.slots);
  return {
    get slots() {
      return slots.length;
    },
    resize,
    drain: () => remove(slots.length),
  };
}

async function startSlot(context: WorkerContext, work: QueueWork): Promise<string> {
  const { boss, times } = context;
  const options = {
    batchSize: work.batch,
    burstWhenBatchFull: true,
    includeMetadata: true,
    perJobResults: true,
    pollingIntervalSeconds: times.pollSeconds,
    notifyPollingIntervalSeconds: times.pollSeconds,
  } as const;
  let slot = '';
  slot = await boss.work<object, unknown, typeof options>(work.queue.name, options, async (jobs) => {
    const ended = await runBatch(context, work, jobs);
    // The end of a job lets the next one of its key go, and nobody notifies of that: look again before the poll.
    boss.notifyWorker(slot);
    // For a try that has ended this changes nothing, since pg-boss fences it; one that nobody ended has failed.
    return jobs.map(({ id }) =>
      ended.has(id)
        ? { id, status: 'completed' as const }
        : { id, status: 'failed' as const, output: { message: 'the worker did not settle it' } },
    );
  });
  return slot;
}

/** Runs the jobs of a batch side by side and returns those whose try has ended in the database. */
async function runBatch(
  context: WorkerContext,
  work: QueueWork,
  jobs: readonly JobWithMetadata[],
): Promise<ReadonlySet<string>> {
  const ended = new Set<string>();
  const batch = { queue: work.queue.name, jobs, worker: context.worker };
  failpoint('fetch.after');
  const taken = await outlast(context.times.outlastSeconds, () => claimJobs(context.store, batch));
  // All of them are noted before the first handler runs: it may block the event loop.
  const claims = holdClaims(context, jobs, taken);
  await Promise.all(
    claims.map(async (claim) => {
      try {
        if (await runJob(context, work, claim)) ended.add(claim.job);
      } catch (error) {
        // The database did not take the end of it: the job is still active and will be tried again.
        context.report(error);
      } finally {
        context.held.remove(claim);
      }
    }),
  );
  return ended;
}

/** Notes the claims of a batch, and hands them to the thread that renews them; returns them in the order in which they are to run. */
function holdClaims(
  { held, beat }: WorkerContext,
  jobs: readonly JobWithMetadata[],
  taken: ReadonlyMap<string, Taken>,
): Claim[] {
  // pg-boss gives the jobs of a batch in any order; one without a token was lost between the fetch and now.
  const claims = jobs.toSorted(byTurn).flatMap((job) => {
    const own = taken.get(job.id);
    if (own === undefined) return [];
    const lost = new AbortController();
    const claim = toClaim(job, own, AbortSignal.any([job.signal, lost.signal]));
    held.add(claim, lost);
    return [claim];
  });
  beat.hold(claims);
  failpoint('claim.held');
  return claims;
}

/** Returns whether the try has ended in the database; false leaves it to whoever took the job, or was handed it. */
async function runJob(context: WorkerContext, { handler, queue }: QueueWork, claim: Claim): Promise<boolean> {
  const { held, times, mask } = context;
  failpoint('handle.before', claim.data);
  try {
    await handler(claim);
    failpoint('handle.after', claim.data);
  } catch (error) {
    if (held.isSettled(claim)) context.report(error);
    else await outlast(times.outlastSeconds, () => failJob(context, { claim, queue, reason: toReason(error, mask) }));
    failpoint('fail.committed');
    return true;
  }
  if (held.isSettled(claim)) return true;
  // A handler that was told to stop has not done its work.
  if (claim.signal.aborted) return false;
  await context.settle(claim);
  failpoint('handle.settled', claim.data);
  return true;
}

function byTurn(a: JobWithMetadata, b: JobWithMetadata): number {
  return b.priority - a.priority || a.createdOn.getTime() - b.createdOn.getTime();
}

function toClaim(job: JobWithMetadata, { token, givenBack }: Taken, signal: AbortSignal): Claim {
  return {
    job: job.id,
    queue: job.name,
    key: job.singletonKey ?? '',
    data: job.data as Claim['data'],
    attempt: job.retryCount + 1 - givenBack,
    attempts: job.retryLimit + 1 - givenBack,
    delivery: job.retryCount + 1,
    token,
    signal,
  };
}

const longestReason = 2000;

/** Masked before it is cut: half of a secret would not be found any more. */
function toReason(error: unknown, mask: WorkerContext['mask']): string {
  return mask(error instanceof Error ? error.message : String(error)).slice(0, longestReason);
}
