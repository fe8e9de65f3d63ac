import type { Arm } from '../../core/rollout/rollout.ts';
import { seriesKey } from './counter-series.ts';
import type { CounterSeries } from './counter-series.ts';

/** Counts of one arm and stratum since the session began. */
export interface CountSum {
  total: number;
  bad: number;
  /** By upper bound; empty where nothing is counted in buckets. */
  buckets: Map<number, number>;
}

/** A series with what it counts for. */
export interface CountedSeries {
  series: CounterSeries;
  stratum: string;
  part: 'total' | 'bad' | { le: number };
}

/** What was seen of one measure, so that each counter is differenced by itself. */
export interface CounterMemory {
  /** Takes what an arm has now and returns its sums by stratum. Sums whose counters began again begin at 0. */
  accept(arm: Arm, counted: readonly CountedSeries[]): ReadonlyMap<string, CountSum>;
}

interface ArmMemory {
  targets: Set<string>;
  /** Last values, by target and series. */
  values: Map<string, Map<string, number>>;
  sums: Map<string, CountSum>;
}

/**
 * Returns a memory that has seen nothing. A counter that is new of a target that was there counted from 0, such as that of the first error; a target that
 * is new begins at what it had; a counter that fell began again, and takes the sum of its stratum down to 0 with it.
 */
export function createCounterMemory(): CounterMemory {
  const memories: { [arm in Arm]: ArmMemory } = { stable: emptyMemory(), canary: emptyMemory() };
  return { accept: (arm, counted) => acceptArm(memories[arm], counted) };
}

function emptyMemory(): ArmMemory {
  return { targets: new Set(), values: new Map(), sums: new Map() };
}

function acceptArm(memory: ArmMemory, counted: readonly CountedSeries[]): ReadonlyMap<string, CountSum> {
  const begunAgain = new Set<string>();
  for (const [target, all] of Map.groupBy(counted, ({ series }) => series.target)) {
    const before = memory.values.get(target) ?? new Map<string, number>();
    const now = new Map(all.map((one) => [keyOf(one), one.series.value]));
    const hasBegunAgain = [...now].some(([key, value]) => value < (before.get(key) ?? 0));
    for (const one of all) {
      const sum = findSum(memory, one.stratum);
      if (hasBegunAgain) begunAgain.add(one.stratum);
      else if (memory.targets.has(target)) add(sum, one, one.series.value - (before.get(keyOf(one)) ?? 0));
    }
    // What a target had before it began again says nothing about what it counts from now on.
    memory.values.set(target, hasBegunAgain ? now : new Map([...before, ...now]));
    memory.targets.add(target);
  }
  for (const stratum of begunAgain) memory.sums.set(stratum, emptySum());
  return memory.sums;
}

function add(sum: CountSum, { part }: CountedSeries, more: number): void {
  if (part === 'total' || part === 'bad') sum[part] += more;
  else sum.buckets.set(part.le, (sum.buckets.get(part.le) ?? 0) + more);
}

function findSum(memory: ArmMemory, stratum: string): CountSum {
  const sum = memory.sums.get(stratum) ?? emptySum();
  memory.sums.set(stratum, sum);
  return sum;
}

function emptySum(): CountSum {
  return { total: 0, bad: 0, buckets: new Map() };
}

function keyOf({ series, part }: CountedSeries): string {
  return seriesKey(series.name, typeof part === 'string' ? part : 'bucket', series.labels);
}
