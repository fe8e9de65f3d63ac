import { plannedSteps } from '../../core/procedure/draft.ts';
import { freeLocks } from '../../store/lock.ts';
import { loadRuns } from '../../store/run.ts';
import type { Claim } from '../delivery.ts';
import type { StepJob } from '../advance/work-queues.ts';
import { toRunSetting } from '../run-setting.ts';
import { beginStep } from './begin-step.ts';
import { assetsOf } from './step-assets.ts';
import { probeStep } from './probe-step.ts';
import { reportInterruption } from './step-scene.ts';
import type { StepScene } from './step-scene.ts';
import type { WorkerParts } from './worker-parts.ts';

/**
 * Carries out one job of the step queue. A job that was taken back, or whose step went on without it, comes to nothing. One whose last worker was
 * lost in the middle of the step only reports that: what becomes of the step is decided elsewhere, never by trying again.
 */
export async function handleStepJob(parts: WorkerParts, claim: Claim): Promise<void> {
  const job = claim.data as unknown as StepJob;
  const scene = await loadScene(parts, claim, job);
  if (scene === null) return;
  const { step } = scene;
  const isMine = step.attempt === job.attempt;
  if (job.do === 'probe') {
    if (step.state === 'verifying' && isMine) await probeStep(scene);
    return;
  }
  if (step.state === 'running' && isMine) return reportLostWorker(scene);
  if (step.state === 'ready' && step.readyAtMs === job.readyAtMs) await beginStep(scene);
}

async function loadScene(parts: WorkerParts, claim: Claim, job: StepJob): Promise<StepScene | null> {
  const stored = (await loadRuns(parts.store, [job.run])).get(job.run);
  const step = stored?.run.steps[job.step];
  const planned = stored && plannedSteps(stored.run.plan).get(job.step);
  if (!stored || !step || !planned) return null;
  return { parts, claim, stored, run: stored.run, setting: toRunSetting(stored.setting), step, planned };
}

/** The dead hold no assets: what the step does next, and whoever waits for them, need not wait for their lease to run out. */
function reportLostWorker(scene: StepScene): Promise<void> {
  return reportInterruption(scene, 'its worker was lost', (tx) => freeLocks(tx, assetsOf(scene)));
}
