import { noteProgress } from '../../store/step-record.ts';
import type { AssetLocks } from '../delivery/keep-locks.ts';
import { executeStep } from './execute-step.ts';
import { assetsOf } from './step-assets.ts';
import type { StepScene } from './step-scene.ts';
import { unfitSeconds, wantedBy } from './workspaces.ts';
import { failpoint } from '../../store/failpoint.ts';

/** How long a job waits before it is offered again, where this worker could not begin it. */
const againSeconds = { locked: 1, refused: 15 } as const;

/** Finds the folder and the locks of a step and begins it, if it still may; else the job goes back and says why. */
export async function beginStep(scene: StepScene): Promise<void> {
  const { parts, claim, run, setting, stored, step } = scene;
  const { planHash } = run.plan;
  const place = await parts.workspaces.find(wantedBy(stored));
  if ('unfit' in place) return giveBack(scene, place.unfit, unfitSeconds);
  const { keys } = assetsOf(scene);
  const locks = keys.length === 0 ? null : await takeLocks(scene);
  if (keys.length > 0 && locks === null) return giveBack(scene, `waits for ${keys.join(', ')}`, againSeconds.locked);
  failpoint('begin.locked');
  try {
    const launch = await parts.shelf.find(stored.launch, planHash);
    const begun = await parts.advancer.advance({
      run: run.id,
      input: { kind: 'step_started', step: step.id },
      confirm: claim,
      guard: async (tx, now, nowMs) =>
        locks !== null && !(await locks.confirm(tx))
          ? 'the locks of its assets were lost'
          : parts.permit(tx, { launch, run: now, step: step.id, setting, nowMs }),
    });
    if (begun.state === 'refused' && begun.refusal.code === 'not_permitted')
      return await giveBack(scene, begun.refusal.reason, againSeconds.refused);
    // Refused for another reason, it is held, or waits for an approval: it is handed out again when that is over.
    if (begun.state !== 'decided') return;
    const { attempt } = begun.run.steps[step.id]!;
    await executeStep({ ...scene, run: begun.run, directory: place.directory, locks, attempt }, launch);
  } finally {
    failpoint('begin.before-release');
    await locks?.release();
  }
}

function takeLocks(scene: StepScene): Promise<AssetLocks | null> {
  const { parts, claim } = scene;
  return parts.locks.take({ ...assetsOf(scene), waitSeconds: parts.lockWaitSeconds, signal: claim.signal });
}

async function giveBack({ parts, claim, run, step }: StepScene, text: string, afterSeconds: number): Promise<void> {
  await noteProgress(
    parts.store,
    { run: run.id, step: step.id, attempt: step.attempt },
    { done: 0, total: null, text },
  );
  await parts.delivery.release(claim, { afterSeconds });
}
