import { sql } from 'kysely';

import type { Store } from '../../store/open-store.ts';
import { listDueRuns } from '../../store/run.ts';
import type { Advancer } from '../advance/open-advancer.ts';
import { failpoint } from '../../store/failpoint.ts';

/** Lets time pass for all runs of a store, as long as this process lives. */
export interface Timekeeper {
  close(): Promise<void>;
}

/** How often it is looked whether a run is due. A poll, so that a notification that is lost costs nothing but this. */
const everyMs = 200;
/** Runs that are brought forward between two looks. */
const atOnce = 512;
/** Any fixed number that no other program takes: one process at a time keeps the time, and the next takes over when it is gone. */
const advisoryKey = '8390876194217';

/** Hands a `tick` to every run that is due. Of many processes one does it; its lock ends with its transaction, and so with its life. */
export function keepTime(store: Store, advancer: Advancer, report: (error: unknown) => void): Timekeeper {
  let isClosed = false;
  let round: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      for (let count = atOnce; count === atOnce && !isClosed;) count = await passDue(store, advancer);
    } catch (error) {
      report(error);
    }
    if (isClosed) return;
    timer = setTimeout(() => void (round = look()), everyMs);
    timer.unref();
  };
  let timer = setTimeout(() => void (round = look()), 0);
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await round;
    },
  };
}

/** Returns how many runs were due; 0 where another process keeps the time. */
async function passDue(store: Store, advancer: Advancer): Promise<number> {
  return store.tables.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      mine: boolean;
    }>`select pg_try_advisory_xact_lock(${advisoryKey}::bigint) as mine`.execute(tx);
    if (rows[0]?.mine !== true) return 0;
    const due = await listDueRuns(store, atOnce, tx);
    if (due.length > 0) failpoint('tick.before');
    await Promise.all(due.map((run) => advancer.advance({ run, input: { kind: 'tick' } })));
    if (due.length > 0) failpoint('tick.after');
    return due.length;
  });
}
