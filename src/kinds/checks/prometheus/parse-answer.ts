import type { JsonObject } from '@tminus/verify';

import type { ObservedSource, Reading } from '../../../core/check/check.ts';
import { toAgeText } from '../age-text.ts';
import { isObject, parseJson } from '../parse-json.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { readResponse } from './read-response.ts';
import type { PrometheusAnswer, Series } from './read-response.ts';

/** Names of the sources: when was asked, the answer, and for instants the times of the samples behind it. */
export const sourceNames = {
  request: 'request.json',
  response: 'response.json',
  timestamps: 'timestamps.json',
} as const;

const skewMs = 60_000;
const mostSeries = 1000;

/**
 * Facts of an answer: `value` (the newest of the only series, absent where there are several), `holds` (that value is 1), `min`, `max` and
 * `samples` over everything, `count` and `series`, `ageMs`, `warnings`. No series at all is no data, never zero.
 */
export function parseAnswer(spec: JsonObject, sources: readonly ObservedSource[]): Reading {
  return toReading(() => {
    const askedAt = readAskedAt(bytesOf(sources, sourceNames.request));
    const answer = readResponse(bytesOf(sources, sourceNames.response));
    if (answer.series.length === 0) throw new Unreadable('no_data', 'expected at least one series, got none');
    if (answer.series.length > mostSeries) {
      throw new Unreadable(
        'too_large',
        `expected at most ${mostSeries} series, got ${answer.series.length}; aggregate them`,
      );
    }
    const times = sources.find(({ name }) => name === sourceNames.timestamps);
    const ageMs = askedAt - sampledAt(answer, times ? readTimes(times.bytes) : null);
    refuseAge(ageMs, Number(spec['maxAge']));
    return toFacts(answer, ageMs);
  });
}

function bytesOf(sources: readonly ObservedSource[], wanted: string): Uint8Array {
  const found = sources.filter(({ name }) => name === wanted);
  if (found.length !== 1) throw new Unreadable('missing', `expected one source ${wanted}, got ${found.length}`);
  return found[0]!.bytes;
}

function readAskedAt(bytes: Uint8Array): number {
  const request = parseJson(bytes);
  const at = isObject(request) ? request['at'] : null;
  if (typeof at !== 'number') throw new Unreadable('malformed', 'expected the time of the request, got none');
  return at;
}

/** Times of real samples by labels, from `timestamp(query)`, where the server gave them. */
function readTimes(bytes: Uint8Array): Map<string, number> | null {
  const { resultType, series } = readResponse(bytes);
  if (resultType !== 'vector') return null;
  return new Map(series.map(({ labels, samples }) => [keyOf(labels), samples[0]!.value * 1000]));
}

/**
 * When the newest sample was taken. An instant answer carries the time of the question, not that of its samples, so that comes from
 * `timestamp()`, and the stalest series counts; a range has real steps, and a series that ended within it is no fault.
 */
function sampledAt({ resultType, series }: PrometheusAnswer, times: Map<string, number> | null): number {
  const newest = series.map((one) => {
    const answered = one.samples.at(-1)!.at;
    return resultType === 'vector' ? Math.min(answered, times?.get(keyOf(one.labels)) ?? answered) : answered;
  });
  return Math.round(resultType === 'matrix' ? Math.max(...newest) : Math.min(...newest));
}

function keyOf(labels: JsonObject): string {
  // timestamp() drops the name of the metric.
  const entries = Object.entries(labels).filter(([name]) => name !== '__name__');
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseAge(ageMs: number, maxAge: number): void {
  if (ageMs > maxAge)
    throw new Unreadable('stale', `expected samples of at most ${toAgeText(maxAge)}, got ${toAgeText(ageMs)}`);
  if (ageMs < -skewMs)
    throw new Unreadable('future', `expected samples of the past, got one ${toAgeText(-ageMs)} ahead`);
}

function toFacts({ resultType, series, warnings }: PrometheusAnswer, ageMs: number): JsonObject {
  const values = series.flatMap(({ samples }) => samples.map(({ value }) => value));
  const facts: JsonObject = {
    resultType,
    count: series.length,
    samples: values.length,
    min: values.reduce((least, value) => Math.min(least, value)),
    max: values.reduce((most, value) => Math.max(most, value)),
    series: series.map(toSeriesFacts),
    holds: series.length === 1 && newestOf(series[0]!) === 1,
    ageMs,
    warnings,
  };
  if (series.length === 1) facts['value'] = newestOf(series[0]!);
  return facts;
}

function toSeriesFacts(series: Series): JsonObject {
  return { labels: series.labels, value: newestOf(series), samples: series.samples.length };
}

function newestOf({ samples }: Series): number {
  return samples.at(-1)!.value;
}
