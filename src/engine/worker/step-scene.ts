import type { PlannedStep } from '../../core/procedure/plan.ts';
import type { Run, StepRun } from '../../core/procedure/run.ts';
import type { StoredRun } from '../../store/run.ts';
import type { AdvanceRequest } from '../advance/advance-request.ts';
import type { StepJob } from '../advance/work-queues.ts';
import type { Claim } from '../delivery.ts';
import type { AssetLocks } from '../delivery/keep-locks.ts';
import type { RunSetting } from '../run-setting.ts';
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

/** What a step works on, once it has begun. */
export interface BegunStep extends StepScene {
  directory: string;
  locks: AssetLocks | null;
  attempt: number;
}

/** Says that an attempt was interrupted, and settles the job with it. */
export async function reportInterruption(
  { parts, claim, run, step }: StepScene,
  detail: string,
  write?: AdvanceRequest['write'],
): Promise<void> {
  const { attempt } = claim.data as unknown as StepJob;
  parts.log?.write('warn', `step interrupted: ${detail}`, { run: run.id, step: step.id, attempt });
  await parts.advancer.advance({
    run: run.id,
    input: { kind: 'step_interrupted', step: step.id, attempt, detail },
    settle: claim,
    ...(write ? { write } : {}),
  });
}
