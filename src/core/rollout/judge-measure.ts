import { logBelowCap } from './cap-evidence.ts';
import { unknownDispersion } from './dispersion.ts';
import { findFailure, neededWindows } from './find-failure.ts';
import { isAboveCap, shareMismatch, stalenessOf } from './guards.ts';
import type { MeasureWatch } from './measure-watch.ts';
import { ratiosOf } from './ratios.ts';
import type { Measure, Rollout, RolloutPhase } from './rollout.ts';
import { logAgainst, logFor, ratioInterval } from './split.ts';
import type { MeasureVerdict, Verdict, VerdictReason } from './verdict.ts';

/** One false alarm in so many, for one measure in one phase. */
const oddsOfOne = 20;

/** Under what a watch is judged. */
export interface JudgeTerms {
  rollout: Pick<Rollout, 'measures' | 'phases' | 'intervalMs'>;
  phase: RolloutPhase;
  measure: Measure;
  nowMs: number;
  phaseSinceMs: number;
  /** From history; null where nobody knows. */
  dispersion: number | null;
}

/** Returns how much evidence a verdict takes: 20 to 1, for as many measures and phases as could raise a false alarm. */
export function limitOf({ measures, phases }: Pick<Rollout, 'measures' | 'phases'>): number {
  const gating = measures.filter((measure) => measure.gating);
  const alarms = phases.reduce((sum, phase) => sum + gating.filter((one) => isJudgedIn(one, phase)).length, 0);
  return oddsOfOne * Math.max(1, alarms);
}

/** Whether a measure says anything about a phase: one may be declared for some phases alone, such as a shadow for those without weight. */
export function isJudgedIn({ phases }: Pick<Measure, 'phases'>, { id }: Pick<RolloutPhase, 'id'>): boolean {
  // A rollout that was stored before measures had phases has none here.
  return phases?.includes(id) ?? true;
}

/** Whether a phase waits for this measure: at 100 % no arm stands beside the canary, and only those with a cap can be judged. */
export function isGatingIn(
  measure: Measure,
  phase: Pick<RolloutPhase, 'id' | 'weight'>,
  measures: readonly Measure[],
): boolean {
  if (!measure.gating || !isJudgedIn(measure, phase)) return false;
  const others = measures.filter((other) => other.gating && isJudgedIn(other, phase));
  return phase.weight < 100 || measure.cap !== null || !others.some(({ cap }) => cap !== null);
}

/** Returns what is known of a measure now. What is missing, old, unreadable or of another share than the router was told never passes. */
export function judgeMeasure(watch: MeasureWatch, terms: JudgeTerms): MeasureVerdict {
  const numbers = numbersOf(watch, terms);
  const { verdict, reason, detail } = decide(watch, terms, numbers);
  return { ...numbers, verdict, reason, detail };
}

type Numbers = Omit<MeasureVerdict, 'verdict' | 'reason' | 'detail'>;
type Found = Pick<MeasureVerdict, 'verdict' | 'reason' | 'detail'>;

function numbersOf(watch: MeasureWatch, { rollout, phase, measure, dispersion: known }: JudgeTerms): Numbers {
  const dispersion = Math.max(1, known ?? unknownDispersion);
  const ratios = ratiosOf(measure);
  const limit = limitOf(rollout);
  const { evidence, sinceMs, resets } = watch;
  const isAlone = phase.weight === 100;
  return {
    measure: measure.id,
    gating: isGatingIn(measure, phase, rollout.measures),
    sinceMs,
    stable: evidence.since.counts.stable,
    canary: evidence.since.counts.canary,
    compared: evidence.compared,
    logAgainst: isAlone ? 0 : logAgainst(evidence, ratios, dispersion),
    logFor: isAlone ? 0 : logFor(evidence, ratios, dispersion),
    limit,
    badWindows: evidence.against.badWindows,
    interval: isAlone ? { low: null, high: null } : ratioInterval(evidence, ratios, { dispersion, limit }),
    dispersion,
    resets,
  };
}

function decide(watch: MeasureWatch, terms: JudgeTerms, numbers: Numbers): Found {
  return missing(watch, terms, numbers) ?? failing(watch, terms, numbers) ?? passing(watch, terms, numbers);
}

function missing(watch: MeasureWatch, { rollout, phase, nowMs }: JudgeTerms, { dispersion }: Numbers): Found | null {
  if (watch.trouble !== null) return watch.trouble;
  const stale = stalenessOf(watch, { nowMs, intervalMs: rollout.intervalMs, weight: phase.weight });
  if (stale !== null) return { verdict: 'NO_DATA', reason: 'stale', detail: stale };
  const mismatch = shareMismatch(watch.recent, phase.weight, dispersion);
  if (mismatch === null) return null;
  const detail = `expected ${phase.weight} % of requests, got ${(100 * mismatch.share).toFixed(1)} % of ${mismatch.requests}`;
  return { verdict: 'NO_DATA', reason: 'share_mismatch', detail };
}

function failing({ evidence }: MeasureWatch, { measure }: JudgeTerms, numbers: Numbers): Found | null {
  const { dispersion, limit } = numbers;
  const terms = { ratios: ratiosOf(measure), cap: measure.cap, dispersion, limit, windows: neededWindows };
  const failure = findFailure(evidence, terms);
  if (failure === null) return null;
  return found(failure === 'above_cap' ? 'INCONCLUSIVE' : 'FAIL', failure);
}

function passing({ evidence }: MeasureWatch, terms: JudgeTerms, numbers: Numbers): Found {
  const { measure, phase, nowMs, phaseSinceMs } = terms;
  const { canary } = evidence.since.counts;
  const isEarly = nowMs - phaseSinceMs < phase.minTimeMs || canary.total < phase.minRequests || canary.total === 0;
  const log = Math.log(numbers.limit);
  const isAbove =
    measure.cap !== null &&
    [canary, evidence.against.counts.canary].some((counts) => isAboveCap(counts, measure.cap!) === true);
  if (isAbove) return found('INCONCLUSIVE', 'above_cap');
  if (isEarly) return found('INCONCLUSIVE', 'too_early');
  if (numbers.logFor >= log) return found('PASS', 'ratio_excluded');
  if (measure.cap !== null && logBelowCap(canary, measure.cap, numbers.dispersion) >= log)
    return found('PASS', 'cap_kept');
  return found('INCONCLUSIVE', phase.weight === 100 && measure.cap === null ? 'no_control' : 'not_proven');
}

function found(verdict: Verdict, reason: VerdictReason): Found {
  return { verdict, reason, detail: '' };
}
