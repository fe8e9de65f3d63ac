import { sql } from 'kysely';

import { progressOf } from '../../core/procedure/progress.ts';
import type { Progress, StepHistory } from '../../core/procedure/progress.ts';
import type { Store } from '../../store/open-store.ts';
import { loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
import { readLengths } from '../../store/step-record.ts';
import { createGather } from '../delivery/gather.ts';

/** Tells how far runs are, for many who ask again and again. */
export interface ProgressReader {
  /** Returns the progress of a run by the clock of the database; null for one that is not there. */
  read(run: string): Promise<Progress | null>;
}

interface Known {
  stored: StoredRun;
  history: StepHistory;
}

/** Where a run stands, asked anew every time. */
interface Standing {
  id: string;
  events: string;
  ahead_ms: string;
  now_ms: string;
}

/**
 * Returns a reader that keeps the `limit` runs that were read last. The number of events is asked for with every reading, and a run whose number is
 * another is read again, with the lengths of its steps; those that other runs measured since are seen from its next event on.
 */
export function createProgressReader(store: Store, limit = 256): ProgressReader {
  const kept = new Map<string, Known>();
  const ask = createGather((ids: readonly string[]) => readStandings(store, ids));
  return {
    async read(id) {
      const standing = await ask(id);
      if (standing === null) return null;
      const known = kept.get(id);
      const fresh = known?.stored.events === Number(standing.events) ? known : await readKnown(store, id);
      kept.delete(id);
      kept.set(id, fresh);
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
      return progressOf(fresh.stored.run, fresh.history, Number(standing.now_ms) + Number(standing.ahead_ms));
    },
  };
}

async function readStandings(store: Store, ids: readonly string[]): Promise<(Standing | null)[]> {
  const { rows } = await sql<Standing>`
    select id, events, ahead_ms, (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms from tminus.run
      where id = any (${[...new Set(ids)]}::text[])`.execute(store.tables);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

async function readKnown(store: Store, id: string): Promise<Known> {
  const stored = (await loadRuns(store, [id])).get(id)!;
  return { stored, history: await readLengths(store, { launch: stored.launch, procedure: stored.run.plan.id }) };
}
