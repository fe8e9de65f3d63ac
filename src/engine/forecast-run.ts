import { forecast } from '../core/forecast/forecast.ts';
import type { Forecast, ForecastOptions } from '../core/forecast/forecast.ts';
import { windowEnd } from '../core/forecast/window-end.ts';
import type { Launch } from '../core/launch/launch.ts';
import { plannedSteps } from '../core/procedure/draft.ts';
import type { Plan } from '../core/procedure/plan.ts';
import type { StepHistory } from '../core/procedure/progress.ts';
import type { Run } from '../core/procedure/run.ts';
import { readHumanLengths } from '../store/metric.ts';
import type { Store } from '../store/open-store.ts';
import { readLengths } from '../store/step-record.ts';

/** What is forecast: a run, or a plan that nobody has begun. */
export interface ForecastAsk {
  launch: Pick<Launch, 'id' | 'windows' | 't0'>;
  plan: Plan;
  run: Run | null;
  /** By the clock of the run. */
  nowMs: number;
}

/** A forecast that is the same whenever nothing has changed. */
export const defaultForecast: ForecastOptions = { samples: 2_000, seed: 1, assumeMs: null };

/** Reads what was measured and forecasts. Change windows hold for live runs, and for plans, which are taken to run live. */
export async function forecastRun(
  store: Store,
  { launch, plan, run, nowMs }: ForecastAsk,
  options: ForecastOptions = defaultForecast,
): Promise<Forecast> {
  const t0Ms = launch.t0 === null ? null : Date.parse(launch.t0);
  const isLive = run === null || run.mode === 'live';
  const beginsMs = run === null ? Math.max(nowMs, t0Ms ?? nowMs) : nowMs;
  const windowEndMs = isLive ? windowEnd(launch, beginsMs) : null;
  const history = await readHistory(store, launch.id, plan);
  return forecast({ plan, run, history, nowMs, t0Ms, windowEndMs }, options);
}

/** Machine steps as any run measured them, and people as live runs did: in rehearsals they are stood in for. */
async function readHistory(store: Store, launch: string, plan: Plan): Promise<StepHistory> {
  const of = { launch, procedure: plan.id };
  const [machines, people] = await Promise.all([readLengths(store, of), readHumanLengths(store, of)]);
  const steps = [...plannedSteps(plan).values()];
  return Object.fromEntries(steps.map(({ id, human }) => [id, (human ? people : machines)[id] ?? []]));
}
