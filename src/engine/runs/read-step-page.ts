import { ProductError } from '../../core/error/product-error.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { PlannedStep } from '../../core/procedure/plan.ts';
import type { Effect, StepReader } from '../../core/step/step-kind.ts';
import type { Place } from '../../core/launch/place.ts';
import { toTemplateValues } from '../../core/check/template-values.ts';
import { toVariables } from '../../core/step/to-variables.ts';
import { itemText } from '../../spec/document/item-text.ts';
import { readLaunchSnapshot } from '../../store/launch-snapshot.ts';
import type { Store } from '../../store/open-store.ts';
import { listEffectsOf } from './plan-run.ts';
import { readRunPage } from './read-run-page.ts';
import type { RunPage } from './read-run-page.ts';

/** A step of a run with what its document says about it. */
export interface StepPage extends RunPage {
  planned: PlannedStep;
  /** Null where the documents of the run have no item of it, as of a way back that its kind made. */
  source: { at: Place; markdown: string } | null;
  /** With the values of the candidate and environment of the run. */
  effects: Effect[];
}

/** Reads one. Throws `run_unknown`, also where the run has no such step. */
export async function readStepPage(
  store: Store,
  run: string,
  { step, kinds }: { step: string; kinds: readonly StepReader[] },
): Promise<StepPage> {
  const page = await readRunPage(store, run, null);
  const { plan } = page.view.run;
  const planned = plannedSteps(plan).get(step);
  if (!planned) {
    throw new ProductError('run_unknown', `step ${step} of ${run}: expected a step of the run, got none`, {
      hint: 'name a step as the run shows it',
    });
  }
  const { documents, setting } = page;
  const environment = documents.environments.find(({ id }) => id === plan.environment.id) ?? null;
  const about = { candidate: setting.candidate, environment, launch: documents, planHash: plan.planHash };
  return {
    ...page,
    planned,
    source: await readSource(store, page, step),
    effects: listEffectsOf(planned, kinds, toVariables(toTemplateValues(about))),
  };
}

async function readSource(store: Store, { view, documents }: RunPage, step: string): Promise<StepPage['source']> {
  const all = documents.procedures.flatMap(({ steps }) => steps);
  const declared = all.find(({ id }) => id === step);
  if (!declared) return null;
  const { file, line } = declared.at;
  const after = all.flatMap(({ at }) => (at.file === file && at.line > line ? [at.line] : []));
  const endLine = after.length === 0 ? null : Math.min(...after);
  const snapshot = await readLaunchSnapshot(store, view.launch, view.run.plan.planHash);
  const document = snapshot?.documents.find(({ path }) => path === file);
  const markdown = document ? itemText(document.bytes, declared.at, endLine) : null;
  return markdown === null ? null : { at: declared.at, markdown };
}
