import { ProductError } from '../../core/error/product-error.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
import type { Store } from '../../store/open-store.ts';
import { runUnknown } from './act-on-run.ts';

/** Where a run is looked for that nobody names. */
export interface RunPlace {
  launch: string;
  /** Null looks in all environments. */
  environment: string | null;
}

/** The run that is named; without a name the only open one of the place, else the newest. Throws where that is not clear. */
export async function findRun(store: Store, place: RunPlace, named: string | null): Promise<StoredRun> {
  const id = named ?? (await onlyRun(store, place));
  const stored = (await loadRuns(store, [id])).get(id);
  if (!stored) throw runUnknown(id);
  return stored;
}

async function onlyRun(store: Store, place: RunPlace): Promise<string> {
  const { launch } = place;
  const open = await listRuns(store, { ...place, open: true });
  if (open.length === 1) return open[0]!.id;
  if (open.length > 1) {
    throw new ProductError('run_unknown', `run of ${launch}: expected a name, got ${open.length} open runs`, {
      hint: `name one: ${open.map(({ id, environment, state }) => `${id} (${environment}, ${state})`).join(', ')}; or its environment with --environment`,
    });
  }
  const [newest] = await listRuns(store, { ...place, limit: 1 });
  if (newest) return newest.id;
  throw new ProductError('run_unknown', `run of ${launch}: expected one, got none yet`, {
    hint: 'begin with "tminus rehearse" or "tminus run"',
  });
}
