import type { CounterSample } from './measure-reading.ts';
import type { ExpectedTraffic } from './plan-visibility.ts';
import type { Rollout } from './rollout.ts';
import { shadowMeasure } from './shadow/shadow-declaration.ts';
import type { Look } from './rollout-input.ts';

type Counted = NonNullable<ExpectedTraffic['counted']>;

/**
 * Returns the traffic that two looks at the sources, some time apart, let one expect: the requests a second of the measure that gates and has fewest, and the share of
 * bad events of each, and the answers a second that a shadow compares. A measure that was not read twice, whose counters fell, or that had no requests is left out, and then unknown.
 */
export function expectTraffic(
  { measures, shadow = null }: Pick<Rollout, 'measures'> & Partial<Pick<Rollout, 'shadow'>>,
  before: Look['measures'],
  after: Look['measures'],
): Pick<ExpectedTraffic, 'requestsPerSecond' | 'shadowPerSecond' | 'base'> & { counted: Counted } {
  const found = measures.flatMap(({ id, gating }) => {
    const rates = ratesOf(samplesOf(before[id]), samplesOf(after[id]));
    return rates === null ? [] : [{ id, gating, ...rates }];
  });
  const counted = found.flatMap(({ id, stable }) => (stable.requests === 0 ? [] : [[id, stable] as const]));
  const isShadow = ({ id }: { id: string }): boolean => shadow !== null && id === shadowMeasure;
  const gating = found.filter((rates) => rates.gating && !isShadow(rates));
  return {
    requestsPerSecond: gating.length === 0 ? 0 : Math.min(...gating.map(({ perSecond }) => perSecond)),
    shadowPerSecond: found.find(isShadow)?.canaryPerSecond ?? null,
    base: Object.fromEntries(counted.map(([id, { requests, bad }]) => [id, bad / requests])),
    counted: Object.fromEntries(counted),
  };
}

function samplesOf(reading: Look['measures'][string] | undefined): readonly CounterSample[] {
  return reading?.state === 'read' ? reading.samples : [];
}

function ratesOf(
  before: readonly CounterSample[],
  after: readonly CounterSample[],
): { perSecond: number; canaryPerSecond: number; stable: Counted[string] } | null {
  const known = new Map(before.map((sample) => [`${sample.arm} ${sample.stratum}`, sample]));
  const rises = after.flatMap((sample) => {
    const last = known.get(`${sample.arm} ${sample.stratum}`);
    return last === undefined ? [] : [riseOf(last, sample)];
  });
  const seconds = Math.max(0, ...rises.map((rise) => rise.seconds));
  const total = rises.reduce((sum, rise) => sum + rise.total, 0);
  if (rises.some((rise) => !(rise.total >= 0 && rise.bad >= 0)) || !(seconds > 0) || !(total > 0)) return null;
  const stable = rises.filter(({ arm, total: requests }) => arm === 'stable' && requests > 0);
  const requests = stable.reduce((sum, rise) => sum + rise.total, 0);
  const bad = stable.reduce((sum, rise) => sum + rise.bad, 0);
  const canary = rises.reduce((sum, rise) => sum + (rise.arm === 'canary' ? rise.total : 0), 0);
  return {
    perSecond: total / seconds,
    canaryPerSecond: canary / seconds,
    stable: { requests, bad },
  };
}

/** Of a histogram only the requests: what is slow in it follows from its quantile. */
function riseOf(
  last: CounterSample,
  next: CounterSample,
): { arm: string; seconds: number; total: number; bad: number } {
  const bad = typeof next.bad === 'number' && typeof last.bad === 'number' ? next.bad - last.bad : 0;
  return { arm: next.arm, seconds: (next.atMs - last.atMs) / 1_000, total: next.total - last.total, bad };
}
