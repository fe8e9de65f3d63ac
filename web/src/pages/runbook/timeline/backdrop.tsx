import type { HoldBand, Mark } from '../board.ts';
import styles from './timeline.module.css';
import type { Axis } from './use-axis.ts';

/** What stands behind the bars over the whole height: gaps, holds, lines of the axis, T-0, recycle points, the point of no return. */
export function Backdrop({
  axis,
  holds,
  marks,
  height,
  nowMs,
}: {
  axis: Axis;
  holds: readonly HoldBand[];
  marks: readonly Mark[];
  height: number;
  nowMs: number;
}) {
  const { x, knots, ticks } = axis;
  return (
    <g>
      {knots.stretches
        .filter(({ isGap }) => isGap)
        .map(({ beginMs, endMs }) => (
          <rect
            key={beginMs}
            className={styles.gap}
            x={x(beginMs)}
            y="0"
            width={x(endMs) - x(beginMs)}
            height={height}
          />
        ))}
      {ticks
        .filter(({ isGap }) => !isGap)
        .map((tick) => (
          <line key={tick.atMs} className={styles.tickLine} x1={tick.x} x2={tick.x} y1="0" y2={height} />
        ))}
      {holds.map(({ id, beginMs, endMs }) => (
        <rect
          key={id}
          className={styles.hold}
          x={x(beginMs)}
          y="0"
          width={Math.max(2, x(endMs ?? Math.max(nowMs, beginMs)) - x(beginMs))}
          height={height}
        />
      ))}
      {marks.map(({ id, kind, atMs }) => (
        <line key={`${kind} ${id}`} className={styles[`${kind}Line`]} x1={x(atMs)} x2={x(atMs)} y1="0" y2={height} />
      ))}
    </g>
  );
}
