import type { MetricSourceKind } from '../../core/rollout/metric-source-kind.ts';
import type { Arm, Measure } from '../../core/rollout/rollout.ts';
import { arms } from './counter-series.ts';
import type { ArmSeries, CounterSeries } from './counter-series.ts';
import { createMatcher, readSelectors } from '../../core/rollout/selector.ts';
import type { Selector } from '../../core/rollout/selector.ts';

type Faults = ReturnType<MetricSourceKind['measureFaults']>;

/** What a measure asks for of one arm. A histogram has buckets under `total` and nothing else. */
export interface ArmSelectors {
  total: Selector[];
  bad: Selector[];
}

/** Returns the selectors of a measure by arm; throws where `findSelectorFaults` would find one. */
export function selectorsOf({ counts }: Measure): { [arm in Arm]: ArmSelectors } {
  const both = (arm: Arm): ArmSelectors =>
    counts.kind === 'histogram'
      ? { total: selectorsIn(counts.buckets, arm), bad: [] }
      : { total: selectorsIn(counts.total, arm), bad: selectorsIn(counts.bad, arm) };
  return { stable: both('stable'), canary: both('canary') };
}

function selectorsIn(text: string, arm: Arm): Selector[] {
  const read = readSelectors(text.replaceAll('$arm', arm));
  if (!read.ok) throw new TypeError(`${text}: expected ${read.expected}, got ${read.got}`);
  return read.selectors;
}

/** Returns what is wrong with the texts of a measure. `tellsArms`: the texts alone say which arm is meant. */
export function findSelectorFaults({ counts }: Measure, tellsArms: boolean): Faults {
  const texts = counts.kind === 'histogram' ? { buckets: counts.buckets } : { total: counts.total, bad: counts.bad };
  return Object.entries(texts).flatMap(([path, text]) => {
    const read = readSelectors(text.replaceAll('$arm', 'stable'));
    if (!read.ok)
      return [{ path, expected: read.expected, got: read.got, hint: 'name the raw counters, without functions' }];
    if (!tellsArms || text.includes('$arm')) return [];
    return [
      {
        path,
        expected: '$arm, which stands for stable or canary',
        got: text,
        hint: 'write {arm="$arm"}, or whatever tells the arms apart',
      },
    ];
  });
}

/** Returns, of all series that a source has of each arm, those that the measure asks for. */
export function pickSeries(
  selectors: { [arm in Arm]: ArmSelectors },
  all: { [arm in Arm]: readonly CounterSeries[] },
): { [arm in Arm]: ArmSeries } {
  const pick = (arm: Arm, wanted: readonly Selector[]): CounterSeries[] => {
    const matchers = wanted.map(createMatcher);
    return all[arm].filter((series) => matchers.some((matches) => matches(series)));
  };
  const [stable, canary] = arms.map((arm) => ({
    total: pick(arm, selectors[arm].total),
    bad: pick(arm, selectors[arm].bad),
  }));
  return { stable: stable!, canary: canary! };
}
