import type { HoldBand } from '../board.ts';

/** T-time as it runs on the clock on the wall: it stands still in every hold that stops the count. */
export interface CountLine {
  t0Ms: number;
  /** Stops of the count that have an end, or reach to now. */
  stops: readonly { beginMs: number; endMs: number }[];
}

/** The line of a run; holds that let the count run do not bend it. */
export function toCountLine(t0Ms: number, holds: readonly HoldBand[], nowMs: number): CountLine {
  const stops = holds
    .filter(({ stopsCount }) => stopsCount)
    .map(({ beginMs, endMs }) => ({ beginMs, endMs: endMs ?? nowMs }));
  return { t0Ms, stops };
}

/** T-time at an instant, in ms: negative before T-0. */
export function countAt({ t0Ms, stops }: CountLine, wallMs: number): number {
  const [from, to] = wallMs < t0Ms ? [wallMs, t0Ms] : [t0Ms, wallMs];
  const stood = stops.reduce(
    (sum, { beginMs, endMs }) => sum + Math.max(0, Math.min(endMs, to) - Math.max(beginMs, from)),
    0,
  );
  const counted = to - from - stood;
  return wallMs < t0Ms ? -counted : counted;
}

/** The first instant between two others at which the count has reached an offset. */
export function wallAt(line: CountLine, countMs: number, fromMs: number, toMs: number): number {
  let [low, high] = [fromMs, toMs];
  for (let step = 0; step < 48 && high - low > 1; step += 1) {
    const middle = (low + high) / 2;
    if (countAt(line, middle) < countMs) low = middle;
    else high = middle;
  }
  return Math.round(high);
}

/** The instant at which the count has an offset, with every stop between it and T-0. */
export function wallOf(line: CountLine, countMs: number): number {
  const stood = line.stops.reduce((sum, { beginMs, endMs }) => sum + endMs - beginMs, 0);
  const reach = Math.abs(countMs) + stood;
  return countMs < 0
    ? wallAt(line, countMs, line.t0Ms - reach, line.t0Ms)
    : wallAt(line, countMs, line.t0Ms, line.t0Ms + reach);
}
