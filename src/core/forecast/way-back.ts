import { percentileOf } from '../metric/percentile.ts';
import { isSettled } from '../procedure/readiness.ts';
import type { PlannedStep } from '../procedure/plan.ts';
import { lengthsOf } from './draws.ts';
import type { Draws } from './draws.ts';
import type { ForecastGap } from './forecast-gap.ts';
import type { GraphScene } from './forecast-graph.ts';

/** The end that the way back has to fit before. */
export interface WayBackEnd {
  /** `window`: the change window closes. `limit`: the run times out. */
  kind: 'window' | 'limit';
  atMs: number;
}

/** How long taking everything back takes, and until when that still fits. */
export interface WayBackForecast {
  /** Undo steps that are counted in, those of steps that are not done yet included: the longest way back that the plan has. */
  steps: string[];
  /** Null where one of them was never measured. */
  p50Ms: number | null;
  p90Ms: number | null;
  gaps: ForecastGap[];
  /** Null where nothing ends. */
  end: WayBackEnd | null;
  /** The latest instant at which the way back still fits at P90. */
  decideByMs: number | null;
  /** How far off that is, below zero where it has passed. */
  spareMs: number | null;
  /** `too_late`: it does not fit any more. `will_be_too_late`: at P90 the last step that can be taken back ends after that instant. */
  verdict: 'fits' | 'too_late' | 'will_be_too_late' | 'unknown' | 'no_end' | 'no_way_back';
}

/** What the forecast of the way back is drawn from. */
export interface WayBackScene {
  scene: Pick<GraphScene, 'plan' | 'run' | 'nowMs'>;
  draws: Draws;
  /** The change window's end; null where there is none. */
  windowEndMs: number | null;
  samples: number;
  random: () => number;
  /** When the last of these steps ends at P90; null where that is not known. */
  endOf: (steps: readonly string[]) => number | null;
}

/** How long the way back takes and until when it fits, from measured undo steps only. */
export function forecastWayBack(back: WayBackScene): WayBackForecast {
  const { scene, draws } = back;
  const undone = stepsToUndo(scene);
  const steps = [...new Set(undone.map(({ undo }) => undo))];
  const lengths = steps.map((step) => lengthsOf(draws, step));
  const isKnown = draws.gaps.length === 0;
  const sums = isKnown ? drawSums(lengths, back) : [];
  const p90Ms = percentileOf(sums, 90);
  const end = endOfAll(back);
  const decideByMs = end === null || p90Ms === null ? null : end.atMs - p90Ms;
  const found = {
    steps,
    p50Ms: percentileOf(sums, 50),
    p90Ms,
    gaps: draws.gaps,
    end,
    decideByMs,
    spareMs: decideByMs === null ? null : decideByMs - scene.nowMs,
  };
  return { ...found, verdict: verdictOf(found, back.endOf(undone.map(({ step }) => step)), scene.nowMs) };
}

function verdictOf(
  { steps, end, decideByMs }: Omit<WayBackForecast, 'verdict'>,
  lastEndMs: number | null,
  nowMs: number,
): WayBackForecast['verdict'] {
  if (steps.length === 0) return 'no_way_back';
  if (end === null) return 'no_end';
  if (nowMs >= end.atMs) return 'too_late';
  if (decideByMs === null) return 'unknown';
  if (nowMs > decideByMs) return 'too_late';
  if (lastEndMs === null) return 'unknown';
  return lastEndMs > decideByMs ? 'will_be_too_late' : 'fits';
}

/** Every step that changes something and can be taken back, unless it was left out; what is being taken back already counts no more. */
function stepsToUndo({ plan, run }: WayBackScene['scene']): { step: string; undo: string }[] {
  const returns = run === null || run.returnPoint.state === 'ahead';
  return plan.steps.flatMap((planned) => {
    const state = run?.steps[planned.id]?.state;
    const undo = undoOf(planned, returns);
    if (undo === null || state === 'skipped' || state === 'cancelled' || isSettled(run?.steps[undo])) return [];
    return [{ step: planned.id, undo }];
  });
}

function undoOf({ writes, reversible, undo, undoAfterReturn }: PlannedStep, returns: boolean): string | null {
  if (!writes || !reversible) return null;
  if (returns) return undo;
  return undoAfterReturn === 'same' ? undo : undoAfterReturn;
}

/** The way back goes one step at a time, so its length is a sum. */
function drawSums(lengths: readonly (readonly number[])[], { samples, random }: WayBackScene): Float64Array {
  const sums = new Float64Array(lengths.length === 0 ? 0 : samples);
  for (let sample = 0; sample < sums.length; sample += 1)
    for (const measured of lengths) sums[sample]! += measured[Math.floor(random() * measured.length)]!;
  return sums.toSorted();
}

function endOfAll({ scene: { plan, run, nowMs }, windowEndMs }: WayBackScene): WayBackEnd | null {
  const limitMs = plan.limitMs === null ? null : (run?.startedAtMs ?? nowMs) + plan.limitMs;
  if (windowEndMs === null) return limitMs === null ? null : { kind: 'limit', atMs: limitMs };
  return limitMs === null || windowEndMs <= limitMs
    ? { kind: 'window', atMs: windowEndMs }
    : { kind: 'limit', atMs: limitMs };
}
