import { scaleLinear } from '@visx/scale';
import { useMemo } from 'react';

import type { Board } from '../board.ts';
import { toCountLine } from './count.ts';
import type { CountLine } from './count.ts';
import { findStretches, toKnots } from './squeeze.ts';
import type { Knots } from './squeeze.ts';
import { toTicks } from './ticks.ts';
import type { Tick } from './ticks.ts';
import { toSpans } from './to-rows.ts';

/** The axis of time of a board: where each instant stands. */
export interface Axis {
  x: (ms: number) => number;
  width: number;
  ticks: Tick[];
  knots: Knots;
  line: CountLine | null;
}

/** The axis of a board for a width. `nowMs` should tick slowly: every move of it is another axis. */
export function useAxis(board: Board, nowMs: number, width: number): Axis {
  return useMemo(() => {
    const knots = toKnots(findStretches(toSpans(board, nowMs)), width);
    const scale = scaleLinear<number>({ domain: knots.domain, range: knots.range, clamp: true });
    const x = (ms: number): number => (knots.domain.length === 0 ? 0 : scale(ms));
    const line = board.t0Ms === null ? null : toCountLine(board.t0Ms, board.holds, board.nowMs);
    return { x, width: knots.width, ticks: toTicks(knots, x, line), knots, line };
  }, [board, nowMs, width]);
}
