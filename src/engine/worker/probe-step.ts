import type { PlannedStep } from '../../core/procedure/plan.ts';
import type { ProbeOutcome, StepContext, StepKind } from '../../core/step/step-kind.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import type { StepWork } from '../../core/step/find-step-work.ts';
import type { StepScene } from './step-scene.ts';
import { openStepContext } from './step-context.ts';
import { failpoint } from '../../store/failpoint.ts';
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
  const { context, end } = openStepContext(begun, { launch, signal: claim.signal });
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

/** Exit status 0 says that it took effect, 1 that it did not; whatever else a program says, nobody knows. */
async function askProgram({ kind, spec }: StepWork, context: StepContext): Promise<ProbeOutcome> {
  const { facts, detail } = await kind.run(spec, context);
  const result = ({ 0: 'applied', 1: 'not_applied' } as const)[Number(facts['exit'] ?? Number.NaN)] ?? 'unknown';
  return { result, detail };
}
