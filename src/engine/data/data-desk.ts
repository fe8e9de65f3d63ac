import type { DataAccess } from '../../core/dataset/data-access.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import type { Store } from '../../store/open-store.ts';
import { readClock } from '../../store/store-clock.ts';
import type { ReconciledPlace } from '../../store/reconcile-report.ts';
import type { Scene } from '../scene.ts';
import { openSideDesk, startSideWork } from '../side-work.ts';
import type { SideWork } from '../side-work.ts';
import { findImported, standardChunk } from './import/open-ground.ts';
import type { ImportSetting } from './import/open-ground.ts';
import { createDataSecrets, openDataAccess } from './open-data-access.ts';

/** A dataset in an environment of a launch. */
export type DataPlace = ReconciledPlace;

/** What a server does with a dataset beside requests. */
export type DataDeed =
  | 'reconcile'
  | 'plan-import'
  | 'apply-import'
  | 'roll-back-import'
  | 'plan-fix'
  | 'apply-fix'
  | 'undo-fix'
  | 'export'
  | 'drill';

/** Work on a dataset, as it stands. */
export interface DataWork extends SideWork, DataPlace {
  does: DataDeed;
  /** What it is at, in its own words. */
  phase: string;
  done: number;
  /** Null where nobody knows. */
  total: number | null;
}

/** What somebody wants to be done with a dataset. */
export interface DataWish {
  dataset: string;
  does: DataDeed;
  by: string;
}

/** What work on a dataset is done with. */
export interface DataGround {
  scene: Scene;
  place: DataPlace;
  by: string;
  signal: AbortSignal;
  tell: (phase: string, done: number, total: number | null) => void;
}

/** Work on data that this process has begun. */
export interface DataDesk {
  store: Store;
  /** Begins it and returns at once. Throws `run_refused` while anything is under way with the dataset in that environment. */
  begin(scene: Scene, wish: DataWish, carryOut: (ground: DataGround) => Promise<void>): DataWork;
  newest(place: DataPlace): DataWork | null;
  stop(place: DataPlace): boolean;
  idle(): Promise<void>;
}

interface Parts {
  store: Store;
  signal: AbortSignal;
  report: (error: unknown) => void;
}

/** The desk of one process. */
export function openDataDesk({ store, signal, report }: Parts): DataDesk {
  const desk = openSideDesk<DataWork>({ signal, report, name: (key) => `work on ${key.replaceAll(' ', ' / ')}` });
  return {
    store,
    begin(scene, { dataset, does, by }, carryOut) {
      const place = { launch: scene.launch.id, environment: scene.environment.id, dataset };
      const key = keyOf(place);
      const work: DataWork = { ...startSideWork(key, by), ...place, does, phase: '', done: 0, total: null };
      return desk.begin(key, work, async (stop) => {
        await carryOut({
          scene,
          place,
          by,
          signal: stop,
          tell: (phase, done, total) => void Object.assign(work, { phase, done, total }),
        });
      });
    },
    newest: (place) => desk.newest(keyOf(place)),
    stop: (place) => desk.stop(keyOf(place)),
    idle: () => desk.idle(),
  };
}

/**
 * Opens the data of a launch for a person; null for whoever holds this installation, at the terminal. An environment that is not production has nothing to do with the
 * hosts of one that is (C07).
 */
export async function openDataOf(
  store: Store,
  scene: Scene,
  { by, purpose }: { by: string | null; purpose: string },
): Promise<DataAccess> {
  return openDataAccess({
    scene,
    forbidden: scene.environment.production ? [] : productionHosts(scene.launch),
    openSecret: createDataSecrets(store, scene, { actor: by, purpose, mask: () => undefined }),
    now: await readClock(store),
  });
}

/** What the use cases of imports stand on, for a person. Throws `dataset_unknown`. */
export async function toImportSetting(
  store: Store,
  scene: Scene,
  { dataset, by, signal }: { dataset: string; by: string | null; signal: AbortSignal },
): Promise<ImportSetting> {
  const found = findImported(scene.launch, dataset);
  const { open } = await openDataOf(store, scene, { by, purpose: `import ${dataset}` });
  return { scene, ...found, openDatastore: open, chunkRecords: standardChunk, signal };
}

function keyOf({ launch, environment, dataset }: DataPlace): string {
  return `${launch} ${environment} ${dataset}`;
}
