import { toTemplateValues } from '../../core/check/template-values.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { dispatchKey } from '../../core/procedure/readiness.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import { toTraceparent } from '../../core/trace/trace-ids.ts';
import type { StepContext } from '../../core/step/step-kind.ts';
import { toVariables } from '../../core/step/to-variables.ts';
import { noteProgress } from '../../store/step-record.ts';
import { openDataFor } from '../data/deeds/deed-ground.ts';
import { openDataDeeds } from '../data/deeds/open-data-deeds.ts';
import { toRunScene } from './run-scene.ts';
import type { BegunStep } from './step-scene.ts';
import { openStepLog } from './write-step-log.ts';

/** How often progress is written at most. */
const progressMs = 500;

/** Returns what surrounds one attempt, and how to end it once the attempt has ended. */
export function openStepContext(
  begun: BegunStep,
  { launch, signal, now }: { launch: Launch; signal: AbortSignal; now: () => number },
): { context: StepContext; end: () => Promise<void> } {
  const { parts, claim, run, step, setting, attempt, directory, locks } = begun;
  const environment = launch.environments.find(({ id }) => id === run.plan.environment.id) ?? null;
  const writer = openStepLog(parts.appendLog, { run: run.id, step: step.id, attempt }, parts.masking);
  const context: StepContext = {
    signal,
    workspace: directory,
    allow: environment?.allow ?? [],
    forbidden: run.mode === 'rehearsal' ? productionHosts(launch) : [],
    mode: run.mode,
    comms: {
      mode: environment?.comms ?? 'off',
      testMail: environment?.testMail ?? null,
      testWebhook: environment?.testWebhook ?? null,
    },
    environment: { ...run.plan.environment, url: environment?.url ?? null },
    now,
    idempotencyKey: dispatchKey(run, step),
    attempt,
    fence: claim.token,
    assetFences: new Map(locks?.fences ?? []),
    variables: variablesOf(begun, launch),
    openSecret: (name) => parts.openSecret({ launch, name, run, step: step.id, setting, workspace: directory, signal }),
    log: writer.log,
    progress: throttledProgress(begun),
  };
  return { context: { ...context, ...dataOf(begun, launch, context) }, end: () => writer.end() };
}

/** Absent where the launch no longer declares the environment of the run: nobody knows then which datastore is meant. */
function dataOf(
  { parts, run, setting, directory }: BegunStep,
  launch: Launch,
  context: StepContext,
): Pick<StepContext, 'data' | 'deeds'> {
  const scene = toRunScene({ launch, run, setting, directory });
  if (scene === null) return {};
  const { executor } = setting;
  return { data: openDataFor(scene, context), deeds: openDataDeeds({ store: parts.store, scene, executor }) };
}

function variablesOf({ run, step, setting, attempt, claim }: BegunStep, launch: Launch): { [name: string]: string } {
  const environment = launch.environments.find(({ id }) => id === run.plan.environment.id) ?? null;
  const values = toTemplateValues({ candidate: setting.candidate, environment, launch, planHash: run.plan.planHash });
  return {
    ...toVariables(values),
    TMINUS_RUN: run.id,
    TMINUS_STEP: step.id,
    TMINUS_MODE: run.mode,
    TMINUS_ATTEMPT: String(attempt),
    TMINUS_FENCE: String(claim.token),
    TMINUS_IDEMPOTENCY_KEY: dispatchKey(run, step),
    // Where programs look for the trace that they continue (W3C Trace Context; OpenTelemetry, environment variables as context propagation carriers).
    TRACEPARENT: toTraceparent(run.id, step.id, attempt),
  };
}

function throttledProgress({ parts, run, step, attempt }: BegunStep): StepContext['progress'] {
  let last = 0;
  return (done, total, text) => {
    const now = performance.now();
    if (now - last < progressMs && done !== total) return;
    last = now;
    const masked = parts.masking.maskText(text);
    // Progress is told, never decided on: one that is not written is made good by the next.
    void noteProgress(parts.store, { run: run.id, step: step.id, attempt }, { done, total, text: masked }).catch(
      parts.report,
    );
  };
}
