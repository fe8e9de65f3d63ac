import { addScatter, noScatter } from './dispersion.ts';
import { shareMismatch } from './guards.ts';
import type { CounterSample, MeasureReading } from './measure-reading.ts';
import type { Baseline, MeasureWatch, StratumBaseline } from './measure-watch.ts';
import { ratiosOf } from './ratios.ts';
import type { Measure } from './rollout.ts';
import { slowBound } from './slow-bound.ts';
import { addSplits, noEvidence } from './split.ts';
import type { Split } from './split.ts';
import { takeDifferences } from './take-differences.ts';
import type { Differences } from './take-differences.ts';

/** Scrapes that are left out after a change of weight: they hold requests of the old one. */
const skippedScrapes = 2;
/** A look after so many intervals, or so long, has nothing to say: what was reset in between cannot be seen. */
const longestLooks = 6;
const longestMsAtLeast = 60_000;
/** Looks that say which share the canary gets. */
const recentLooks = 6;

/** Under what a measure is looked at. */
export interface WatchTerms {
  measure: Measure;
  nowMs: number;
  intervalMs: number;
  /** Percent of traffic of the canary: at 100 no arm stands beside it. */
  weight: number;
  dispersion: number;
}

/** Returns a watch of a phase, or of what is left of it after its weight was set again, with nothing counted yet. Bounds of an earlier phase are not taken over. */
export function openWatch(measure: Measure, countFromMs: number): MeasureWatch {
  return {
    measure: measure.id,
    countFromMs,
    skip: skippedScrapes,
    baselines: [],
    bounds: [],
    evidence: noEvidence(ratiosOf(measure), countFromMs),
    scatter: noScatter,
    recent: [],
    newestMs: { stable: null, canary: null },
    countedMs: null,
    sinceMs: null,
    resets: 0,
    trouble: null,
  };
}

/** Returns the watch after one look at its source. */
export function watchMeasure(watch: MeasureWatch, reading: MeasureReading, terms: WatchTerms): MeasureWatch {
  const trouble = troubleOf(reading, terms);
  if (trouble !== null || reading.state !== 'read') return { ...watch, trouble };
  const bounded = { ...watch, trouble, bounds: boundsOf(watch, reading.samples, terms.measure) };
  const counters = toCounters(reading.samples, bounded, terms.measure);
  if (typeof counters === 'string')
    return { ...bounded, trouble: { verdict: 'ERROR', reason: 'unreadable', detail: counters } };
  if (counters.length === 0)
    return {
      ...bounded,
      trouble: { verdict: 'NO_DATA', reason: 'no_bound', detail: 'expected a bucket next to the quantile, got none' },
    };
  return count(bounded, counters, terms);
}

/** What keeps an answer from being counted at all. */
function troubleOf(reading: MeasureReading, { weight }: WatchTerms): MeasureWatch['trouble'] {
  if (reading.state === 'error') return { verdict: 'ERROR', reason: 'unreadable', detail: reading.reason };
  if (reading.state === 'no_data') return { verdict: 'NO_DATA', reason: 'no_samples', detail: reading.reason };
  const arms = new Set(reading.samples.map(({ arm }) => arm));
  const missing = arms.has('canary') ? (arms.has('stable') || weight === 100 ? null : 'stable') : 'canary';
  return missing === null
    ? null
    : { verdict: 'NO_DATA', reason: 'no_samples', detail: `expected samples of the ${missing} arm, got none` };
}

/** A bound is set once, from what was counted before anything is judged by it. */
function boundsOf(
  { bounds }: MeasureWatch,
  samples: readonly CounterSample[],
  { counts }: Measure,
): MeasureWatch['bounds'] {
  if (counts.kind === 'events') return bounds;
  const known = new Set(bounds.map(({ stratum }) => stratum));
  const found = samples.flatMap((sample) => {
    const le = sample.arm === 'stable' && !known.has(sample.stratum) ? slowBound(sample, counts.quantile) : null;
    return le === null ? [] : [{ stratum: sample.stratum, le }];
  });
  return found.length === 0 ? bounds : [...bounds, ...found];
}

