import { digestOf } from '@tminus/verify';

import { toTemplateValues } from '../../core/check/template-values.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Procedure } from '../../core/launch/launch.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import { planProcedure } from '../../core/procedure/plan-procedure.ts';
import type { Plan, PlannedStep } from '../../core/procedure/plan.ts';
import { fillValues } from '../../core/step/fill-values.ts';
import { toVariables } from '../../core/step/to-variables.ts';
import type { Effect, StepReader } from '../../core/step/step-kind.ts';
import type { Scene } from '../scene.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import { withUndoByKind } from './undo-by-kind.ts';

/** What one step of a plan is going to do, as the dry run shows it. */
export interface StepEffects {
  step: string;
  part: 'forward' | 'undo';
  /** Who does it: people of a role, a worker, or the clock. */
  by: 'person' | 'worker' | 'clock';
  effects: Effect[];
}

/** The procedure that is meant: the one that is named, else the only runbook of the launch. */
export function findProcedure({ launch }: Scene, named: string | null): Procedure {
  const runbooks = launch.procedures.filter(({ kind }) => kind === 'runbook');
  const found = named === null ? runbooks : launch.procedures.filter(({ id }) => id === named);
  if (found.length === 1) return found[0]!;
  const known = launch.procedures.map(({ id }) => id).join(', ') || 'none';
  throw new ProductError(
    'procedure_unknown',
    `procedure ${named ?? 'to run'} of launch ${launch.id}: expected one of ${known}, got ${named === null ? `${runbooks.length} runbooks` : 'another name'}`,
    { hint: 'name the procedure by the id of its heading' },
  );
}

/** The plan of a procedure for the environment of the scene, the way back of its kinds included. Throws `plan_refused` with everything that cannot be read. */
export function planRun(scene: Scene, named: string | null, kinds: readonly StepReader[]): Plan {
  const procedure = findProcedure(scene, named);
  const planned = planProcedure({ ...scene.launch, environment: scene.environment.id }, procedure.id);
  // The hash is that of the documents, whatever environment was named: approvals and evidence are bound to those.
  if (!('faults' in planned)) return withUndoByKind({ ...planned, planHash: scene.planHash }, kinds);
  throw planRefused(
    procedure.id,
    planned.faults.map(({ reason }) => reason),
  );
}

/** The error for a procedure that cannot be run, with every reason. */
export function planRefused(procedure: string, reasons: readonly string[]): ProductError {
  const lines = reasons.map((reason) => `  ${reason}`).join('\n');
  return new ProductError(
    'plan_refused',
    `procedure ${procedure}: expected one that can be run, got ${reasons.length === 1 ? '1 fault' : `${reasons.length} faults`}\n${lines}`,
    { hint: 'mend them in the launch document; "tminus lint" shows their places' },
  );
}

/** Everything that a plan is going to do, step by step, with the values of this candidate and environment; what approvers see, and what their approval is bound to. */
export function listRunEffects(plan: Plan, kinds: readonly StepReader[], scene: Scene): StepEffects[] {
  const variables = toVariables(toTemplateValues(scene));
  const undo = new Set(plan.undoSteps.map(({ id }) => id));
  return [...plannedSteps(plan).values()].map((step) => ({
    step: step.id,
    part: undo.has(step.id) ? 'undo' : 'forward',
    by: step.human ? 'person' : step.pause === null ? 'worker' : 'clock',
    effects: listEffectsOf(step, kinds, variables),
  }));
}

/** Digest of a dry run: another effect is another digest, and voids what was approved. */
export function dryRunSha256(effects: readonly StepEffects[]): string {
  return digestOf(effects);
}

/** What one step of a plan is going to do, with these values. */
export function listEffectsOf(
  { human, pause, action, title, writes }: PlannedStep,
  kinds: readonly StepReader[],
  variables: { readonly [name: string]: string },
): Effect[] {
  if (human) return [{ does: writes ? 'unknown' : 'read', target: 'a person', text: title }];
  if (pause !== null || action === null) return [{ does: 'read', target: 'the clock', text: 'waits' }];
  const work = findStepWork(kinds, action);
  if (typeof work === 'string') return [{ does: 'unknown', target: action.kind, text: work }];
  const filled = fillValues(work.spec, variables);
  // A value that is not there stands as it is written: the step itself will refuse it.
  return work.kind.listEffects(filled.ok ? filled.spec : work.spec);
}
