import type { PlannedStep } from '../../core/procedure/plan.ts';
import type { ProbeOutcome, StepContext, StepKind } from '../../core/step/step-kind.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import type { StepWork } from '../../core/step/find-step-work.ts';
import type { StepScene } from './step-scene.ts';
import { openStepContext } from './step-context.ts';
import { failpoint } from '../../store/failpoint.ts';
import { readClock } from '../../store/store-clock.ts';
import { unfitSeconds, wantedBy } from './workspaces.ts';

/** Looks whether an interrupted attempt took effect, and reports it. What cannot be looked at is unknown: a person is asked then. */
export async function probeStep(scene: StepScene): Promise<void> {
  const { parts, claim, run, step } = scene;
  const place = await parts.workspaces.find(wantedBy(scene.stored));
  // A worker that cannot look leaves it to one that can.
  if ('unfit' in place) return void (await parts.delivery.release(claim, { afterSeconds: unfitSeconds }));
  failpoint('probe.before');
  const seen = await look(scene, place.directory);
  failpoint('probe.after');
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

async function look(scene: StepScene, directory: string): Promise<ProbeOutcome> {
  const { parts, claim, run, stored, planned, step } = scene;
  const probe = findProbe(parts.stepKinds, planned);
  if (typeof probe === 'string') return unknown(probe);
  const launch = await parts.shelf.find(stored.launch, run.plan.planHash);
  const begun = { ...scene, directory, locks: null, attempt: step.attempt };
  // One that hangs is given up by core at the limit of the step; it must not go on holding a slot.
  const limits = planned.limitMs === null ? [] : [AbortSignal.timeout(planned.limitMs)];
  const signal = AbortSignal.any([claim.signal, ...limits]);
  const { context, end } = openStepContext(begun, { launch, signal, now: await readClock(parts.store) });
  try {
    return await probe(context);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  } finally {
    await end();
  }
}

function unknown(detail: string): ProbeOutcome {
  return { result: 'unknown', detail };
}

type Probe = (context: StepContext) => Promise<ProbeOutcome>;

/** The program that the document names for it, else what the kind of the step can tell; a text says why there is none. */
function findProbe(kinds: readonly StepKind[], { action, probe }: PlannedStep): Probe | string {
  if (probe !== null) {
    const work = findStepWork(kinds, probe);
    return typeof work === 'string' ? work : (context) => askProgram(work, context);
  }
  if (action === null) return 'the step has no action that could be looked at';
  const work = findStepWork(kinds, action);
  if (typeof work === 'string') return work;
  const { kind, spec } = work;
  return kind.probe === null
    ? `a ${kind.kind} step cannot tell whether it took effect`
    : (context) => kind.probe!(spec, context);
}

/**
 * Exit status 0 says that it took effect, 1 in silence that it did not; whatever else a program says, and whatever one says that was stopped, nobody knows.
 * Interpreters end with 1 when they break, too, and say so on stderr: taken for an answer, that would repeat an effect.
 */
async function askProgram({ kind, spec }: StepWork, context: StepContext): Promise<ProbeOutcome> {
  const { outcome, facts, detail } = await kind.run(spec, context);
  if (outcome === 'done' && facts['exit'] === 0) return { result: 'applied', detail };
  const saysNo = outcome === 'failed' && facts['exit'] === 1 && facts['errBytes'] === 0;
  return { result: saysNo ? 'not_applied' : 'unknown', detail };
}
