import { setTimeout as pause } from 'node:timers/promises';

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
  const closing = new AbortController();
  const keep = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const count = await passDue(store, advancer).catch((error: unknown) => report(error));
      // As long as there is more than was taken at once, nobody waits for the next look.
      if (count !== atOnce)
        await pause(everyMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  };
  const kept = keep();
  return {
    async close() {
      closing.abort();
      await kept;
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
