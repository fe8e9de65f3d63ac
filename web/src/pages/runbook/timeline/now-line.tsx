import { useTranslations } from 'use-intl/react';

import type { Run } from '../../../api/client.generated.ts';
import { useRunNow } from '../run-clock.ts';
import styles from './timeline.module.css';

/** Where now is; it alone is drawn again every second. Nothing for a run that has ended. */
export function NowLine({
  run,
  x,
  height,
}: {
  run: Pick<Run, 'nowMs' | 'endedAtMs'>;
  x: (ms: number) => number;
  height: number;
}) {
  const t = useTranslations('runbook.timeline');
  const at = x(useRunNow(run));
  if (run.endedAtMs !== null) return null;
  return (
    <g data-now={Math.round(at)}>
      <line className={styles.nowLine} x1={at} x2={at} y1="0" y2={height} />
      <text className={styles.nowText} x={at + 4} y="11">
        {t('now')}
      </text>
    </g>
  );
}
