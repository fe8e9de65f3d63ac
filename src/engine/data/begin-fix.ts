import { ProductError } from '../../core/error/product-error.ts';
import { readStoredFix } from '../../store/fix-plan.ts';
import type { StoredFix } from '../../store/fix-plan.ts';
import type { Store } from '../../store/open-store.ts';
import { readClock } from '../../store/store-clock.ts';
import type { Scene } from '../scene.ts';
import { requireRight } from './begin-import.ts';
import { openDataOf } from './data-desk.ts';
import type { DataDesk, DataGround, DataWork } from './data-desk.ts';
import { applyFix } from './fix/apply-fix.ts';
import type { FixSetting } from './fix/fix-setting.ts';
import { planFix } from './fix/plan-fix.ts';
import { undoFix } from './fix/undo-fix.ts';
import { findComparable } from './reconcile-dataset.ts';

/** Who wants something of a fix. */
export interface FixOrder {
  dataset: string;
  by: string;
}

/** Begins to look for what the declared fixes would change, which is kept as a plan. Throws `dataset_unknown`, and `run_refused` while anything is under way. */
export function beginFixPlan(desk: DataDesk, scene: Scene, order: FixOrder): DataWork {
  findComparable(scene.launch.datasets, order.dataset);
  return desk.begin(scene, { ...order, does: 'plan-fix' }, async (ground) => {
    const setting = await toFixSetting(desk.store, ground);
    await planFix(desk.store, setting, { dataset: order.dataset, requester: order.by });
  });
}

/** Begins to apply an approved fix, or goes on with it. Throws `permission_denied` and `fix_unknown`. */
export async function beginFix(
  desk: DataDesk,
  scene: Scene,
  { fix, ...order }: FixOrder & { fix: string },
): Promise<DataWork> {
  await requireRight(desk.store, scene, { ...order, permission: 'run.start' });
  await findFixOf(desk.store, scene, { dataset: order.dataset, id: fix });
  return desk.begin(scene, { ...order, does: 'apply-fix' }, async (ground) => {
    await applyFix(desk.store, await toFixSetting(desk.store, ground), { fix, person: order.by });
  });
}

/** Begins to take a fix back, to the byte. Throws `permission_denied` and `fix_unknown`. */
export async function beginFixUndo(
  desk: DataDesk,
  scene: Scene,
  { fix, ...order }: FixOrder & { fix: string },
): Promise<DataWork> {
  await requireRight(desk.store, scene, { ...order, permission: 'run.cancel' });
  await findFixOf(desk.store, scene, { dataset: order.dataset, id: fix });
  return desk.begin(scene, { ...order, does: 'undo-fix' }, async (ground) => {
    await undoFix(desk.store, await toFixSetting(desk.store, ground), { fix, person: order.by });
  });
}

/** Returns a fix of a dataset in this environment; one of another place is not there. Throws `fix_unknown`. */
export async function findFixOf(
  store: Store,
  { launch, environment }: Scene,
  { dataset, id }: { dataset: string; id: string },
): Promise<StoredFix> {
  const found = await readStoredFix(store, id);
  const isHere = found?.launch === launch.id && found.environment === environment.id && found.dataset === dataset;
  if (found && isHere) return found;
  throw new ProductError('fix_unknown', `fix of ${dataset}: expected ${id} in ${environment.id}, got none`, {
    hint: 'name a fix as the list of the dataset has it',
  });
}

async function toFixSetting(store: Store, { scene, place, by, signal, tell }: DataGround): Promise<FixSetting> {
  return {
    scene,
    signal,
    data: await openDataOf(store, scene, { by, purpose: `fix ${place.dataset}` }),
    now: await readClock(store),
    progress: (done, total, text) => tell(text, done, total),
  };
}
