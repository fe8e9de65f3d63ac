import type { ImportDeed, ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import type { ImportCounts } from '../../../core/dataset/import/tally-import.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { toDone, toFailed } from '../../../kinds/steps/step-outcome.ts';
import { listBatches, listMoves, readBatch } from '../../../store/import-batch.ts';
import type { ImportBatch } from '../../../store/import-batch.ts';
import { applyImport, forStep, verifyImport } from '../import/apply-import.ts';
import { passWithoutApproval } from '../import/approve-import.ts';
import { findImported, standardChunk } from '../import/open-ground.ts';
import type { ImportSetting } from '../import/open-ground.ts';
import { planImport } from '../import/plan-import.ts';
import type { ReportProgress } from '../import/progress.ts';
import { rollBackImport } from '../import/roll-back.ts';
import { carryOut, openDataFor } from './deed-ground.ts';
import type { DeedGround } from './deed-ground.ts';

/** Applies an import for a step, or goes on with the one that its key began: what stands verified is not done again. */
export function applyImportDeed(ground: DeedGround, wish: ImportDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const { store, executor: person } = ground;
    const setting = toSetting(ground, wish, context);
    const own = await findOwn(ground, wish, (detail) => detail.endsWith(forStep(context.idempotencyKey)));
    if (own?.state === 'rolled-back') return toFailed(`import ${own.id}: it was taken back, so it is not done again`);
    const progress = toProgress(context);
    if (own?.state === 'applied') await verifyImport(store, setting, { batch: own, progress });
    if (own === null || own.state === 'applying' || own.state === 'failed') {
      const batch = own ?? (await findNext(ground, setting, { mode: wish.mode, progress }));
      await applyImport(store, setting, { batch, person, progress, step: context.idempotencyKey });
      return toEnd(await reread(ground, batch));
    }
    return toEnd(await reread(ground, own));
  });
}

/** Tells by the moves of its batches whether the import of this key stands verified; one that was begun and has not ended is unfinished: it goes on where it was. */
export async function probeImportDeed(
  ground: DeedGround,
  wish: ImportDeed,
  { idempotencyKey }: StepContext,
): Promise<ProbeOutcome> {
  const own = await findOwn(ground, wish, (detail) => detail.endsWith(forStep(idempotencyKey)));
  if (own === null) return { result: 'not_applied', detail: `dataset ${wish.dataset}: this step has begun no import` };
  const result = own.state === 'verified' ? 'applied' : own.state === 'rolled-back' ? 'unknown' : 'unfinished';
  return { result, detail: `import ${own.id} of ${wish.dataset} is ${own.state}` };
}

/** Takes back the newest import of the dataset that this run began. It fails where rows stay because people have edited them since: somebody has to look. */
export function rollBackImportDeed(ground: DeedGround, wish: ImportDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const run = context.idempotencyKey.split('/')[0] ?? '';
    const own = await findOwn(ground, wish, (detail) => detail.includes(forStep(`${run}/`)));
    if (own === null) return toFailed(`dataset ${wish.dataset}: expected an import of this run, got none`);
    const setting = toSetting(ground, wish, context);
    if (own.state !== 'rolled-back')
      await rollBackImport(ground.store, setting, {
        batch: own,
        person: ground.executor,
        progress: toProgress(context),
      });
    const { undo } = (await reread(ground, own)).result as { undo: { counts: { [outcome: string]: number } } };
    const { edited = 0, deleted = 0, restored = 0 } = undo.counts;
    const detail = `import ${own.id}: ${deleted} rows deleted, ${restored} restored`;
    const facts = { batch: own.id, ...undo.counts };
    return edited === 0
      ? toDone(detail, facts)
      : toFailed(`${detail}; ${edited} rows stay, since people have edited them`, facts);
  });
}

function toSetting({ scene }: DeedGround, { dataset }: ImportDeed, context: StepContext): ImportSetting {
  const { open } = openDataFor(scene, context);
  const found = findImported(scene.launch, dataset);
  return { scene, ...found, openDatastore: open, chunkRecords: standardChunk, signal: context.signal };
}

async function listOwn({ store, scene }: DeedGround, dataset: string): Promise<ImportBatch[]> {
  return await listBatches(store, { launch: scene.launch.id, environment: scene.environment.id, dataset });
}

/** The newest batch that was begun for a step which `isOwn` knows by the words of the move. */
async function findOwn(
  ground: DeedGround,
  { dataset }: ImportDeed,
  isOwn: (detail: string) => boolean,
): Promise<ImportBatch | null> {
  for (const batch of await listOwn(ground, dataset)) {
    const moves = await listMoves(ground.store, batch.id);
    if (moves.some(({ to, detail }) => to === 'applying' && isOwn(detail))) return batch;
  }
  return null;
}

/** In production what people have approved, and nothing else; where there is nothing to lose it is planned now. */
async function findNext(
  ground: DeedGround,
  setting: ImportSetting,
  { mode, progress }: { mode: 'full' | 'delta'; progress: ReportProgress },
): Promise<ImportBatch> {
  const { store, scene, executor } = ground;
  const { id: dataset } = setting.dataset;
  if (!scene.environment.production) {
    const planned = await planImport(store, setting, { mode, requester: executor, progress });
    await passWithoutApproval(store, setting, planned);
    return await reread(ground, planned);
  }
  const [newest] = await listOwn(ground, dataset);
  if (newest?.state === 'approved' && newest.mode === mode) return newest;
  const got = newest === undefined ? 'none' : `one that is ${newest.mode} and ${newest.state}`;
  throw new ProductError(
    'import_refused',
    `dataset ${dataset}: expected a ${mode} import that is approved, got ${got}`,
    { hint: 'plan it and have it approved: "tminus import plan", then "tminus import approve" by another person' },
  );
}

async function reread({ store }: DeedGround, { id }: ImportBatch): Promise<ImportBatch> {
  return (await readBatch(store, id))!;
}

function toEnd({ id, state, result }: ImportBatch): StepOutcome {
  const read = result as {
    counts: ImportCounts;
    account: { reason: string };
    verification: { reason: string } | null;
  } | null;
  const facts = { batch: id, state, ...(read && { counts: { ...read.counts } }) };
  const reason = read?.verification?.reason ?? read?.account.reason ?? 'it never ended';
  return state === 'verified' ? toDone(`import ${id}: ${reason}`, facts) : toFailed(`import ${id}: ${reason}`, facts);
}

function toProgress(context: StepContext): ReportProgress {
  return ({ phase, done, total }) => context.progress(done, total, phase);
}
