import type { Permission } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { listBatches } from '../../store/import-batch.ts';
import type { ImportBatch } from '../../store/import-batch.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import type { Scene } from '../scene.ts';
import { toImportSetting } from './data-desk.ts';
import type { DataDesk, DataGround, DataWork } from './data-desk.ts';
import { applyImport } from './import/apply-import.ts';
import { passWithoutApproval } from './import/approve-import.ts';
import { findImported } from './import/open-ground.ts';
import { planImport } from './import/plan-import.ts';
import { rollBackImport } from './import/roll-back.ts';

/** Who wants something of an import. */
export interface ImportOrder {
  dataset: string;
  by: string;
}

/** Begins a dry run, which is kept as a planned import. Throws `dataset_unknown`, and `run_refused` while anything is under way with the dataset. */
export function beginImportPlan(
  desk: DataDesk,
  scene: Scene,
  { mode, ...order }: ImportOrder & { mode: 'full' | 'delta' },
): DataWork {
  findImported(scene.launch, order.dataset);
  return desk.begin(scene, { ...order, does: 'plan-import' }, async (ground) => {
    const { setting, progress } = await toGround(desk, ground);
    await planImport(desk.store, setting, { mode, requester: order.by, progress });
  });
}

/** Begins to write what was approved, or goes on with it; where the target is not production, no approval is wanted. Throws `permission_denied` and `import_unknown`. */
export async function beginImport(
  desk: DataDesk,
  scene: Scene,
  { batch: id, ...order }: ImportOrder & { batch: string },
): Promise<DataWork> {
  const { store } = desk;
  await requireRight(store, scene, { ...order, permission: 'run.start' });
  await findBatch(store, scene, { dataset: order.dataset, id });
  return desk.begin(scene, { ...order, does: 'apply-import' }, async (ground) => {
    const { setting, progress } = await toGround(desk, ground);
    const found = await findBatch(store, scene, { dataset: order.dataset, id });
    if (found.state === 'planned' && !scene.environment.production) await passWithoutApproval(store, setting, found);
    const batch = await findBatch(store, scene, { dataset: order.dataset, id });
    await applyImport(store, setting, { batch, person: order.by, progress });
  });
}

/** Begins to take an import back; rows that people have edited since stay. Throws `permission_denied` and `import_unknown`. */
export async function beginRollBack(
  desk: DataDesk,
  scene: Scene,
  { batch: id, ...order }: ImportOrder & { batch: string },
): Promise<DataWork> {
  const { store } = desk;
  await requireRight(store, scene, { ...order, permission: 'run.cancel' });
  const batch = await findBatch(store, scene, { dataset: order.dataset, id });
  return desk.begin(scene, { ...order, does: 'roll-back-import' }, async (ground) => {
    const { setting, progress } = await toGround(desk, ground);
    await rollBackImport(store, setting, { batch, person: order.by, progress });
  });
}

/** Returns an import of a dataset in this environment; throws `import_unknown`. */
export async function findBatch(
  store: Store,
  { launch, environment }: Scene,
  { dataset, id }: { dataset: string; id: string },
): Promise<ImportBatch> {
  const about = { launch: launch.id, environment: environment.id, dataset };
  const found = (await listBatches(store, about)).find((batch) => batch.id === id);
  if (found) return found;
  throw new ProductError('import_unknown', `import of ${dataset}: expected ${id} in ${environment.id}, got none`, {
    hint: 'name an import as the list of the dataset has it',
  });
}

/** Throws `permission_denied`, after it was written down with the dataset that it is about. */
export async function requireRight(
  store: Store,
  { launch, environment }: Scene,
  { by: person, dataset: subject, permission }: ImportOrder & { permission: Permission },
): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  await requirePermission(store, launch, { person, permission, environment: environment.id, nowMs, subject });
}

async function toGround(desk: DataDesk, { scene, place, by, signal, tell }: DataGround) {
  const setting = await toImportSetting(desk.store, scene, { dataset: place.dataset, by, signal });
  const progress = (state: { phase: string; done: number; total: number }): void =>
    tell(state.phase, state.done, state.total);
  return { setting, progress };
}