/** Counters by stratum, or what is wrong with them. */
function toCounters(
  samples: readonly CounterSample[],
  { bounds }: MeasureWatch,
  measure: Measure,
): StratumBaseline[] | string {
  const limits = new Map(bounds.map(({ stratum, le }) => [stratum, le]));
  const strata = new Map<string, StratumBaseline>();
  for (const sample of samples) {
    const le = limits.get(sample.stratum) ?? null;
    if (measure.counts.kind === 'histogram' && le === null) continue;
    const counter = toCounter(sample, le);
    if (counter === null) return `${sample.arm} ${sample.stratum}: expected counters that only rise, got others`;
    const stratum = strata.get(sample.stratum) ?? { stratum: sample.stratum, stable: null, canary: null };
    if (stratum[sample.arm] !== null) return `${sample.arm} ${sample.stratum}: expected one sample, got more`;
    strata.set(sample.stratum, { ...stratum, [sample.arm]: counter });
  }
  return [...strata.values()];
}

function toCounter({ atMs, total, bad }: CounterSample, le: number | null): Baseline | null {
  const fast = typeof bad === 'number' ? null : bad.find((bucket) => bucket.le === le)?.count;
  if (typeof bad === 'number' ? le !== null : fast === undefined) return null;
  const counted = typeof bad === 'number' ? bad : total - (fast ?? 0);
  const isCounter = [atMs, total, counted].every((number) => Number.isFinite(number) && number >= 0);
  return isCounter && counted <= total ? { atMs, total, bad: counted } : null;
}

function count(watch: MeasureWatch, counters: readonly StratumBaseline[], terms: WatchTerms): MeasureWatch {
  const newestMs = { stable: newest(counters, 'stable'), canary: newest(counters, 'canary') };
  const isNew = newestMs.canary !== null && newestMs.canary > (watch.newestMs.canary ?? -Infinity);
  const longestMs = Math.max(longestLooks * terms.intervalMs, longestMsAtLeast);
  const taken = takeDifferences(watch.baselines, counters, { longestMs, alone: terms.weight === 100 });
  const next = { ...watch, newestMs, baselines: taken.baselines };
  const isEarly = (newestMs.canary ?? 0) < watch.countFromMs || watch.skip > 0;
  if (isEarly) return { ...next, skip: isNew ? Math.max(0, watch.skip - 1) : watch.skip };
  const spanMs = (newestMs.canary ?? 0) - (watch.newestMs.canary ?? newestMs.canary ?? 0);
  return addLook({ ...next, sinceMs: watch.sinceMs ?? terms.nowMs }, taken, { ...terms, spanMs });
}

function addLook(
  watch: MeasureWatch,
  { splits, resets }: Differences,
  terms: WatchTerms & { spanMs: number },
): MeasureWatch {
  const told: MeasureWatch =
    resets === 0
      ? watch
      : {
          ...watch,
          resets: watch.resets + 1,
          trouble: { verdict: 'NO_DATA', reason: 'reset', detail: `a counter fell in ${resets} of the strata` },
        };
  if (splits.length === 0) return told;
  const requests = requestsOf(splits);
  const recent = [...told.recent, requests].slice(-recentLooks);
  const countedMs = requests.canary > 0 ? terms.nowMs : told.countedMs;
  // Requests that are not split as told are not split at random: nothing is learned from them.
  if (shareMismatch(recent, terms.weight, terms.dispersion) !== null) return { ...told, recent, countedMs };
  const evidence = addSplits(told.evidence, ratiosOf(terms.measure), splits, terms.nowMs);
  return { ...told, recent, countedMs, evidence, scatter: addScatter(told.scatter ?? noScatter, splits, terms.spanMs) };
}

function newest(counters: readonly StratumBaseline[], arm: 'stable' | 'canary'): number | null {
  const times = counters.flatMap((stratum) => stratum[arm]?.atMs ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function requestsOf(splits: readonly Split[]): MeasureWatch['recent'][number] {
  return {
    stable: splits.reduce((sum, { stable }) => sum + stable.total, 0),
    canary: splits.reduce((sum, { canary }) => sum + canary.total, 0),
  };
}
