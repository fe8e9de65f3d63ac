import type { ObservedSource } from '../../../core/check/check.ts';
import { marks, recent, sourceNames } from './query.ts';
import { toSource } from './reader.ts';

const hour = 3_600_000;

/** How a service did: bad requests of a hundred thousand each hour, by the hours before now. */
export type Badness = (hoursAgo: number) => number;

const perHour = 100_000;

/** Returns what a Prometheus answers about a range of counters of `http_requests_total`. */
export function rangeAnswer(range: { atMs: number; forMs: number; stepMs: number }, badness: Badness): object {
  const { atMs, forMs, stepMs } = range;
  const times = Array.from({ length: Math.floor(forMs / stepMs) + 1 }, (_, index) => atMs - forMs + index * stepMs);
  const series = (of: string, code: string, valueOf: (ms: number) => number): object => ({
    metric: { [marks.of]: of, [marks.name]: 'http_requests_total', code, job: 'shop', instance: 'app' },
    values: times.map((ms) => [ms / 1_000, String(valueOf(ms))]),
  });
  const bad = (ms: number): number => badSince(atMs, ms, badness);
  const good = (ms: number): number => (ms - (atMs - 800 * hour)) * (perHour / hour) - bad(ms);
  const result = [
    series('total', '200', good),
    series('total', '500', bad),
    series('bad', '500', bad),
    series('at', '200', (ms) => ms / 1_000),
  ];
  return { status: 'success', data: { resultType: 'matrix', result } };
}

function badSince(atMs: number, ms: number, badness: Badness): number {
  let sum = 0;
  for (let ago = 799; ago >= 0; ago -= 1) {
    const from = atMs - (ago + 1) * hour;
    sum += badness(ago) * Math.min(1, Math.max(0, (ms - from) / hour));
  }
  return sum;
}

/** Returns the sources of a check of a service that did so. */
export function sourcesOf(atMs: number, badness: Badness): ObservedSource[] {
  return [
    toSource(sourceNames.request, { at: atMs }),
    toSource(sourceNames.recent, rangeAnswer({ atMs, forMs: recent.forMs, stepMs: 300_000 }, badness)),
    toSource(sourceNames.whole, rangeAnswer({ atMs, forMs: 720 * hour, stepMs: 2 * hour }, badness)),
  ];
}
