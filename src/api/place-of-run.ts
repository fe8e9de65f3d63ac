import { runUnknown } from '../engine/runs/act-on-run.ts';
import type { Store } from '../store/open-store.ts';

/** Where a run is. */
export interface RunPlace {
  launch: string;
  environment: string;
}

const mostKnown = 10_000;
const places = new WeakMap<Store, Map<string, RunPlace>>();

/** Returns where a run is, which never changes, so that it is asked once. Throws `run_unknown`. */
export async function placeOfRun(store: Store, run: string): Promise<RunPlace> {
  const known = places.get(store) ?? new Map<string, RunPlace>();
  places.set(store, known);
  const kept = known.get(run);
  if (kept !== undefined) return kept;
  const found = await store.tables
    .selectFrom('run')
    .select(['launch', 'environment'])
    .where('id', '=', run)
    .executeTakeFirst();
  if (found === undefined) throw runUnknown(run);
  if (known.size >= mostKnown) known.clear();
  known.set(run, found);
  return found;
}
