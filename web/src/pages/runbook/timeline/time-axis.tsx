import { useTranslations } from 'use-intl/react';

import type { HoldBand, Mark } from '../board.ts';
import { axisHeight } from './sizes.ts';
import styles from './timeline.module.css';
import type { Axis } from './use-axis.ts';

/** The labels above the chart: T-times and the clock on the wall, lengths of gaps, names of holds and of what happens at one instant. */
export function TimeAxis({ axis, holds, marks }: { axis: Axis; holds: readonly HoldBand[]; marks: readonly Mark[] }) {
  const t = useTranslations('runbook.timeline');
  const { ticks, x, width } = axis;
  return (
    <svg className={styles.axis} width={width} height={axisHeight} aria-hidden="true">
      {ticks.map((tick) =>
        tick.isGap ? (
          <text key={tick.atMs} className={styles.gapText} x={tick.x} y="41" textAnchor="middle">
            {tick.label}
          </text>
        ) : (
          <g key={tick.atMs}>
            <line className={styles.tickLine} x1={tick.x} x2={tick.x} y1="6" y2={axisHeight} />
            <text className={styles.tickText} x={tick.x + 4} y="16">
              {tick.label}
            </text>
            <text className={styles.wallText} x={tick.x + 4} y="29">
              {tick.wall}
            </text>
          </g>
        ),
      )}
      {toLabels({ holds, marks, t, x }).map(({ key, kind, text, at }) => (
        <text key={key} className={styles[`${kind}Text`]} x={at + 2} y="41">
          {text}
        </text>
      ))}
    </svg>
  );
}

interface AxisLabel {
  key: string;
  kind: 'hold' | 'recycle' | 'return';
  text: string;
  at: number;
}

/** Longer names are cut: the steps beside them and the dialogs name them whole. */
const mostLetters = 26;
/** Width of a letter of these labels, in px. */
const letterWidth = 5.4;

/** Names of holds and marks from left to right, those left out that would stand on another: what has no return first, then what is held. */
function toLabels({
  holds,
  marks,
  t,
  x,
}: {
  holds: readonly HoldBand[];
  marks: readonly Mark[];
  t: (name: 'holdMark' | 'recycleMark' | 'returnMark', values: { title: string }) => string;
  x: (ms: number) => number;
}): AxisLabel[] {
  const all: AxisLabel[] = [
    ...marks.flatMap(({ id, kind, title, atMs }): AxisLabel[] =>
      kind === 'return' ? [{ key: id, kind, text: cut(t('returnMark', { title })), at: x(atMs) }] : [],
    ),
    ...holds.map(({ id, title, beginMs }): AxisLabel => {
      return { key: `hold ${id}`, kind: 'hold', text: cut(t('holdMark', { title })), at: x(beginMs) };
    }),
    ...marks.flatMap(({ id, kind, title, atMs }): AxisLabel[] =>
      kind === 'recycle' ? [{ key: id, kind, text: cut(t('recycleMark', { title })), at: x(atMs) }] : [],
    ),
  ];
  const kept: AxisLabel[] = [];
  for (const one of all) if (kept.every((other) => !isOver(one, other))) kept.push(one);
  return kept;
}

function cut(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}\u2026` : text;
}

function isOver(a: AxisLabel, b: AxisLabel): boolean {
  return a.at < b.at + b.text.length * letterWidth && b.at < a.at + a.text.length * letterWidth;
}
