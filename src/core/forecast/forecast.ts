import { percentileOf } from '../metric/percentile.ts';
import { clockFor } from '../procedure/count-clock.ts';
import type { CountClock } from '../procedure/count-clock.ts';
import type { Plan } from '../procedure/plan.ts';
import type { StepHistory } from '../procedure/progress.ts';
import { isFinal } from '../procedure/run.ts';
import type { Run } from '../procedure/run.ts';
import { buildGraph } from './build-graph.ts';
import type { Draws } from './draws.ts';
import type { ForecastGap } from './forecast-gap.ts';
import type { ForecastGraph } from './forecast-graph.ts';
import { sampleGraph } from './sample-graph.ts';
import type { Sampled } from './sample-graph.ts';
import { createRandom } from './seeded-random.ts';
import { forecastWayBack } from './way-back.ts';
import type { WayBackForecast } from './way-back.ts';

/** What is forecast. */
export interface ForecastSubject {
  plan: Plan;
  /** Null for a plan that nobody has begun: it is taken to begin now. */
  run: Run | null;
  /** Lengths that were measured, of machine steps in any run, of people in live runs only. */
  history: StepHistory;
  nowMs: number;
  /** Looked at without a run only: a run has a clock of its own. */
  t0Ms: number | null;
  /** When the change window that holds for it closes; null for none. */
  windowEndMs: number | null;
}

/** How it is forecast. */
export interface ForecastOptions {
  samples: number;
  /** The same seed gives the same forecast. */
  seed: number;
  /** Length to assume of steps without a measurement; null assumes nothing, and then one such step leaves no figures. */
  assumeMs: number | null;
}

/** Two figures of a distribution, by nearest rank. */
export interface Spread {
  p50: number;
  p90: number;
}

/** One step that lies ahead. */
export interface StepForecast {
  step: string;
  endMs: Spread;
  /** Share of the samples, 0 to 1, in which it is on a critical path: any delay of it delays the finish. */
  critical: number;
  /** By how much it could end later without moving the finish, in half of the samples at least. */
  slackMs: number;
}

/** When a run will be through, or why that cannot be told. */
export interface Forecast {
  nowMs: number;
  samples: number;
  seed: number;
  /** Instants; null as soon as there is one gap. */
  finishMs: Spread | null;
  /** How much later than planned now the work of T-0 begins; null where there is a gap, or T-0 has passed. */
  t0: { plannedMs: number; slipMs: Spread } | null;
  /** In the order in which they end. */
  steps: StepForecast[];
  gaps: ForecastGap[];
  /** Steps whose length was assumed and not measured. */
  assumed: string[];
  wayBack: WayBackForecast;
}

/**
 * A forecast by drawing measured lengths again and again (Monte Carlo) over what needs what, offsets, and holds of the count. A step that was never measured is a gap and
 * leaves no figures: nothing is guessed. It draws steps that succeed at once, with a worker free and nobody late; failures make it later.
 */
export function forecast(subject: ForecastSubject, options: ForecastOptions): Forecast {
  const { plan, run, history, nowMs: givenMs } = subject;
  const { samples, seed, assumeMs } = options;
  if (!Number.isSafeInteger(samples) || samples < 1)
    throw new RangeError(`samples: expected 1 or more, got ${samples}`);
  const nowMs = Math.max(givenMs, run?.nowMs ?? givenMs);
  const draws: Draws = { history, assumeMs, gaps: obstacles(subject), assumed: new Set() };
  const clock = run === null ? plannedClock(subject, draws) : run.clock;
  const graph = buildGraph({ plan, run, clock, nowMs, draws });
  const hasSteps = graph.nodes.some(({ kind }) => kind === 'step');
  if (!hasSteps && draws.gaps.length === 0)
    draws.gaps.push({ code: 'nothing_ahead', step: null, text: 'no step lies ahead' });
  const sampled = draws.gaps.length > 0 ? null : sampleGraph(graph, samples, createRandom(seed));
  const steps = sampled === null ? [] : toSteps(sampled);
  const ends = new Map(steps.map(({ step, endMs }) => [step, endMs.p90]));
  const back: Draws = { ...draws, gaps: [] };
  const wayBack = forecastWayBack({
    scene: { plan, run, nowMs },
    draws: back,
    windowEndMs: subject.windowEndMs,
    samples,
    random: createRandom(seed + 1),
    endOf: (undone) => (sampled === null ? null : Math.max(nowMs, ...undone.map((id) => ends.get(id) ?? nowMs))),
  });
  const figures = { finishMs: sampled && spreadOf(sampled.finishes), t0: toSlip(graph, sampled) };
  return { nowMs, samples, seed, ...figures, steps, gaps: draws.gaps, assumed: [...draws.assumed], wayBack };
}

function obstacles({ run }: ForecastSubject): ForecastGap[] {
  if (run === null) return [];
  if (isFinal(run)) return [{ code: 'ended', step: null, text: `the run has ended: ${run.state}` }];
  return run.holds.map(({ id, reason }) => ({ code: 'held', step: null, text: `hold ${id}: ${reason}` }));
}

function plannedClock({ plan, nowMs, t0Ms }: ForecastSubject, { gaps }: Draws): CountClock | null {
  const hangsOnT0 =
    plan.builtInHolds.length > 0 ||
    plan.steps.some(({ timer, pause }) => timer.kind === 'offset' || pause?.kind === 'until-offset');
  if (!hangsOnT0) return null;
  if (t0Ms !== null && t0Ms > nowMs) return clockFor(t0Ms, nowMs, plan.builtInHolds);
  gaps.push({
    code: 'no_t0',
    step: null,
    text: t0Ms === null ? 'T-0 is not set' : 'T-0 has passed, and no run was begun',
  });
  return null;
}

function toSteps({ steps }: Sampled): StepForecast[] {
  const found = [...steps].map(([step, { ends, slacks }]): StepForecast => {
    const critical = slacks.reduce((count, slack) => (slack < 1 ? count + 1 : count), 0) / slacks.length;
    return { step, endMs: spreadOf(ends), critical, slackMs: spreadOf(slacks).p50 };
  });
  return found.toSorted((a, b) => a.endMs.p50 - b.endMs.p50 || a.endMs.p90 - b.endMs.p90);
}

function toSlip({ t0 }: ForecastGraph, sampled: Sampled | null): Forecast['t0'] {
  if (t0 === null || !sampled?.t0) return null;
  const { p50, p90 } = spreadOf(sampled.t0);
  return { plannedMs: t0.plannedMs, slipMs: { p50: p50 - t0.plannedMs, p90: p90 - t0.plannedMs } };
}

function spreadOf(values: Float64Array): Spread {
  const sorted = values.toSorted();
  return { p50: percentileOf(sorted, 50)!, p90: percentileOf(sorted, 90)! };
}
