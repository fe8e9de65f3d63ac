import type { Place } from '../../core/launch/place.ts';
import type { Repair } from './repair-mojibake.ts';

/** Returns the function from an offset in the repaired text to line and column in the original file. */
export function placesOf(file: string, text: string, repairs: readonly Repair[]): (offset: number) => Place {
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(text);
    const at = Math.min(Math.max(offset, 0), text.length);
    const line = lastAtMost(starts, at);
    const start = starts[line] ?? 0;
    return { file, line: line + 1, column: at - start + 1 + widening(repairs, start, at) };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lastAtMost(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many more columns the original line has before `to` than the repaired one. */
function widening(repairs: readonly Repair[], from: number, to: number): number {
  let wider = 0;
  for (const repair of repairs) {
    if (repair.offset >= to) break;
    if (repair.offset >= from && repair.offset + repair.repaired.length <= to)
      wider += repair.damaged.length - repair.repaired.length;
  }
  return wider;
}
