import type { ProbeOutcome } from '../../core/step/step-kind.ts';
import { findStepWork } from './find-step-work.ts';
import type { StepScene } from './handle-step-job.ts';
import { openStepContext } from './step-context.ts';

/** Looks whether an interrupted attempt took effect, and reports it. What cannot be looked at is unknown: a person is asked then. */
export async function probeStep(scene: StepScene): Promise<void> {
  const { parts, claim, run, step } = scene;
  const seen = await look(scene);
  await parts.advancer.advance({
    run: run.id,
    input: {
      kind: 'step_probed',
      step: step.id,
      attempt: step.attempt,
      result: seen.result,
      detail: parts.masking.maskText(seen.detail),
    },
    settle: claim,
  });
}

async function look(scene: StepScene): Promise<ProbeOutcome> {
  const { parts, claim, run, stored, setting, step, planned } = scene;
  const unknown = (detail: string): ProbeOutcome => ({ result: 'unknown', detail });
  if (planned.action === null) return unknown('the step has no action that could be looked at');
  const work = findStepWork(parts.stepKinds, planned.action);
  if (typeof work === 'string') return unknown(work);
  if (work.kind.probe === null) return unknown(`a ${work.kind.kind} step cannot tell whether it took effect`);
  const place = await parts.workspaces.find({
    launch: stored.launch,
    planHash: run.plan.planHash,
    workspace: setting.workspace,
  });
  if ('unfit' in place) return unknown(place.unfit);
  const launch = await parts.shelf.find(stored.launch, run.plan.planHash);
  const begun = { ...scene, directory: place.directory, locks: null, attempt: step.attempt };
  const { context, end } = openStepContext(begun, { launch, signal: claim.signal });
  try {
    return await work.kind.probe(work.spec, context);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  } finally {
    await end();
  }
}
