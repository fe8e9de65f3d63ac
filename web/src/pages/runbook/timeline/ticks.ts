import { countAt, wallAt } from './count.ts';
import type { CountLine } from './count.ts';
import { toLengthText, toOffsetText } from './offset-text.ts';
import type { Knots, Stretch } from './squeeze.ts';

/** One label of the axis. */
export interface Tick {
  atMs: number;
  x: number;
  /** T-time, or the wall clock of a run without T-0. */
  label: string;
  /** Clock on the wall in UTC, below it; empty where it is the label. */
  wall: string;
  /** The length of a gap stands in its middle and has no line. */
  isGap: boolean;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [1, 2, 5, 10, 15, 30]
  .map((n) => n * second)
  .concat(
    [1, 2, 5, 10, 15, 30].map((n) => n * minute),
    [1, 2, 3, 6, 12].map((n) => n * hour),
    [1, 2, 7, 14, 30, 90].map((n) => n * day),
  );

/** Room that a label needs, in px. */
const labelWidth = 76;

/** Labels at round T-times, as dense as they can be read, and the length of every gap. */
export function toTicks({ stretches }: Knots, scale: (ms: number) => number, line: CountLine | null): Tick[] {
  const ticks = stretches.flatMap((stretch) =>
    stretch.isGap ? [gapTick(stretch, scale)] : ticksOf(stretch, scale, line),
  );
  let free = -Infinity;
  return ticks.filter(({ x, isGap }) => {
    if (isGap) return true;
    if (x < free) return false;
    free = x + labelWidth;
    return true;
  });
}

function gapTick({ beginMs, endMs }: Stretch, scale: (ms: number) => number): Tick {
  const x = (scale(beginMs) + scale(endMs)) / 2;
  return { atMs: (beginMs + endMs) / 2, x, label: toLengthText(endMs - beginMs), wall: '', isGap: true };
}

function ticksOf({ beginMs, endMs }: Stretch, scale: (ms: number) => number, line: CountLine | null): Tick[] {
  const width = scale(endMs) - scale(beginMs);
  const most = Math.max(1, Math.floor(width / labelWidth));
  const step = steps.find((one) => (endMs - beginMs) / one <= most) ?? steps.at(-1)!;
  const [from, to] = line === null ? [beginMs, endMs] : [countAt(line, beginMs), countAt(line, endMs)];
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const wallMs = line === null ? at : wallAt(line, at, beginMs, endMs);
    ticks.push(toTick(wallMs, line === null ? null : at, scale));
  }
  if (ticks.length > 0) return ticks;
  const middle = (beginMs + endMs) / 2;
  return [toTick(middle, line === null ? null : Math.round(countAt(line, middle) / second) * second, scale)];
}

function toTick(atMs: number, countMs: number | null, scale: (ms: number) => number): Tick {
  const wall = new Date(atMs).toISOString().slice(11, 19);
  const x = scale(atMs);
  if (countMs === null) return { atMs, x, label: wall, wall: '', isGap: false };
  return { atMs, x, label: toOffsetText(countMs), wall, isGap: false };
}
