import type { PlannedStep } from '../../core/procedure/plan.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { Run, StepRun } from '../../core/procedure/run.ts';
import { freeLocks } from '../../store/lock.ts';
import { loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
import type { Claim } from '../delivery.ts';
import type { AdvanceRequest } from '../advance/advance-request.ts';
import type { StepJob } from '../advance/work-queues.ts';
import { toRunSetting } from '../run-setting.ts';
import type { RunSetting } from '../run-setting.ts';
import { beginStep } from './begin-step.ts';
import { assetsOf } from './step-assets.ts';
import { probeStep } from './probe-step.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Everything that a handler knows of its step before it touches anything. */
export interface StepScene {
  parts: WorkerParts;
  claim: Claim;
  stored: StoredRun;
  run: Run;
  setting: RunSetting;
  step: StepRun;
  planned: PlannedStep;
}

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

/** Says that an attempt was interrupted, and settles the job with it. */
export async function reportInterruption(
  { parts, claim, run, step }: StepScene,
  detail: string,
  write?: AdvanceRequest['write'],
): Promise<void> {
  const { attempt } = claim.data as unknown as StepJob;
  await parts.advancer.advance({
    run: run.id,
    input: { kind: 'step_interrupted', step: step.id, attempt, detail },
    settle: claim,
    ...(write ? { write } : {}),
  });
}

/** The dead hold no assets: what the step does next, and whoever waits for them, need not wait for their lease to run out. */
function reportLostWorker(scene: StepScene): Promise<void> {
  return reportInterruption(scene, 'its worker was lost', (tx) => freeLocks(tx, assetsOf(scene)));
}
