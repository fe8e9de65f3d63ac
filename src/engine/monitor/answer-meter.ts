import { shareOf } from '../../core/metric/reading.ts';
import type { Reading } from '../../core/metric/reading.ts';

/** Counts what a server of the API answered. */
export interface AnswerMeter {
  /** An answer was sent, or the connection ended before it was whole. */
  count(isGood: boolean): void;
  /** The share of good answers within a time; nothing where none was sent. */
  look(withinMs: number): Reading;
}

interface Bucket {
  second: number;
  good: number;
  all: number;
}

/** How far back is remembered, in seconds. */
const remembered = 3_600;

/** The meter of one process, with one bucket for each second of the last hour. */
export function openAnswerMeter(nowMs: () => number = () => performance.now()): AnswerMeter {
  const buckets: (Bucket | undefined)[] = Array.from({ length: remembered });
  const second = (): number => Math.floor(nowMs() / 1_000);
  return {
    count(isGood) {
      const now = second();
      const known = buckets[now % remembered];
      const bucket = known?.second === now ? known : { second: now, good: 0, all: 0 };
      buckets[now % remembered] = bucket;
      bucket.all += 1;
      if (isGood) bucket.good += 1;
    },
    look(withinMs) {
      const from = second() - Math.min(remembered, Math.ceil(withinMs / 1_000));
      const recent = buckets.filter((bucket) => bucket !== undefined && bucket.second > from);
      const sum = (pick: (bucket: Bucket) => number): number => recent.reduce((all, each) => all + pick(each!), 0);
      return shareOf(
        sum(({ good }) => good),
        sum(({ all }) => all),
        'answers of this server',
      );
    },
  };
}
