import type { ReadFence } from '../../core/check/check.ts';

/** The expectations at the end of a fence, and the lines before them. */
export interface FenceLines {
  lines: string[];
  expectations: { text: string; line: number }[];
}

/**
 * Parts the last lines of a fence that begin with `mark` (`expect ` or `# expect `), with blank lines among them, from what stands before.
 * Only the end counts: the same word inside a script or a body belongs to the script or body.
 */
export function splitExpectations(text: string, mark: RegExp): FenceLines {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const expectations: FenceLines['expectations'] = [];
  let end = lines.length;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const match = mark.exec(lines[index]!);
    if (match) expectations.unshift({ text: lines[index]!.slice(match[0].length).trim(), line: index });
    else if (lines[index]!.trim() !== '') break;
    end = index;
  }
  return { lines: lines.slice(0, end), expectations };
}

type FenceFault = Extract<ReadFence, { ok: false }>['faults'][number];

/** A refusal with one fault; `line` counts from 0 inside the fence, `column` from 1. */
export function fenceFault(line: number, fault: Omit<FenceFault, 'line' | 'column'>, column = 1): ReadFence {
  return { ok: false, faults: [{ line, column, ...fault }] };
}
