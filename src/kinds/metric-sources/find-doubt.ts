import type { MeasureReading } from '../../core/rollout/measure-reading.ts';
import type { Arm, Measure } from '../../core/rollout/rollout.ts';
import { arms, boundOf, seriesKey } from './counter-series.ts';
import type { ArmSeries, CounterAnswer, CounterSeries, Sampling } from './counter-series.ts';
import type { ArmSelectors } from './measure-selectors.ts';
import { createMatcher, renderSelector } from '../../core/rollout/selector.ts';

/** What an answer is held against before a number of it counts. */
export interface Doubting {
  measure: Measure;
  selectors: { [arm in Arm]: ArmSelectors };
  answer: CounterAnswer;
  sampling: Sampling;
}

type Doubt = Exclude<MeasureReading, { state: 'read' }>;

const mostSeries = 10_000;
const staleRounds = 3;

/** Returns why an answer says nothing; null where its numbers may be taken. Silence, a mistyped name and a target that died all look like no errors. */
export function findDoubt(given: Doubting): Doubt | null {
  return (
    findSilence(given) ??
    findUnproven(given) ??
    findMissingLabel(given) ??
    findOddNumber(given) ??
    findOldSamples(given)
  );
}

function noData(reason: string): Doubt {
  return { state: 'no_data', reason };
}

function error(reason: string): Doubt {
  return { state: 'error', reason };
}

function findSilence({ selectors, answer }: Doubting): Doubt | null {
  for (const arm of arms) {
    const { total, bad } = answer.arms[arm];
    if (total.length + bad.length > mostSeries)
      return error(`${arm}: expected at most ${mostSeries} series, got ${total.length + bad.length}`);
    for (const selector of selectors[arm].total)
      if (!total.some(createMatcher(selector)))
        return noData(`${arm}: nothing counts ${renderSelector(selector)}; a mistyped name looks the same`);
  }
  return null;
}

/**
 * Bad events that were never counted are none only where the counter is known: its name is that of the total, or was met on either arm, and every label
 * that it is picked by exists.
 */
function findUnproven({ selectors, answer }: Doubting): Doubt | null {
  const all = arms.flatMap((arm) => [...answer.arms[arm].total, ...answer.arms[arm].bad]);
  for (const arm of arms)
    for (const selector of selectors[arm].bad) {
      const known = all.filter(({ name }) => name === selector.name);
      if (known.length === 0)
        return noData(
          `${arm}: nothing ever counted ${renderSelector(selector)}; let it begin at 0, or correct the name`,
        );
      const missing = selector.matchers.find(({ label }) => !known.some(({ labels }) => Object.hasOwn(labels, label)));
      if (missing !== undefined)
        return noData(
          `${arm}: ${selector.name} has no label ${missing.label}, so that ${renderSelector(selector)} finds nothing`,
        );
    }
  return null;
}

function findMissingLabel({ measure, answer }: Doubting): Doubt | null {
  const { by } = measure;
  for (const arm of arms) {
    const { total, bad } = answer.arms[arm];
    const without = by === null ? undefined : [...total, ...bad].find(({ labels }) => !Object.hasOwn(labels, by));
    if (without !== undefined)
      return error(`${arm}: expected the label ${by} on every series, got ${without.name} without it`);
    if (measure.counts.kind === 'histogram') {
      const wrong = findBadBuckets(arm, total);
      if (wrong !== null) return wrong;
    }
  }
  return null;
}

/** Every histogram has the same bounds, the last of them none: sums over others would mean nothing. */
function findBadBuckets(arm: Arm, series: readonly CounterSeries[]): Doubt | null {
  const odd = series.find((one) => Number.isNaN(boundOf(one)));
  if (odd !== undefined) return error(`${arm}: expected buckets with a label le, got ${odd.name} without a bound`);
  const groups = Map.groupBy(series, ({ name, labels, target }) => seriesKey(name, target, { ...labels, le: '' }));
  const bounds = [...groups.values()].map((group) =>
    group
      .map(boundOf)
      .toSorted((a, b) => a - b)
      .join(' '),
  );
  const [first = ''] = bounds;
  if (!first.endsWith('Infinity')) return error(`${arm}: expected a bucket of +Inf, got bounds ${first}`);
  const other = bounds.find((text) => text !== first);
  return other === undefined ? null : error(`${arm}: expected the same buckets everywhere, got ${first} and ${other}`);
}

function findOddNumber({ answer }: Doubting): Doubt | null {
  for (const arm of arms)
    for (const { name, value } of seriesOf(answer.arms[arm]))
      if (!Number.isFinite(value) || value < 0) return error(`${arm}: expected a count of ${name}, got ${value}`);
  return null;
}

function findOldSamples({ answer, sampling }: Doubting): Doubt | null {
  const oldest = arms.map((arm) => Math.min(...seriesOf(answer.arms[arm]).map(({ atMs }) => atMs)));
  for (const [index, arm] of arms.entries()) {
    const ageMs = answer.askedAtMs - oldest[index]!;
    const mostMs = staleRounds * sampling.everyMs;
    if (!(ageMs <= mostMs))
      return noData(
        `${arm}: the oldest sample is ${toSeconds(ageMs)} old, expected at most ${toSeconds(mostMs)}: its target may be dead`,
      );
    if (ageMs < -mostMs) return noData(`${arm}: a sample is ${toSeconds(-ageMs)} ahead of the clock of its source`);
  }
  const apartMs = Math.abs(oldest[0]! - oldest[1]!);
  // Each arm has its own place in a round, so that two honest samples may lie nearly one round apart.
  if (apartMs <= 1.5 * sampling.everyMs) return null;
  return noData(
    `the arms were sampled ${toSeconds(apartMs)} apart, expected at most ${toSeconds(1.5 * sampling.everyMs)}`,
  );
}

function seriesOf({ total, bad }: ArmSeries): CounterSeries[] {
  return [...total, ...bad];
}

function toSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
