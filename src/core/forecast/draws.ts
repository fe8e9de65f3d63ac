import type { StepHistory } from '../procedure/progress.ts';
import { neverMeasured } from './forecast-gap.ts';
import type { ForecastGap } from './forecast-gap.ts';

/** Where lengths of steps come from while a forecast is prepared, and what was missing. */
export interface Draws {
  history: StepHistory;
  /** Taken for a step without a measurement that fits; null takes nothing for it. */
  assumeMs: number | null;
  gaps: ForecastGap[];
  /** Steps for which the assumption stands. */
  assumed: Set<string>;
}

/** The measured lengths of a step, shortest first; the assumed one, or a gap and nothing, where there are none. */
export function lengthsOf(draws: Draws, step: string): number[] {
  const measured = measuredOf(draws.history, step);
  return measured.length > 0 ? measured : assume(draws, step, { afterMs: 0, gap: neverMeasured(step) });
}

/**
 * The lengths that a step which has run for so long may still come to: those that were longer. One that runs longer than it ever did is a gap,
 * because no measurement says when it ends.
 */
export function lengthsBeyond(draws: Draws, step: string, elapsedMs: number): number[] {
  const measured = measuredOf(draws.history, step);
  const longer = measured.filter((ms) => ms > elapsedMs);
  if (longer.length > 0) return longer;
  const gap: ForecastGap =
    measured.length === 0
      ? neverMeasured(step)
      : { code: 'longer_than_ever', step, text: `${step} runs longer than it ever did` };
  return assume(draws, step, { afterMs: Math.max(0, elapsedMs), gap });
}

function assume(
  { assumeMs, assumed, gaps }: Draws,
  step: string,
  missing: { afterMs: number; gap: ForecastGap },
): number[] {
  if (assumeMs === null) {
    gaps.push(missing.gap);
    return [];
  }
  assumed.add(step);
  return [missing.afterMs + assumeMs];
}

function measuredOf(history: StepHistory, step: string): number[] {
  const measured = Object.hasOwn(history, step) ? (history[step] ?? []) : [];
  return measured.filter((ms) => Number.isFinite(ms) && ms >= 0).toSorted((a, b) => a - b);
}
