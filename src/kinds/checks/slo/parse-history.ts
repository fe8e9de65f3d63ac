import type { JsonObject } from '@tminus/verify';

import type { ObservedSource, Reading } from '../../../core/check/check.ts';
import { isKnownSelector } from '../../../core/rollout/is-known-selector.ts';
import { assessObjective } from '../../../core/slo/assess-objective.ts';
import type { Selector } from '../../../core/rollout/selector.ts';
import type { CounterHistory, SeriesHistory } from '../../../core/slo/count-events.ts';
import { isObject, parseJson } from '../parse-json.ts';
import { readRangeAnswer } from '../read-range-answer.ts';
import type { RangeSeries } from '../read-range-answer.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { marks, recent, selectorsOf, sourceNames } from './query.ts';
import { sloSchema } from './schema.ts';
import type { SloSpec } from './schema.ts';

/**
 * Facts of an objective: `left` (share of the error budget), `level`, the burn rates `burn5m`, `burn30m`, `burn1h`, `burn6h` and `burn3d`, `burning` (pairs
 * that are beyond their factor), `total` and `bad` events, `coveredMs` of `windowMs`. Without enough history nothing is readable.
 */
export function parseHistory(spec: JsonObject, sources: readonly ObservedSource[]): Reading {
  return toReading(() => {
    const asked = sloSchema.parse(spec);
    const assessed = assessObjective({ goal: asked.goal, windowMs: asked.window }, readHistory(asked, sources));
    if (assessed.state === 'unknown') throw new Unreadable('no_data', assessed.reason);
    const { counted, left, level, pairs, sinceMs } = assessed;
    const [fast, slow, steady] = pairs;
    return {
      left,
      level,
      burn5m: fast!.short,
      burn1h: fast!.long,
      burn30m: slow!.short,
      burn6h: slow!.long,
      burn3d: steady!.long,
      burning: pairs.filter(({ isBurning }) => isBurning).map(({ pair }) => pair.name),
      total: Math.round(counted.total),
      bad: Math.round(counted.bad),
      goal: asked.goal,
      windowMs: asked.window,
      coveredMs: readAt(sources) - sinceMs,
    };
  });
}

function readHistory(spec: SloSpec, sources: readonly ObservedSource[]): CounterHistory {
  const askedAtMs = readAt(sources);
  const fine = readRangeAnswer(bytesOf(sources, sourceNames.recent));
  const coarse = readRangeAnswer(bytesOf(sources, sourceNames.whole));
  const { total, side, counted } = selectorsOf(spec);
  const met = [...fine, ...coarse]
    .filter(({ labels }) => labels[marks.of] !== 'at')
    .map(({ labels }) => ({ name: labels[marks.name] ?? '', labels }));
  for (const selector of total)
    if (!fine.some(({ labels }) => labels[marks.of] === 'total' && labels[marks.name] === selector.name))
      throw new Unreadable('no_data', `nothing counts ${selector.name}; a mistyped name looks the same`);
  const times = fine
    .filter(({ labels }) => labels[marks.of] === 'at')
    .map(({ samples }) => (samples.at(-1)?.value ?? 0) * 1_000);
  return {
    askedAtMs,
    sampledAtMs: times.length === 0 ? 0 : Math.max(...times),
    total: joinSeries('total', fine, coarse, askedAtMs),
    bad: joinSeries('bad', fine, coarse, askedAtMs),
    ...(side === 'good' && { good: joinSeries('good', fine, coarse, askedAtMs) }),
    isBadKnown:
      counted.every((selector) => isKnownSelector(selector, met)) && (side === 'bad' || isThere(counted, fine)),
  };
}

/** What is good is there from the first event on: a bucket that nobody shows is a limit that the histogram does not have. */
function isThere(counted: readonly Selector[], fine: readonly RangeSeries[]): boolean {
  return counted.every(({ name }) =>
    fine.some(({ labels }) => labels[marks.of] === 'good' && labels[marks.name] === name),
  );
}

/** The last hours in small steps, what was before in large ones. */
function joinSeries(
  of: 'total' | 'bad' | 'good',
  fine: readonly RangeSeries[],
  coarse: readonly RangeSeries[],
  askedAtMs: number,
): SeriesHistory[] {
  const fromMs = askedAtMs - recent.forMs;
  const parts = [
    ...coarse.map((one) => ({ ...one, samples: one.samples.filter(({ atMs }) => atMs < fromMs) })),
    ...fine,
  ].filter(({ labels, samples }) => labels[marks.of] === of && samples.length > 0);
  const groups = Map.groupBy(parts, ({ labels }) =>
    JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
  return [...groups.values()].map((group) => ({
    target: JSON.stringify([group[0]!.labels['job'] ?? '', group[0]!.labels['instance'] ?? '']),
    points: group.flatMap(({ samples }) => samples).toSorted((a, b) => a.atMs - b.atMs),
  }));
}

function bytesOf(sources: readonly ObservedSource[], wanted: string): Uint8Array {
  const found = sources.filter(({ name }) => name === wanted);
  if (found.length !== 1) throw new Unreadable('missing', `expected one source ${wanted}, got ${found.length}`);
  return found[0]!.bytes;
}

function readAt(sources: readonly ObservedSource[]): number {
  const request = parseJson(bytesOf(sources, sourceNames.request));
  const at = isObject(request) ? request['at'] : null;
  if (typeof at !== 'number') throw new Unreadable('malformed', 'expected the time of the request, got none');
  return at;
}
