import type { Change } from '../../core/procedure/change.ts';
import type { Hold } from '../../core/procedure/run.ts';
import { readEvents } from '../../store/event.ts';
import type { Store } from '../../store/open-store.ts';
import { findRun } from './find-run.ts';

/** A hold that a run was under. */
export interface PastHold extends Hold {
  /** Who lifted it, why, and when; null while it is on. `by` is null where nobody did it, such as a condition that is well again. */
  lifted: { by: string | null; reason: string; atMs: number } | null;
}

const batch = 1_000;

/** Returns every hold that a run was ever under, the newest first, from its events: lifting one takes it from the run, and not from what happened. Throws `run_unknown`. */
export async function listHolds(store: Store, run: string): Promise<PastHold[]> {
  await findRun(store, { launch: '', environment: null }, run);
  const holds: PastHold[] = [];
  for await (const change of changesOf(store, run)) {
    if (change.kind === 'hold_put') holds.push({ ...change.hold, lifted: null });
    if (change.kind !== 'hold_lifted') continue;
    const { by, reason, atMs } = change;
    // The same name may have been put again: it is the last one that is on.
    const on = holds.findLast(({ id, lifted }) => id === change.hold && lifted === null);
    if (on) on.lifted = { by, reason, atMs };
  }
  return holds.toReversed();
}

async function* changesOf(store: Store, run: string): AsyncGenerator<Change> {
  for (let after = 0; ;) {
    const events = await readEvents(store, after, {
      run,
      types: ['execution.held', 'execution.resumed'],
      limit: batch,
    });
    for (const { body } of events) yield body as unknown as Change;
    const last = events.at(-1);
    if (!last || events.length < batch) return;
    after = last.cursor;
  }
}
