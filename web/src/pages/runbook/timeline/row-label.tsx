import { useTranslations } from 'use-intl/react';

import { formatDuration } from '../../../kit/format-duration.ts';
import { Icon } from '../../../kit/icon.tsx';
import { joinClasses } from '../../../kit/join-classes.ts';
import type { BoardStep } from '../board.ts';
import { stepLooks } from '../step-look.ts';
import { toOffsetText } from './offset-text.ts';
import { rowHeight } from './sizes.ts';
import styles from './timeline.module.css';
import type { Row } from './to-rows.ts';

/** The name of a line. Of a step it is a button that opens it and tells a screen reader everything that the bars show. */
export function RowLabel({
  row,
  index,
  isActive,
  isSelected,
  onOpen,
}: {
  row: Row;
  index: number;
  isActive: boolean;
  isSelected: boolean;
  onOpen: (step: string) => void;
}) {
  const tell = useTell();
  const place = { transform: `translateY(${index * rowHeight}px)` };
  if (row.kind === 'phase') {
    return (
      <li className={joinClasses(styles.label, styles.phase)} style={place}>
        <span className={styles.name}>{row.title}</span>
        {row.offsetMs === null ? null : <span className={styles.offset}>{toOffsetText(row.offsetMs)}</span>}
      </li>
    );
  }
  const { step } = row;
  const look = stepLooks[step.state];
  return (
    <li className={styles.label} style={place}>
      <button
        type="button"
        className={styles.open}
        data-index={index}
        tabIndex={isActive ? 0 : -1}
        aria-label={tell(step)}
        title={step.title}
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => onOpen(step.id)}
      >
        <span className={joinClasses(styles.state, styles[`${look.tone}Text`])}>
          <Icon name={look.icon} />
        </span>
        <span className={styles.name}>{step.title}</span>
      </button>
      {step.lateMs === null ? null : (
        <span className={styles.late} aria-hidden="true">
          +{formatDuration(step.lateMs)}
        </span>
      )}
    </li>
  );
}

/** Says in words what the bars of a step show. */
function useTell(): (step: BoardStep) => string {
  const t = useTranslations('runbook');
  return ({ title, state, offsetMs, planned, actual, rehearsedMs, lateMs, isCritical }) =>
    [
      title,
      t(`stepState.${state}`),
      offsetMs === null ? null : toOffsetText(offsetMs),
      planned === null ? null : t('timeline.tellPlanned', { at: utc(planned.beginMs) }),
      actual === null ? null : t('timeline.tellBegan', { at: utc(actual.beginMs) }),
      actual?.endMs == null ? null : t('timeline.tellTook', { length: formatDuration(actual.endMs - actual.beginMs) }),
      rehearsedMs === null ? null : t('timeline.tellRehearsed', { length: formatDuration(rehearsedMs) }),
      lateMs === null ? null : t('timeline.tellLate', { length: formatDuration(lateMs) }),
      isCritical ? t('timeline.tellCritical') : null,
    ]
      .filter((word) => word !== null)
      .join(', ');
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
