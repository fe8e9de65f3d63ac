import { ProductError } from '../../../core/error/product-error.ts';
import type { FixDeed, ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { toDone, toFailed } from '../../../kinds/steps/step-outcome.ts';
import { listFixMoves, listStoredFixes } from '../../../store/fix-plan.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import { applyFix } from '../fix/apply-fix.ts';
import type { FixResult } from '../fix/apply-fix.ts';
import type { FixSetting } from '../fix/fix-setting.ts';
import { undoFix } from '../fix/undo-fix.ts';
import { forStep } from '../import/apply-import.ts';
import { carryOut, lookAfter, openDataFor } from './deed-ground.ts';
import type { DeedGround } from './deed-ground.ts';
import { findDataset } from './find-dataset.ts';

/** Applies the newest fix of a dataset for a step, which people have approved, or goes on with the one that its key began. */
export function applyFixDeed(ground: DeedGround, wish: FixDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const { store, executor: person } = ground;
    const own = await findOwn(ground, wish, isOfKey(context));
    if (own?.state === 'applied') return toEnd(own);
    if (own !== null && own.state !== 'applying')
      return toFailed(`fix ${own.id}: it is ${own.state}, so it is not done again; plan another one`);
    const fix = own ?? (await findApproved(ground, wish));
    const step = context.idempotencyKey;
    return toEnd(await applyFix(store, toSetting(ground, context), { fix: fix.id, person, step }));
  });
}

/** Tells by the moves of its fixes whether the one of this key stands applied; one that was begun and has not ended counts as unfinished: it goes on where it was. */
export function probeFixDeed(ground: DeedGround, wish: FixDeed, context: StepContext): Promise<ProbeOutcome> {
  return lookAfter(async () => {
    const own = await findOwn(ground, wish, isOfKey(context));
    if (own === null) return { result: 'not_applied', detail: `dataset ${wish.dataset}: this step has begun no fix` };
    const result = own.state === 'applied' ? 'applied' : own.state === 'applying' ? 'unfinished' : 'unknown';
    return { result, detail: `fix ${own.id} of ${wish.dataset} is ${own.state}` };
  });
}

/** Takes back the newest fix of the dataset that this run began; it fails, having changed nothing, where somebody wrote to one of its rows since. */
export function undoFixDeed(ground: DeedGround, wish: FixDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const run = context.idempotencyKey.split('/')[0] ?? '';
    const own = await findOwn(ground, wish, (detail) => detail.includes(forStep(`${run}/`)));
    if (own === null) return toFailed(`dataset ${wish.dataset}: expected a fix of this run, got none`);
    const setting = toSetting(ground, context);
    const wanted = { fix: own.id, person: ground.executor };
    const undone = own.state === 'undone' ? own : await undoFix(ground.store, setting, wanted);
    const { restored = 0 } = (undone.result ?? {}) as { restored?: number };
    return toDone(`fix ${own.id}: ${restored} rows are what they were`, { fix: own.id, state: undone.state, restored });
  });
}

function toSetting({ scene }: DeedGround, context: StepContext): FixSetting {
  return {
    scene,
    signal: context.signal,
    data: openDataFor(scene, context),
    now: () => context.now(),
    progress: (done, total, text) => context.progress(done, total, text),
  };
}

const isOfKey =
  ({ idempotencyKey }: StepContext) =>
  (detail: string): boolean =>
    detail.endsWith(forStep(idempotencyKey));

/** The newest fix that was begun for a step which `isOwn` knows by the words of the move. */
async function findOwn(
  ground: DeedGround,
  wish: FixDeed,
  isOwn: (detail: string) => boolean,
): Promise<StoredFix | null> {
  for (const fix of await listOwn(ground, wish)) {
    const moves = await listFixMoves(ground.store, fix.id);
    if (moves.some(({ to, detail }) => to === 'applying' && isOwn(detail))) return fix;
  }
  return null;
}

async function listOwn({ store, scene }: DeedGround, { dataset }: FixDeed): Promise<StoredFix[]> {
  const { id } = findDataset(scene.launch.datasets, dataset);
  return await listStoredFixes(store, { launch: scene.launch.id, environment: scene.environment.id, dataset: id });
}

/** The newest one, and no older: what was planned since says that the rows look otherwise by now. */
async function findApproved(ground: DeedGround, wish: FixDeed): Promise<StoredFix> {
  const [newest] = await listOwn(ground, wish);
  if (newest?.state === 'approved') return newest;
  throw new ProductError(
    'fix_refused',
    `dataset ${wish.dataset}: expected a fix that is approved, got ${newest === undefined ? 'none' : `one that is ${newest.state}`}`,
    { hint: 'plan it and have it approved: "tminus fix plan", then "tminus fix approve" by another person' },
  );
}

function toEnd({ id, state, result }: StoredFix): StepOutcome {
  const { changed = 0, verification } = (result ?? {}) as Partial<FixResult>;
  const facts = { fix: id, state, changed, verified: verification?.outcome ?? 'unknown' };
  const detail = `fix ${id}: ${changed} rows changed; ${verification?.reason ?? 'nobody looked whether that is right'}`;
  return state === 'applied' && verification?.outcome === 'pass' ? toDone(detail, facts) : toFailed(detail, facts);
}
