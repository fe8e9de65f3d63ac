import { useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Run } from '../../../api/client.generated.ts';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { useWidth } from '../../../kit/table/use-width.ts';
import type { Board } from '../board.ts';
import { useRunNow } from '../run-clock.ts';
import { Chart } from './chart.tsx';
import { Legend } from './legend.tsx';
import { RowLabel } from './row-label.tsx';
import { axisHeight, labelWidthFor, rowHeight } from './sizes.ts';
import { TimeAxis } from './time-axis.tsx';
import styles from './timeline.module.css';
import { toRows } from './to-rows.ts';
import type { Row } from './to-rows.ts';
import { useAxis } from './use-axis.ts';
import { useRows } from './use-rows.ts';
import { toKeys, useZoom } from './use-zoom.ts';

/** The run over time: planned beside actual, holds, T-0 and now. Everything in it is told by the list of its names as well. */
export function Timeline({
  run,
  board,
  selected,
  onOpen,
}: {
  run: Run;
  board: Board;
  selected: string | null;
  onOpen: (step: string) => void;
}) {
  const t = useTranslations('runbook');
  const scroller = useRef<HTMLDivElement>(null);
  const { zoom, zoomBy } = useZoom();
  const width = useWidth(scroller);
  // Every ten seconds another axis is enough: the line of now moves by itself.
  const nowMs = Math.ceil(useRunNow(run) / 10_000) * 10_000;
  const labels = labelWidthFor(width);
  const axis = useAxis(board, nowMs, Math.max(120, (width - labels - 2) * zoom));
  const rows = useMemo(() => toRows(board, t('wayBack')), [board, t]);
  const list = useRows(rows, scroller);
  const goToNow = (): void => {
    scroller.current?.scrollTo({ left: axis.x(run.endedAtMs ?? nowMs) - (width - labels) / 2 });
  };
  const onKeyDown = toKeys(zoomBy, goToNow, list.onKeyDown);
  if (rows.length === 0) return <EmptyState title={t('noSteps')} />;
  const height = rows.length * rowHeight;
  const size = {
    '--labels': `${labels}px`,
    '--chart': `${axis.width}px`,
    '--axis': `${axisHeight}px`,
    '--rows': `${height}px`,
  } as React.CSSProperties;
  return (
    <div className={styles.timeline}>
      <Legend zoom={zoom} onZoom={zoomBy} onNow={goToNow} />
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the list inside */}
      <div ref={scroller} className={styles.scroller} style={size} onKeyDown={onKeyDown}>
        <div className={styles.corner}>{board.t0Ms === null ? t('timeline.utc') : t('timeline.corner')}</div>
        <div className={styles.axisCell}>
          <TimeAxis axis={axis} holds={board.holds} marks={board.marks} />
        </div>
        <Labels rows={rows} list={list} selected={selected} onOpen={onOpen} />
        <Chart
          run={run}
          board={board}
          axis={axis}
          nowMs={nowMs}
          lines={list.shown.map((index) => ({ row: rows[index]!, top: index * rowHeight }))}
          height={height}
        />
      </div>
    </div>
  );
}

/** The names of the lines in sight: the chart as a list, for whoever cannot see it. */
function Labels({
  rows,
  list,
  selected,
  onOpen,
}: {
  rows: readonly Row[];
  list: ReturnType<typeof useRows>;
  selected: string | null;
  onOpen: (step: string) => void;
}) {
  const t = useTranslations('runbook.timeline');
  return (
    <ol className={styles.labels} aria-label={t('list')}>
      {list.shown.map((index) => (
        <RowLabel
          key={rows[index]!.id}
          row={rows[index]!}
          index={index}
          isActive={list.active === index}
          isSelected={rows[index]!.id === selected}
          onOpen={(step) => {
            list.setActive(index);
            onOpen(step);
          }}
        />
      ))}
    </ol>
  );
}
