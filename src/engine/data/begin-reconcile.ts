import type { ReconcileReport } from '../../core/dataset/reconcile/reconcile-report.ts';
import { readBlob } from '../../store/blob.ts';
import type { Store } from '../../store/open-store.ts';
import { keepReconcile, readNewestReconcile } from '../../store/reconcile-report.ts';
import type { KeptReconcile } from '../../store/reconcile-report.ts';
import { readClock } from '../../store/store-clock.ts';
import type { Scene } from '../scene.ts';
import { openDataOf } from './data-desk.ts';
import type { DataDesk, DataGround, DataPlace, DataWork } from './data-desk.ts';
import { findComparable, reconcileDataset } from './reconcile-dataset.ts';

/** What somebody wants to be compared. */
export interface ReconcileOrder {
  dataset: string;
  by: string;
  /** Goes on where a systematic difference was named from the sample. */
  full: boolean;
}

const samples = 50;

/** Begins to compare a dataset on both sides. Throws `dataset_unknown`, and `run_refused` while anything is under way with it. */
export function beginReconcile(desk: DataDesk, scene: Scene, { dataset, by, full }: ReconcileOrder): DataWork {
  findComparable(scene.launch.datasets, dataset);
  return desk.begin(scene, { dataset, does: 'reconcile', by }, (ground) => compare(desk, ground, full));
}

/** A report with who asked for it and when it was kept. */
export interface NewestReconcile extends KeptReconcile {
  report: ReconcileReport;
}

/** Returns the newest report of a dataset, or null. Throws `store_damaged` where its bytes are others. */
export async function readReconcile(store: Store, place: DataPlace): Promise<NewestReconcile | null> {
  const kept = await readNewestReconcile(store, place);
  const bytes = kept === null ? null : await readBlob(store, kept.reportSha256);
  if (kept === null || bytes === null) return null;
  return { ...kept, report: JSON.parse(Buffer.from(bytes).toString()) as ReconcileReport };
}

async function compare(desk: DataDesk, { scene, place, by, signal, tell }: DataGround, full: boolean): Promise<void> {
  const { store } = desk;
  const data = await openDataOf(store, scene, { by, purpose: `reconcile ${place.dataset}` });
  const previous = await readReconcile(store, place);
  const { report: compared } = await reconcileDataset(data, place.dataset, {
    options: {
      strategy: 'auto',
      full,
      sampleSize: 2_000,
      seed: 1,
      samples,
      rechecks: [],
      previous: previous?.report ?? null,
    },
    scene: { now: await readClock(store), signal, progress: (rows, total, text) => tell(text, rows, total) },
  });
  signal.throwIfAborted();
  await keepCompared(store, scene, { dataset: place.dataset, by, report: compared });
}

/** Keeps a comparison as the newest of its dataset, wherever it was asked for: pages, and the next comparison, start from it. */
export async function keepCompared(
  store: Store,
  { launch, environment, planHash }: Scene,
  { dataset, by, report }: { dataset: string; by: string; report: ReconcileReport },
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(report, null, 1));
  const place = { launch: launch.id, environment: environment.id, dataset };
  await keepReconcile(store, { ...place, planHash, startedBy: by, report: bytes });
}
