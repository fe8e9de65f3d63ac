import { basename, dirname, relative } from 'node:path';

import { ProductError } from '../../../core/error/product-error.ts';
import { productionHosts } from '../../../core/procedure/rehearsal-faults.ts';
import type { DrillDeed, ExportDeed, ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { toDone, toFailed } from '../../../kinds/steps/step-outcome.ts';
import { readNow } from '../../../store/open-store.ts';
import { readGitHead } from '../../read-git-head.ts';
import { makeFolder, writeNewFile } from '../../write-file.ts';
import { exportDatasets } from '../archive/export-datasets.ts';
import { exportOwn } from '../archive/export-own.ts';
import { productionDatabases } from '../archive/production-databases.ts';
import { drillReportPath, restoreDrill } from '../archive/restore-drill.ts';
import type { EndedDrill } from '../archive/restore-drill.ts';
import { nameScratchServer } from '../archive/scratch-server.ts';
import { resolveWindow } from '../archive/resolve-window.ts';
import { tellWindow } from '../archive/tell-window.ts';
import type { WrittenArchive } from '../archive/write-archive.ts';
import { openArchivePlace } from './archive-place.ts';
import { carryOut, lookAfter, openDataFor } from './deed-ground.ts';
import type { DeedGround } from './deed-ground.ts';
import { findDataset } from './find-dataset.ts';

/** Writes an archive for a step, with its sha256 and the key of the step beside it; one that this key has written whole is not written again. */
export function writeArchiveDeed(ground: DeedGround, wish: ExportDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const place = openArchivePlace(wish, outsideOf(ground, context));
    const standing = await place.readStanding(context.idempotencyKey);
    if (standing.state === 'whole')
      return toDone(`${wish.file}: was written before by the same step`, { file: wish.file, sha256: standing.sha256 });
    if (standing.state === 'other')
      throw new ProductError(
        'output_exists',
        `${wish.file}: expected no such archive, got one that this step did not write`,
        {
          hint: 'name another place; an archive is never overwritten',
        },
      );
    const { sha256, manifest } = await place.keep(context.idempotencyKey, (file) =>
      write(ground, { wish, file }, context),
    );
    const { entity_counts: counts } = manifest;
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const { window } = manifest;
    const told = `${rows} rows of ${Object.keys(counts).length} entities`;
    const detail = `${wish.file}: ${told}${window === undefined ? '' : ` ${tellWindow(window)}`}, sha256 ${sha256}`;
    return toDone(detail, {
      file: wish.file,
      sha256,
      counts: { ...counts },
      ...(window !== undefined && { since: window.since, until: window.until }),
    });
  });
}

/** Tells by the bytes, read again, and by the key beside them whether the archive was written; one without its sha256 is not known to be whole. */
export function probeArchiveDeed(
  ground: DeedGround,
  wish: Pick<ExportDeed, 'file' | 'store'>,
  context: StepContext,
): Promise<ProbeOutcome> {
  return lookAfter(async () => {
    const place = openArchivePlace(wish, outsideOf(ground, context));
    const { state } = await place.readStanding(context.idempotencyKey);
    if (state === 'none') return { result: 'not_applied', detail: `${wish.file}: no such archive` };
    if (state === 'whole')
      return { result: 'applied', detail: `${wish.file}: there with the sha256 that was recorded` };
    return { result: 'unknown', detail: `${wish.file}: there, and not known to be what this step has written` };
  });
}

/** Restores an archive for a step, and leaves the signed report where a `restore-drill` check looks for it. */
export function drillArchiveDeed(ground: DeedGround, wish: DrillDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const place = openArchivePlace({ file: wish.archive, store: wish.store }, outsideOf(ground, context));
    const { report, findings, file } = await place.use((archive, recorded) =>
      drill(ground, { wish, archive, recorded }, context),
    );
    const out = drillReportPath(context.workspace, report.id);
    makeFolder(dirname(out));
    writeNewFile(out, file);
    const facts = { report: relative(context.workspace, out), passed: report.passed, rtoMs: report.rtoMs };
    if (!report.passed) return toFailed(`${wish.archive}: ${findings.join('; ')}`, facts);
    const rows = report.entities.reduce((sum, { restored }) => sum + restored, 0);
    return toDone(`${wish.archive}: ${rows} rows of ${report.entities.length} entities restored and equal`, facts);
  });
}

function drill(
  { store, scene }: DeedGround,
  { wish, archive, recorded }: { wish: DrillDeed; archive: string; recorded: string | null },
  context: StepContext,
): Promise<EndedDrill> {
  return restoreDrill(store, scene, {
    file: archive,
    uri: wish.store ? wish.archive : basename(archive),
    expectedSha256: wish.sha256 ?? recorded,
    identities: (wish.identity ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    server: wish.server === null ? null : nameScratchServer(wish.server.url, wish.server.password),
    forbidden: [...new Set([...context.forbidden, ...productionHosts(scene.launch)])],
    productionDatabases: productionDatabases(scene.launch),
    signal: context.signal,
    onPhase: (phase, detail) => context.progress(0, null, `${phase} ${detail}`.trimEnd()),
  });
}

/** Where nothing is production, no host of it is touched, no store of backups either. */
function outsideOf({ scene }: DeedGround, context: StepContext): StepContext {
  const others = scene.environment.production ? [] : productionHosts(scene.launch);
  return { ...context, forbidden: [...new Set([...context.forbidden, ...others])] };
}

async function write(
  { store, scene }: DeedGround,
  { wish, file }: { wish: ExportDeed; file: string },
  context: StepContext,
): Promise<WrittenArchive> {
  const onRows = (entity: string, rows: number): void => context.progress(rows, null, entity);
  const writing = { signal: context.signal, recipients: wish.recipients, onRows };
  const origin = { environment: scene.environment.id, appGitSha: await readGitHead(scene.directory) };
  if (wish.datasets.length === 0) return await exportOwn(store, origin, file, writing);
  const datasets = wish.datasets.map((id) => findDataset(scene.launch.datasets, id));
  const { open } = openDataFor(scene, context);
  const generatedAt = await readNow(store);
  const { side, since = null, until = null } = wish;
  const asked = { since, until, mode: context.mode, nowMs: Date.parse(generatedAt) };
  const window = await resolveWindow(store, scene, asked);
  const from = { ...origin, launch: scene.launch.id, generatedAt, datasets, side, open, window };
  return await exportDatasets(from, file, writing);
}
