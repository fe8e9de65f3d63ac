import { memo } from 'react';

import type { BoardStep } from '../board.ts';
import { stepLooks } from '../step-look.ts';
import { rowHeight } from './sizes.ts';
import styles from './timeline.module.css';

/** Narrower than this nothing can be seen, in px. */
const leastWidth = 3;

/** What is planned, what happened, and how long it took in rehearsals, of one step; below each other in its line. */
export const StepBars = memo(function StepBars({
  step,
  ghost,
  top,
  nowMs,
  x,
}: {
  step: BoardStep;
  ghost: { beginMs: number; endMs: number } | null;
  top: number;
  nowMs: number;
  x: (ms: number) => number;
}) {
  const { planned, actual, state } = step;
  const { tone } = stepLooks[state];
  return (
    <g>
      {planned === null ? null : (
        <Planned
          className={step.isCritical ? styles.plannedCritical : styles.planned}
          from={x(planned.beginMs)}
          to={x(planned.endMs ?? planned.beginMs)}
          top={top + 4}
        />
      )}
      {actual === null ? null : (
        <Bar
          className={styles[tone]}
          from={x(actual.beginMs)}
          to={x(actual.endMs ?? Math.max(nowMs, actual.beginMs))}
          top={top + 12}
          height={9}
        />
      )}
      {ghost === null ? null : (
        <Bar className={styles.ghost} from={x(ghost.beginMs)} to={x(ghost.endMs)} top={top + 23} height={3} />
      )}
      <line className={styles.rowLine} x1="0" x2="100%" y1={top + rowHeight - 0.5} y2={top + rowHeight - 0.5} />
    </g>
  );
});

/** A diamond where only the instant is known. */
function Planned({
  className,
  from,
  to,
  top,
}: {
  className: string | undefined;
  from: number;
  to: number;
  top: number;
}) {
  if (to - from >= leastWidth) return <Bar className={className} from={from} to={to} top={top} height={6} />;
  return <path className={className} d={`M${from} ${top - 1}l4 4-4 4-4-4z`} />;
}

function Bar({
  className,
  from,
  to,
  top,
  height,
}: {
  className: string | undefined;
  from: number;
  to: number;
  top: number;
  height: number;
}) {
  return (
    <rect className={className} x={from} y={top} width={Math.max(leastWidth, to - from)} height={height} rx="1.5" />
  );
}
