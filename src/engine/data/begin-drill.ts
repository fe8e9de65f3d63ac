import { basename, dirname } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import { readNow } from '../../store/open-store.ts';
import { readGitHead } from '../read-git-head.ts';
import type { Scene } from '../scene.ts';
import { makeFolder, writeNewFile } from '../write-file.ts';
import { exportDatasets } from './archive/export-datasets.ts';
import { findKeptArchive, keptArchiveFile } from './archive/kept-archives.ts';
import type { KeptArchive } from './archive/kept-archives.ts';
import { productionDatabases } from './archive/production-databases.ts';
import { drillReportPath, restoreDrill } from './archive/restore-drill.ts';
import { toSha256File } from './archive/sha256-file.ts';
import { requireRight } from './begin-import.ts';
import { openDataOf } from './data-desk.ts';
import type { DataDesk, DataGround, DataWork } from './data-desk.ts';

/** Who wants an archive of a dataset, or one of its archives restored. */
export interface ArchiveOrder {
  dataset: string;
  by: string;
}

/** Begins to write an archive of a dataset, its target where it has one. Throws `dataset_unknown`, `permission_denied`, and `run_refused` while anything is under way with it. */
export async function beginExport(desk: DataDesk, scene: Scene, { dataset, by }: ArchiveOrder): Promise<DataWork> {
  requireDeclared(scene, dataset);
  await requireRight(desk.store, scene, { dataset, by, permission: 'run.start' });
  return desk.begin(scene, { dataset, by, does: 'export' }, (ground) => writeKept(desk, ground));
}

/**
 * Begins a restore drill of an archive that lies here: it is restored into a database made for it, on a server that is started for it and removed. What was
 * measured is signed into the launch repository, whether it passed or not. Throws as `beginExport`, and `drill_refused` for an archive that is not here.
 */
export async function beginDrill(
  desk: DataDesk,
  scene: Scene,
  { dataset, by, archive }: ArchiveOrder & { archive: string },
): Promise<DataWork> {
  requireDeclared(scene, dataset);
  await requireRight(desk.store, scene, { dataset, by, permission: 'run.start' });
  const place = { launch: scene.launch.id, environment: scene.environment.id, dataset };
  const found = await findKeptArchive(desk.store.dataDirectory, place, archive);
  return desk.begin(scene, { dataset, by, does: 'drill' }, (ground) => restoreKept(desk, ground, found));
}

function requireDeclared({ launch }: Scene, dataset: string): void {
  if (launch.datasets.some(({ id }) => id === dataset)) return;
  const known = launch.datasets.map(({ id }) => id).join(', ') || 'none';
  throw new ProductError('dataset_unknown', `dataset ${dataset}: expected one of ${known}, got none of that name`, {
    hint: 'name a dataset that the documents declare',
  });
}

async function writeKept({ store }: DataDesk, { scene, place, by, signal, tell }: DataGround): Promise<void> {
  const generatedAt = await readNow(store);
  const file = keptArchiveFile(store.dataDirectory, place, generatedAt);
  const wish = {
    environment: place.environment,
    launch: place.launch,
    appGitSha: await readGitHead(scene.directory),
    generatedAt,
    datasets: scene.launch.datasets.filter(({ id }) => id === place.dataset),
    side: 'target' as const,
    open: (await openDataOf(store, scene, { by, purpose: `export ${place.dataset}` })).open,
  };
  makeFolder(dirname(file), 0o700);
  const onRows = (entity: string, rows: number): void => tell(entity, rows, null);
  const { sha256 } = await exportDatasets(wish, file, { signal, recipients: [], onRows });
  writeNewFile(`${file}.sha256`, toSha256File({ name: basename(file), sha256, step: null }), 0o600);
}

async function restoreKept(
  { store }: DataDesk,
  { scene, signal, tell }: DataGround,
  { name, file, sha256 }: KeptArchive,
): Promise<void> {
  const {
    report,
    findings,
    file: sealed,
  } = await restoreDrill(store, scene, {
    file,
    uri: name,
    expectedSha256: sha256,
    identities: [],
    server: null,
    forbidden: productionHosts(scene.launch),
    productionDatabases: productionDatabases(scene.launch),
    signal,
    onPhase: (phase, detail) => tell(`${phase} ${detail}`.trimEnd(), 0, null),
  });
  const out = drillReportPath(scene.directory, report.id);
  makeFolder(dirname(out));
  writeNewFile(out, sealed);
  const [finding] = findings;
  // Of what cannot be read nobody can tell whose it was, and the list of the dataset would say nothing.
  if (finding !== undefined)
    throw new ProductError('drill_refused', `${name}: expected a restore without findings, got ${finding}`, {
      hint: 'write another archive, and look at the report of the drill',
    });
}
