import { ProductError } from '../../core/error/product-error.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
import type { Store } from '../../store/open-store.ts';
import { runUnknown } from './act-on-run.ts';

/** The run that is named; without a name the only open one of the launch, else the newest. Throws where that is not clear. */
export async function findRun(store: Store, launch: string, named: string | null): Promise<StoredRun> {
  const id = named ?? (await onlyRun(store, launch));
  const stored = (await loadRuns(store, [id])).get(id);
  if (!stored) throw runUnknown(id);
  return stored;
}

async function onlyRun(store: Store, launch: string): Promise<string> {
  const open = await listRuns(store, { launch, open: true });
  if (open.length === 1) return open[0]!.id;
  if (open.length > 1) {
    throw new ProductError('run_unknown', `run of ${launch}: expected a name, got ${open.length} open runs`, {
      hint: `name one: ${open.map(({ id, state }) => `${id} (${state})`).join(', ')}`,
    });
  }
  const [newest] = await listRuns(store, { launch, limit: 1 });
  if (newest) return newest.id;
  throw new ProductError('run_unknown', `run of ${launch}: expected one, got none yet`, {
    hint: 'begin with "tminus rehearse" or "tminus run"',
  });
}
