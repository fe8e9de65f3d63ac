import { planChecks } from '../../core/check/plan-checks.ts';
import type { PlannedCheck } from '../../core/check/plan-checks.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { newestEvidence } from '../../core/evidence/newest-evidence.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';
import { listBatches, listMoves } from '../../store/import-batch.ts';
import type { ImportBatch, ImportMove } from '../../store/import-batch.ts';
import type { Scene } from '../scene.ts';
import { listDrills } from './archive/list-drills.ts';
import type { ListedDrill } from './archive/list-drills.ts';
import { listKeptArchives } from './archive/kept-archives.ts';
import type { KeptArchive } from './archive/kept-archives.ts';
import { readReconcile } from './begin-reconcile.ts';
import type { NewestReconcile } from './begin-reconcile.ts';
import type { DataDesk, DataWork } from './data-desk.ts';

/** A criterion that speaks of a dataset, and how it stands. */
export interface DataCriterion {
  criterion: string;
  title: string;
  gate: string;
  kind: string;
  state: PlannedCheck['state'];
  reason: string;
  /** Of its newest evidence; null where there is none. */
  outcome: 'pass' | 'fail' | 'unknown' | null;
  /** Whether it stands nowhere in the way of GO. */
  isMet: boolean;
}

/** A dataset of a launch in an environment, with everything that is known of it. */
export interface DatasetStanding {
  dataset: Dataset;
  batches: (ImportBatch & { moves: ImportMove[] })[];
  reconcile: NewestReconcile | null;
  /** Written by this server, the newest first. */
  archives: KeptArchive[];
  drills: ListedDrill[];
  unreadableDrills: number;
  criteria: DataCriterion[];
  work: DataWork | null;
}

/** What a standing is read from. */
export interface StandingInput {
  scene: Scene;
  entries: readonly StoredEntry[];
  now: number;
}

/** Returns every dataset of a launch with its standing in the environment of the scene, in the order of the document. */
export async function readDatasets(desk: DataDesk, { scene, entries, now }: StandingInput): Promise<DatasetStanding[]> {
  const { launch, environment, directory } = scene;
  const planned = planChecks({ ...scene, entries: entries.map(({ entry }) => entry), now });
  const { drills, unreadable } = await listDrills(directory, launch.id);
  return Promise.all(
    launch.datasets.map(async (dataset) => {
      const place = { launch: launch.id, environment: environment.id, dataset: dataset.id };
      // Looked at first: work that is told as ended has left what is read after it.
      const newest = desk.newest(place);
      const work = newest && { ...newest };
      const batches = await listBatches(desk.store, place, 20);
      return {
        dataset,
        batches: await Promise.all(
          batches.map(async (batch) => ({ ...batch, moves: await listMoves(desk.store, batch.id) })),
        ),
        reconcile: await readReconcile(desk.store, place),
        archives: await listKeptArchives(desk.store.dataDirectory, place),
        drills: drills.filter(({ report }) => report.subject.includes(dataset.id)),
        unreadableDrills: unreadable,
        criteria: planned.flatMap((one) => toCriterion(dataset.id, one, entries)),
        work,
      };
    }),
  );
}

function toCriterion(dataset: string, one: PlannedCheck, entries: readonly StoredEntry[]): DataCriterion[] {
  const { check, criterion, title, gate, state, reason } = one;
  if (check === null || !speaksOf(check.spec, dataset)) return [];
  const newest = newestEvidence(
    entries.map(({ entry }) => entry),
    criterion,
  );
  const outcome = newest?.record.judgement.outcome ?? null;
  return [
    {
      criterion,
      title,
      gate,
      kind: check.kind,
      state,
      reason,
      outcome,
      isMet: state === 'fresh' && outcome === 'pass',
    },
  ];
}

/** Checks of data name their dataset under `dataset`, or several under `of`. */
function speaksOf({ dataset, of }: { [key: string]: unknown }, id: string): boolean {
  return dataset === id || (Array.isArray(of) && of.includes(id));
}
