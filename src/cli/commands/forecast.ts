import { ProductError } from '../../core/error/product-error.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import type { Run } from '../../core/procedure/run.ts';
import { defaultForecast, forecastRun } from '../../engine/forecast-run.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import { planRun } from '../../engine/runs/plan-run.ts';
import type { Scene } from '../../engine/scene.ts';
import { readNow } from '../../store/open-store.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { Store } from '../../store/open-store.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readLength } from '../read-length.ts';
import { renderForecast } from '../render-forecast.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export interface ForecastCommandOptions extends GlobalOptions {
  assume?: string;
  samples?: string;
  seed?: string;
}

/** Says when a run, or a procedure begun now, will be through, from measured lengths. */
export async function forecastCommand(
  shell: Shell,
  named: string | undefined,
  options: ForecastCommandOptions,
): Promise<CommandResult> {
  const asked = {
    samples: readCount('--samples', options.samples ?? String(defaultForecast.samples), [1, 100_000]),
    seed: readCount('--seed', options.seed ?? String(defaultForecast.seed), [0, 4_294_967_295]),
    assumeMs: options.assume === undefined ? null : readLength('--assume', options.assume),
  };
  return withSession(shell, options, async ({ scene, store }) => {
    const kinds = await shell.loadStepKinds();
    const { plan, run, aheadMs } = await findSubject(store, scene, { named: named ?? null, kinds });
    const nowMs = Date.parse(await readNow(store)) + aheadMs;
    const found = await forecastRun(store, { launch: scene.launch, plan, run, nowMs }, asked);
    const { palette } = shell.terminal;
    const what = run === null ? `${plan.id}, begun now` : `${run.id}, ${run.mode}`;
    const text = `${palette.bold(what)}  in ${plan.environment.id}\n${renderForecast(found, palette)}`;
    return { exit: 0, json: { run: run?.id ?? null, procedure: plan.id, ...found }, text };
  });
}

/** The run that is named, or the procedure; without a name the only open run, else the only runbook. */
async function findSubject(
  store: Store,
  scene: Scene,
  { named, kinds }: { named: string | null; kinds: readonly StepReader[] },
): Promise<{ plan: Plan; run: Run | null; aheadMs: number }> {
  const { id: launch } = scene.launch;
  const stored = named === null ? null : (await loadRuns(store, [named])).get(named);
  const isRun =
    named === null ? (await listRuns(store, { launch, open: true, limit: 1 })).length > 0 : stored?.launch === launch;
  if (!isRun) return { plan: planRun(scene, named, kinds), run: null, aheadMs: 0 };
  const { run, aheadMs } = await findRun(store, { launch, environment: null }, named);
  return { plan: run.plan, run, aheadMs };
}

function readCount(option: string, written: string, [least, most]: [number, number]): number {
  const count = /^\d+$/u.test(written) ? Number(written) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw new ProductError('usage', `${option}: expected a whole number from ${least} to ${most}, got ${written}`, {
    hint: 'leave it out for the default',
  });
}
