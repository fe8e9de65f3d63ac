import { plannedSteps } from '../../core/procedure/draft.ts';
import { freeLocks } from '../../store/lock.ts';
import { loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
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
  await freeLeftLocks(scene);
  const { step } = scene;
  const isMine = step.attempt === job.attempt;
  if (job.do === 'probe') {
    if (step.state === 'verifying' && isMine) await probeStep(scene);
    return;
  }
  if (step.state === 'running' && isMine) return reportInterruption(scene, 'its worker was lost');
  if (step.state === 'ready' && step.readyAtMs === job.readyAtMs) await beginStep(scene);
}

async function loadScene(parts: WorkerParts, claim: Claim, job: StepJob): Promise<StepScene | null> {
  const stored = recallUnbegun(parts, claim, job) ?? (await loadRuns(parts.store, [job.run])).get(job.run);
  const step = stored?.run.steps[job.step];
  const planned = stored && plannedSteps(stored.run.plan).get(job.step);
  if (!stored || !step || !planned) return null;
  return { parts, claim, stored, run: stored.run, setting: toRunSetting(stored.setting), step, planned };
}

/**
 * The run as this process saw it last, where that says that the job is to begin: the beginning is decided again under the lock of the run. Only for
 * the first delivery: nobody can have begun the step by this job and been lost, which an older state would not tell.
 */
function recallUnbegun({ advancer }: WorkerParts, { delivery }: Claim, job: StepJob): StoredRun | null {
  const known = job.do === 'run' && delivery === 1 ? advancer.recall(job.run) : null;
  const step = known?.run.steps[job.step];
  return job.do === 'run' && step?.state === 'ready' && step.readyAtMs === job.readyAtMs ? known : null;
}

/**
 * Frees what a worker that was lost, or was stopped, left shut: whatever the step does next, nobody need wait for the lease to run out. Jobs of a step
 * are delivered one at a time, so that every other holder in its name has lost its claim.
 */
async function freeLeftLocks(scene: StepScene): Promise<void> {
  const { parts, claim, planned } = scene;
  if (claim.delivery === 1 || planned.assets.length === 0) return;
  await parts.store.tables.transaction().execute(async (tx) => {
    if (await parts.delivery.confirm(tx, claim)) await freeLocks(tx, assetsOf(scene));
  });
}
