import type { Comparison } from './comparison.ts';

const probeBytes = 2 * 1024 * 1024;

/** Megabits a second that rows of the slower side come at, over the first two megabytes; null where there are not so many. */
export async function measureSpeed({ source, target }: Comparison): Promise<number | null> {
  const speeds: number[] = [];
  for (const { session, query } of [source, target]) {
    const started = performance.now();
    let bytes = 0;
    for await (const chunk of session.stream({ ...query, order: 'any' })) {
      bytes += chunk.length;
      if (bytes >= probeBytes) break;
    }
    if (bytes < probeBytes) return null;
    speeds.push((bytes * 8) / 1_000 / (performance.now() - started));
  }
  return Math.min(...speeds);
}
