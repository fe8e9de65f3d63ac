import type { Run } from '../../../api/client.generated.ts';
import type { Board } from '../board.ts';
import { Backdrop } from './backdrop.tsx';
import { NowLine } from './now-line.tsx';
import { rowHeight } from './sizes.ts';
import { StepBars } from './step-bars.tsx';
import styles from './timeline.module.css';
import type { Row } from './to-rows.ts';
import type { Axis } from './use-axis.ts';

/** The bars of the lines in sight, over what stands behind all of them. It tells a screen reader nothing: the list of names does. */
export function Chart({
  run,
  board,
  axis,
  nowMs,
  lines,
  height,
}: {
  run: Run;
  board: Board;
  axis: Axis;
  nowMs: number;
  lines: readonly { row: Row; top: number }[];
  height: number;
}) {
  return (
    <svg className={styles.chart} width={axis.width} height={height} aria-hidden="true">
      {lines.map(({ row, top }) =>
        row.kind === 'phase' ? (
          <rect key={row.id} className={styles.phaseBand} y={top} width="100%" height={rowHeight} />
        ) : null,
      )}
      <Backdrop axis={axis} holds={board.holds} marks={board.marks} height={height} nowMs={nowMs} />
      {lines.map(({ row, top }) =>
        row.kind === 'step' ? (
          <StepBars key={row.id} step={row.step} ghost={row.ghost} top={top} nowMs={nowMs} x={axis.x} />
        ) : null,
      )}
      <NowLine run={run} x={axis.x} height={height} />
    </svg>
  );
}
